"""Going to the addresses of the catalogue on demand: few at a time, and briefly."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

from bot.catalogue.rules.links import addresses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.catalogue.model import Catalogue

_AT_ONCE: Final = 4
SECONDS_MAX: Final = 10.0
_ADDRESSES_MAX: Final = 300
_REDIRECTS_MAX: Final = 5
_SAYS_NO: Final = 400
_ONLY_FOR_BROWSERS: Final = frozenset({401, 403, 405, 429, 503})  # it answers, though not to us


def all_addresses(catalogue: Catalogue) -> dict[str, str]:
    """List every address once, with the first place at which it stands."""
    return {
        address: f"{published.office.id}/{where}"
        for published in reversed(catalogue.offices)
        for where, address in reversed(addresses(published))
    }


async def reached(asked: Mapping[str, str], seconds_max: float = SECONDS_MAX) -> list[str]:
    """Ask each address once, and say which gives no page."""
    gate = asyncio.Semaphore(_AT_ONCE)
    timeout = ClientTimeout(total=seconds_max)
    async with ClientSession(timeout=timeout, cookie_jar=DummyCookieJar()) as session:

        async def look(address: str) -> str | None:
            async with gate:
                return await _trouble(session, address)

        listed = list(asked)[:_ADDRESSES_MAX]
        troubles = await asyncio.gather(*map(look, listed))
    return [
        f"{asked[address]}: {address}: {trouble}"
        for address, trouble in zip(listed, troubles, strict=True)
        if trouble is not None
    ]


async def _trouble(session: ClientSession, address: str) -> str | None:
    try:
        async with session.get(address, max_redirects=_REDIRECTS_MAX) as answer:
            status = answer.status
    except TimeoutError:
        return "gives no answer in time"
    except (ClientError, ValueError, OSError) as error:
        return f"cannot be reached ({type(error).__name__})"
    if status < _SAYS_NO or status in _ONLY_FOR_BROWSERS:
        return None
    return f"answers {status}"
