"""Reading data/catalogue/: all that offices publish, checked before the desk starts.

Every fault is one plain line with file, line and field, so that an editor can mend it without
reading the program. What is only incomplete is no fault: `notes` lists it for `catalogue check`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from bot.catalogue.model import (
    Agreement,
    Catalogue,
    DeskPolicy,
    Faq,
    Office,
    OfficeCatalogue,
    Service,
)
from bot.catalogue.rules import desk_faults
from bot.kit.content import Content, ContentFaulty, read, validated
from bot.kit.errors import StartRefused
from bot.kit.identity import PersonalData, personal_data_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.kit.content import Place

_FILES: dict[str, TypeAdapter[Any]] = {
    "office": TypeAdapter(Office),
    "sla": TypeAdapter(Agreement),
    "services": TypeAdapter(tuple[Service, ...]),
    "faq": TypeAdapter(tuple[Faq, ...]),
    "desk": TypeAdapter(DeskPolicy),
}
# An office's own account numbers may be printed; numbers that lead to a person may not.
_OF_ARABIC = frozenset("\N{ARABIC LETTER YEH}\N{ARABIC LETTER KAF}")
_OF_PERSONS = frozenset({PersonalData.NATIONAL_ID, PersonalData.MOBILE, PersonalData.CARD})


class _Part:
    """The files of one office, and what was found wrong in them."""

    def __init__(self, directory: Path) -> None:
        self.faults: list[str] = []
        self.contents: dict[str, Content] = {}
        self.models: dict[str, Any] = {}
        for name, adapter in _FILES.items():
            try:
                content = read(directory / f"{name}.yaml")
                self.contents[name] = content
                self.models[name] = validated(content, adapter)
            except ContentFaulty as error:
                self.faults.extend(error.faults)

    def fault(self, name: str, place: Place, complaint: str) -> None:
        self.faults.append(self.contents[name].fault(place, complaint))

    @property
    def published(self) -> OfficeCatalogue:
        return OfficeCatalogue(
            self.models["office"],
            self.models["sla"],
            self.models["services"],
            self.models["faq"],
            self.models["desk"],
        )


def load_catalogue(directory: Path) -> Catalogue:
    """Read every office's folder; raises StartRefused with one line for each fault."""
    folders = sorted(path for path in directory.glob("*/") if not path.name.startswith("."))
    if not folders:
        raise StartRefused([f"{directory}: there is no office here; add a folder for each"])
    parts = [_Part(folder) for folder in folders]
    for folder, part in zip(folders, parts, strict=True):
        if len(part.models) == len(_FILES):
            _check_office(part, folder.name)
            _check_services(part)
            _check_faqs(part)
            _check_clauses(part)
            for place, complaint in desk_faults(part.published.desk):
                part.fault("desk", place, complaint)
        for name, content in part.contents.items():
            _check_text(part, name, content.value, _published_codes(part))
    _check_clauses_shared(parts)
    faults = [fault for part in parts for fault in part.faults]
    if faults:
        raise StartRefused(faults)
    return Catalogue(tuple(part.published for part in parts), _version(folders))


def _version(folders: list[Path]) -> str:
    """Name this edition of the catalogue by what its files say."""
    digest = hashlib.sha256()
    for folder in folders:
        for name in _FILES:
            digest.update(f"{folder.name}/{name}\0".encode())
            digest.update((folder / f"{name}.yaml").read_bytes())
    return digest.hexdigest()[:16]


def _check_office(part: _Part, folder_name: str) -> None:
    office = part.published.office
    if office.id != folder_name:
        part.fault("office", ("id",), f"must be the name of its folder, '{folder_name}'")
    for field in ("site", "portal"):
        _check_url(part, "office", (field,), getattr(office, field))
    _check_unique(part, "office", "urls", [url.id for url in office.urls])
    for number, hours in enumerate(office.hours):
        if hours.valid_to is not None and hours.valid_to < hours.valid_from:
            part.fault("office", ("hours", number, "valid_to"), "is before valid_from")
        if hours.closes <= hours.opens:
            part.fault("office", ("hours", number, "closes"), "is not after opens")


def _check_services(part: _Part) -> None:
    services = part.published.services
    ids = [service.id for service in services]
    _check_unique(part, "services", None, ids)
    codes = [service.code for service in services if service.code is not None]
    if len(set(codes)) < len(codes):
        part.fault("services", (), "has one code for two services")
    parents = {service.id: service.parent for service in services}
    for number, service in enumerate(services):
        if service.parent is not None and service.parent not in parents:
            part.fault("services", (number, "parent"), f"names no service: '{service.parent}'")
        if _is_own_ancestor(service.id, parents):
            part.fault("services", (number, "parent"), "leads back to this service")
        for stage, access in enumerate(service.access or ()):
            _check_url(part, "services", (number, "access", stage, "url"), access.url)
        for facet, clause_ids in service.clauses.items():
            _check_clause_ids(part, "services", (number, "clauses", facet.value), clause_ids)


def _check_faqs(part: _Part) -> None:
    _check_unique(part, "faq", None, [faq.id for faq in part.published.faqs])
    services = {service.id for service in part.published.services}
    for number, faq in enumerate(part.published.faqs):
        if faq.service is not None and faq.service not in services:
            part.fault("faq", (number, "service"), f"names no service: '{faq.service}'")
        if faq.learnt is not None:
            part.fault("faq", (number, "learnt"), "is the desk's own mark; take it out")
        if not faq.clauses and faq.source is None:
            part.fault("faq", (number, "clauses"), "is empty; name clauses, or write a source")
        _check_clause_ids(part, "faq", (number, "clauses"), faq.clauses)


def _is_own_ancestor(service_id: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    above = parents.get(service_id)
    while above is not None and above not in seen:
        if above == service_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _check_clauses(part: _Part) -> None:
    agreement = part.published.agreement
    _check_unique(part, "sla", "clauses", [clause.id for clause in agreement.clauses])
    for number, clause in enumerate(agreement.clauses):
        _check_url(part, "sla", ("clauses", number, "url"), clause.url)
    begins, ends = agreement.valid_from, agreement.valid_to
    if begins is not None and ends is not None and ends < begins:
        part.fault("sla", ("valid_to",), "is before valid_from")
    if agreement.term == "perpetual" and ends is not None:
        part.fault("sla", ("valid_to",), "must be null: the term is perpetual")
    if agreement.term == "dated" and ends is None:
        part.fault("sla", ("valid_to",), "is missing; a dated term has a last day")


def _check_unique(part: _Part, name: str, field: str | None, ids: list[str]) -> None:
    seen: set[str] = set()
    for number, one in enumerate(ids):
        if one in seen:
            place = (number, "id") if field is None else (field, number, "id")
            part.fault(name, place, f"is taken: '{one}' stands above")
        seen.add(one)


def _check_clause_ids(part: _Part, name: str, place: Place, ids: tuple[str, ...]) -> None:
    known = {clause.id for clause in part.published.agreement.clauses}
    for number, clause_id in enumerate(ids):
        if clause_id not in known:
            part.fault(name, (*place, number), f"names no clause of sla.yaml: '{clause_id}'")


def _check_url(part: _Part, name: str, place: Place, url_id: str | None) -> None:
    if url_id is not None and url_id not in {url.id for url in part.published.office.urls}:
        part.fault(name, place, f"names no address under urls in office.yaml: '{url_id}'")


def _published_codes(part: _Part) -> frozenset[str]:
    services = part.models.get("services", ())
    return frozenset(service.code for service in services if service.code is not None)


def _check_text(part: _Part, name: str, value: object, codes: frozenset[str]) -> None:
    for place, text in _texts(value, ()):
        kinds = personal_data_in(text, known=codes) & _OF_PERSONS
        if kinds:
            part.fault(name, place, f"holds a person's number ({', '.join(sorted(kinds))})")
        if not _OF_ARABIC.isdisjoint(text):
            part.fault(name, place, "holds the Arabic letter ye or kaf; write the Persian one")
        if "\ufffd" in text:
            part.fault(name, place, "holds a broken letter (\N{REPLACEMENT CHARACTER})")


def _texts(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        if not value.isascii() or any(map(str.isdecimal, value)):
            yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "source_sha256":
                yield from _texts(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*place, number))


def _check_clauses_shared(parts: list[_Part]) -> None:
    """A clause is quoted by its id alone, so two offices cannot share one."""
    owner: dict[str, str] = {}
    for part in parts:
        agreement: Agreement | None = part.models.get("sla")
        for number, clause in enumerate(agreement.clauses if agreement is not None else ()):
            file = part.contents["sla"].name
            if owner.setdefault(clause.id, file) != file:
                complaint = f"is taken: '{clause.id}' stands in {owner[clause.id]}"
                part.fault("sla", ("clauses", number, "id"), complaint)


def notes(catalogue: Catalogue) -> list[str]:
    """List what is flagged or not stated, for editors to settle with the office."""
    found: list[str] = []
    for published in catalogue.offices:
        found.extend(_flags(published))
        if published.desk.is_sample:
            found.append(f"{published.office.id}/desk: its hours and targets are a sample")
        for service in published.services:
            found.extend(
                f"{published.office.id}/{service.id}: {field} is not stated"
                for field in _MANDATORY
                if getattr(service, field) is None
            )
            found.extend(
                f"{published.office.id}/{service.id}: form.{field} is not stated"
                for field in _MANDATORY_IN_FORM
                if getattr(service.form, field) is None
            )
            if not service.clauses and service.parent is None:
                found.append(f"{published.office.id}/{service.id}: rests on no clause")
    return found


_MANDATORY_IN_FORM = ("nature", "levels", "events", "start", "frequency", "contact")
_MANDATORY = (
    "code",
    "audience",
    "process",
    "documents",
    "fees",
    "usual_duration",
    "in_person_visits",
    "laws",
    "access",
)


def _flags(published: OfficeCatalogue) -> Iterator[str]:
    flagged = (
        *((url.id, url.flags) for url in published.office.urls),
        (published.agreement.id, published.agreement.flags),
        *((clause.id, clause.flags) for clause in published.agreement.clauses),
        *((service.id, service.flags) for service in published.services),
    )
    for name, flags in flagged:
        for flag in flags:
            yield f"{published.office.id}/{name}: {flag.code}: {flag.note.en}"
