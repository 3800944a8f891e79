"""What an office publishes as it is stored: the plain values of its parts, packed small.

What the desk decided about money is no part of it: that stays with whoever runs the desk.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING, Any, Final

import orjson

from bot.catalogue.rules.checking import checked

if TYPE_CHECKING:
    from bot.catalogue.model import OfficeCatalogue

_BYTES_MAX: Final = 8 * 1024 * 1024
REASON_UNITS_MAX: Final = 300


class StoredBroken(Exception):  # noqa: N818 - named for what it says of the version
    """A stored version cannot be used by this program; the reason is a plain line."""


def plain(published: OfficeCatalogue) -> dict[str, Any]:
    """Write what an office publishes as plain values by part, as its files have them.

    What staff wrote beside it, and what the desk decided about money, is not among it.
    """
    desk = published.desk.model_dump(mode="json")
    del desk["wallet"]
    return {
        "office": published.office.model_dump(mode="json"),
        "sla": published.agreement.model_dump(mode="json"),
        "services": [service.model_dump(mode="json") for service in published.services],
        "faq": [
            faq.model_dump(mode="json", exclude={"learnt"})
            for faq in published.faqs
            if faq.learnt is None
        ],
        "desk": desk,
    }


def packed(published: OfficeCatalogue) -> bytes:
    """Pack what an office publishes; equal catalogues are packed alike."""
    return zlib.compress(orjson.dumps(plain(published), option=orjson.OPT_SORT_KEYS), 9)


def digest_of(published: OfficeCatalogue) -> str:
    """Name what an office publishes by what it says."""
    said = orjson.dumps(plain(published), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()[:16]


def laid_over(shipped: OfficeCatalogue, content: bytes) -> OfficeCatalogue:
    """Read a stored version in the place of what the files say. Raises StoredBroken."""
    try:
        unpacking = zlib.decompressobj()
        values = orjson.loads(unpacking.decompress(content, _BYTES_MAX))
        if not isinstance(values, dict) or not isinstance(values.get("desk"), dict):
            raise StoredBroken(_NO_CATALOGUE)
        if shipped.desk.wallet is not None:
            values["desk"]["wallet"] = shipped.desk.wallet.model_dump(mode="json")
        found = checked(values, shipped.office.id)
    except (zlib.error, orjson.JSONDecodeError, KeyError) as error:
        raise StoredBroken(_NO_CATALOGUE) from error
    if found.flaws or found.published is None:
        first = f"{found.flaws[0].part}: {found.flaws[0].complaint}" if found.flaws else "a part"
        raise StoredBroken(first)
    return found.published


_NO_CATALOGUE: Final = "it holds no catalogue"
