"""What people would ask and a card does not say, the most asked first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.catalogue.model import Facet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.catalogue.model import OfficeCatalogue, Service

# In the order in which people usually ask: what it costs, what to bring, how long it takes.
ASKED: Final[Mapping[str, Facet]] = {
    "fees": Facet.COST,
    "amount_rial": Facet.COST,
    "documents": Facet.DOCUMENTS,
    "usual_duration": Facet.TIME,
    "process": Facet.PROCESS,
    "access": Facet.ACCESS,
    "in_person_visits": Facet.TIME,
    "audience": Facet.DESCRIPTION,
    "laws": Facet.LAWS,
    "code": Facet.DESCRIPTION,
}
ASKED_OF_OFFICE: Final = ("hours", "phones", "address", "site")


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of what is asked a card says, and which fields it leaves unsaid."""

    id: str  # of a service; empty for the office itself
    title: Mapping[str, str]
    asked_count: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        """How much is said, of a hundred; only all of it is a hundred."""
        return 100 * (self.asked_count - len(self.missing)) // self.asked_count


def meters(
    published: OfficeCatalogue, today: date, asked: Mapping[Facet, int] | None = None
) -> list[Meter]:
    """Measure the office and each of its services, those that say least first.

    `asked` counts what was asked in vain by side: such fields are named first.
    """
    counts = asked or {}
    of_services = [_of_service(service, counts) for service in published.services]
    return [_of_office(published, today), *sorted(of_services, key=lambda one: one.percent)]


def percent_of(found: list[Meter]) -> int:
    """Measure all of them together."""
    count = sum(one.asked_count for one in found)
    missing = sum(len(one.missing) for one in found)
    return 100 * (count - missing) // count


def _of_service(service: Service, counts: Mapping[Facet, int]) -> Meter:
    names = [name for name in ASKED if name != "amount_rial" or service.fees]
    missing = [name for name in names if _is_missing(service, name)]
    missing.sort(key=lambda name: -counts.get(ASKED[name], 0))  # else they stay in their order
    title = {"fa": service.title.fa, "en": service.title.en}
    return Meter(service.id, title, len(names), tuple(missing))


def _is_missing(service: Service, name: str) -> bool:
    if name == "amount_rial":
        return any(fee.amount_rial is None for fee in service.fees or ())
    if name == "usual_duration":
        return service.usual_duration is None and service.longest_duration is None
    return getattr(service, name) is None


def _of_office(published: OfficeCatalogue, today: date) -> Meter:
    office = published.office
    has_hours = any(
        hours.valid_from <= today and (hours.valid_to is None or today <= hours.valid_to)
        for hours in office.hours
    )
    said = {
        "hours": has_hours,
        "phones": office.phones is not None,
        "address": office.address is not None,
        "site": office.site is not None,
    }
    missing = tuple(name for name in ASKED_OF_OFFICE if not said[name])
    name = {"fa": office.short_name.fa, "en": office.short_name.en}
    return Meter("", name, len(ASKED_OF_OFFICE), missing)
