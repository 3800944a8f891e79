"""What must hold of all that an office publishes, wherever it was written: files or a workbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import TypeAdapter

from bot.catalogue.model import Agreement, DeskPolicy, Faq, Office, OfficeCatalogue, Service
from bot.catalogue.rules.desk import desk_faults
from bot.kit.content import Complaint, fitted
from bot.kit.identity import PersonalData, personal_data_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.kit.content import Place

PARTS: Final[Mapping[str, TypeAdapter[Any]]] = {
    "office": TypeAdapter(Office),
    "sla": TypeAdapter(Agreement),
    "services": TypeAdapter(tuple[Service, ...]),
    "faq": TypeAdapter(tuple[Faq, ...]),
    "desk": TypeAdapter(DeskPolicy),
}
# An office's own account numbers may be printed; numbers that lead to a person may not.
_OF_PERSONS: Final = frozenset({PersonalData.NATIONAL_ID, PersonalData.MOBILE, PersonalData.CARD})
_OF_ARABIC: Final = frozenset("\N{ARABIC LETTER YEH}\N{ARABIC LETTER KAF}")
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e")
_CONTROL: Final = frozenset(map(chr, (*range(9), *range(11, 32), 127))) | _TURNING


class Flaw(NamedTuple):
    """What is wrong, in which part of the catalogue and at which place of it."""

    part: str
    place: Place
    complaint: Complaint


@dataclass
class Checked:
    """The parts of one office as far as they could be read, and what is wrong in them."""

    values: Mapping[str, Any]
    flaws: list[Flaw] = field(default_factory=list)
    models: dict[str, Any] = field(default_factory=dict)

    def flaw(self, part: str, place: Place, kind: str, wording: str, **values: object) -> None:
        """Note that something is wrong."""
        self.flaws.append(Flaw(part, place, Complaint(kind, wording, **values)))

    @property
    def published(self) -> OfficeCatalogue | None:
        """What the office publishes, if there is every part of it; its flaws say if it may."""
        if len(self.models) < len(PARTS):
            return None
        return OfficeCatalogue(*(self.models[part] for part in PARTS))


def checked(values: Mapping[str, Any], office_id: str) -> Checked:
    """Look at what an office says of itself, as plain values by part; finds every flaw."""
    found = Checked(values)
    for part, value in values.items():
        models, flaws = fitted(value, PARTS[part])
        found.flaws.extend(Flaw(part, place, complaint) for place, complaint in flaws)
        for model in models:
            found.models[part] = model
    published = found.published
    if published is not None:
        _check_office(found, published.office, office_id)
        _check_services(found, published)
        _check_faqs(found, published)
        _check_clauses(found, published)
        for place, complaint in desk_faults(published.desk):
            found.flaws.append(Flaw("desk", place, complaint))
    services = found.models.get("services", ())
    codes = frozenset(service.code for service in services if service.code is not None)
    for part, value in values.items():
        _check_text(found, part, value, codes)
    return found


def _check_office(found: Checked, office: Office, office_id: str) -> None:
    if office.id != office_id:
        wording = "must be the name of its folder, '{one}'"
        found.flaw("office", ("id",), "other_office", wording, one=office_id)
    for name in ("site", "portal"):
        _check_url(found, "office", (name,), getattr(office, name))
    _check_unique(found, "office", ("urls",), [url.id for url in office.urls])
    for number, hours in enumerate(office.hours):
        if hours.valid_to is not None and hours.valid_to < hours.valid_from:
            _before_start(found, "office", ("hours", number, "valid_to"))
        if hours.closes <= hours.opens:
            place: Place = ("hours", number, "closes")
            found.flaw("office", place, "closes_first", "is not after opens")


def _before_start(found: Checked, part: str, place: Place) -> None:
    found.flaw(part, place, "before_start", "is before valid_from")


def _check_services(found: Checked, published: OfficeCatalogue) -> None:
    services = published.services
    _check_unique(found, "services", (), [service.id for service in services])
    codes = [service.code for service in services]
    parents = {service.id: service.parent for service in services}
    for number, service in enumerate(services):
        if service.code is not None and service.code in codes[:number]:
            wording = "has one code for two services"
            found.flaw("services", (number, "code"), "code_taken", wording, one=service.code)
        above: Place = (number, "parent")
        if service.parent is not None and service.parent not in parents:
            _unknown_service(found, "services", above, service.parent)
        if _is_own_ancestor(service.id, parents):
            found.flaw("services", above, "own_ancestor", "leads back to this service")
        for stage, access in enumerate(service.access or ()):
            _check_url(found, "services", (number, "access", stage, "url"), access.url)
        for facet, ids in service.clauses.items():
            place: Place = (number, "clauses", facet.value)
            _check_clause_ids(found, published, "services", place, ids)


def _unknown_service(found: Checked, part: str, place: Place, one: str) -> None:
    found.flaw(part, place, "unknown_service", "names no service: '{one}'", one=one)


def _check_faqs(found: Checked, published: OfficeCatalogue) -> None:
    _check_unique(found, "faq", (), [faq.id for faq in published.faqs])
    services = {service.id for service in published.services}
    for number, faq in enumerate(published.faqs):
        if faq.service is not None and faq.service not in services:
            _unknown_service(found, "faq", (number, "service"), faq.service)
        if faq.learnt is not None:
            wording = "is the desk's own mark; take it out"
            found.flaw("faq", (number, "learnt"), "learnt_mark", wording)
        if not faq.clauses and faq.source is None:
            wording = "is empty; name clauses, or write a source"
            found.flaw("faq", (number, "clauses"), "without_source", wording)
        _check_clause_ids(found, published, "faq", (number, "clauses"), faq.clauses)


def _is_own_ancestor(service_id: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    above = parents.get(service_id)
    while above is not None and above not in seen:
        if above == service_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _check_clauses(found: Checked, published: OfficeCatalogue) -> None:
    agreement = published.agreement
    _check_unique(found, "sla", ("clauses",), [clause.id for clause in agreement.clauses])
    for number, clause in enumerate(agreement.clauses):
        _check_url(found, "sla", ("clauses", number, "url"), clause.url)
    begins, ends = agreement.valid_from, agreement.valid_to
    if begins is not None and ends is not None and ends < begins:
        _before_start(found, "sla", ("valid_to",))
    if agreement.term == "perpetual" and ends is not None:
        wording = "must be null: the term is perpetual"
        found.flaw("sla", ("valid_to",), "perpetual", wording)
    if agreement.term == "dated" and ends is None:
        wording = "is missing; a dated term has a last day"
        found.flaw("sla", ("valid_to",), "no_last_day", wording)


def _check_unique(found: Checked, part: str, place: Place, ids: list[str]) -> None:
    seen: set[str] = set()
    for number, one in enumerate(ids):
        if one in seen:
            wording = "is taken: '{one}' stands above"
            found.flaw(part, (*place, number, "id"), "taken", wording, one=one)
        seen.add(one)


def _check_clause_ids(
    found: Checked, published: OfficeCatalogue, part: str, place: Place, ids: tuple[str, ...]
) -> None:
    known = {clause.id for clause in published.agreement.clauses}
    for number, one in enumerate(ids):
        if one not in known:
            wording = "names no clause of sla.yaml: '{one}'"
            found.flaw(part, (*place, number), "unknown_clause", wording, one=one)


def _check_url(found: Checked, part: str, place: Place, url_id: str | None) -> None:
    office: Office = found.models["office"]
    if url_id is not None and url_id not in {url.id for url in office.urls}:
        wording = "names no address under urls in office.yaml: '{one}'"
        found.flaw(part, place, "unknown_url", wording, one=url_id)


def _check_text(found: Checked, part: str, value: object, codes: frozenset[str]) -> None:
    for place, text in _texts(value, ()):
        kinds = personal_data_in(text, known=codes) & _OF_PERSONS
        if kinds:
            wording = "holds a person's number ({one})"
            found.flaw(part, place, "personal", wording, one=", ".join(sorted(kinds)))
        if not _OF_ARABIC.isdisjoint(text):
            wording = "holds the Arabic letter ye or kaf; write the Persian one"
            found.flaw(part, place, "arabic", wording)
        if "\ufffd" in text:
            wording = "holds a broken letter (\N{REPLACEMENT CHARACTER})"
            found.flaw(part, place, "broken_letter", wording)
        if not _CONTROL.isdisjoint(text):
            wording = "holds a sign that cannot be seen; type the text anew"
            found.flaw(part, place, "unseen", wording)


def _texts(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        if not value.isascii() or not value.isprintable() or any(map(str.isdecimal, value)):
            yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "source_sha256":
                yield from _texts(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*place, number))
