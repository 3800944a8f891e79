"""What is wrong with the addresses of an office, as far as it can be told without going there."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from bot.catalogue.rules.storing import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.catalogue.model import Catalogue, OfficeCatalogue

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'()\[\]{}\u060c\u061b\u00ab\u00bb]+")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_MESSENGERS: Final = frozenset({"t.me", "telegram.me", "ble.ir"})
_SERVICE: Final = re.compile(r"svc_([a-z0-9-]+)_([a-z0-9-]+)")


class LinkFault(NamedTuple):
    """Something about an address: of which office, where it stands, and a plain line."""

    office_id: str
    where: str
    complaint: str


def addresses(published: OfficeCatalogue) -> list[tuple[str, str]]:
    """List where an address stands, and the address: of the registry first, then of the texts."""
    found = [(f"urls/{url.id}", url.address) for url in published.office.urls]
    parts = plain(published)
    parts["office"] = {**parts["office"], "urls": []}
    for part, value in parts.items():
        found += list(_within(value, part))
    return found


def link_faults(catalogue: Catalogue) -> list[LinkFault]:
    """Look at every address of every office: its form, doubles, and what it leads to here."""
    return [
        LinkFault(published.office.id, where, complaint)
        for published in catalogue.offices
        for where, complaint in _faults(published, catalogue)
    ]


def _faults(published: OfficeCatalogue, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for where, address in addresses(published):
        for complaint in _of_address(address, catalogue):
            yield where, f"{address}: {complaint}"
    yield from _of_registry(published)


def _of_address(address: str, catalogue: Catalogue) -> Iterator[str]:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        yield "is no address"
        return
    if not _HOST.fullmatch(host):
        yield "has no name of a site that can be reached from everywhere"
    if parts.username is not None or port is not None:
        yield "holds a user or a port, which people should not be led to"
    if host in _MESSENGERS:
        for payload in parse_qs(parts.query).get("start", []):
            yield from _of_payload(payload, catalogue)


def _of_payload(payload: str, catalogue: Catalogue) -> Iterator[str]:
    """Look whether what a deep link opens is there."""
    found = _SERVICE.fullmatch(payload)
    if found is None:
        return
    published = catalogue.find(found[1])
    if published is None:
        yield f"opens an office that is not here: {found[1]}"
    elif published.service(found[2]) is None:
        yield f"opens a service that is not here: {found[2]}"


def _of_registry(published: OfficeCatalogue) -> Iterator[tuple[str, str]]:
    office = published.office
    counted = Counter(_same(url.address) for url in office.urls)
    used = {office.site, office.portal}
    used |= {clause.url for clause in published.agreement.clauses}
    used |= {way.url for service in published.services for way in service.access or ()}
    for url in office.urls:
        flags = {flag.code for flag in url.flags}
        if counted[_same(url.address)] > 1:
            yield f"urls/{url.id}", f"{url.address}: stands there more than once"
        if url.id not in used:
            yield f"urls/{url.id}", "is referred to by nothing; take it out, or refer to it"
        if url.address.startswith("http://") and "PLAIN_HTTP" not in flags:
            yield f"urls/{url.id}", f"{url.address}: is not https; ask for it, or flag PLAIN_HTTP"
        if url.kind == "shortlink" and url.is_trusted:
            yield f"urls/{url.id}", f"{url.address}: a short link hides where it leads"


def _same(address: str) -> str:
    return address.casefold().split("://", 1)[-1].removeprefix("www.").rstrip("/")


def _within(value: Any, where: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - plain values
    if isinstance(value, str):
        for found in _ADDRESS.findall(value):
            yield where, found.rstrip(".,:!?")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _within(inner, f"{where}/{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            name = inner.get("id", number + 1) if isinstance(inner, dict) else number + 1
            yield from _within(inner, f"{where}/{name}")
