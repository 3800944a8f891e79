"""All that the offices publish, together, and how it is looked up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.calendar.model import HoursPeriod, Window
from bot.catalogue.model.common import Text
from bot.catalogue.model.service import Faq, LearntMark
from bot.kit.jalali import tehran_day
from bot.kit.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.catalogue.model.agreement import Agreement, Clause
    from bot.catalogue.model.common import Facet, Lead
    from bot.catalogue.model.desk import DeskPolicy
    from bot.catalogue.model.learning import AgreementEnd, Circular, LearntAnswer
    from bot.catalogue.model.office import Office
    from bot.catalogue.model.service import Service

_LINE_UNITS_MAX = 300
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # Monday is 0.


@dataclass(frozen=True)
class Held:
    """That an office applied something in place of what its files say, and what they say."""

    change: int  # the last change, whether it can be used or not
    number: int | None  # the version that is in force; None is what the files say
    shipped: OfficeCatalogue
    shipped_digest: str = ""  # of the files beside which that version was made
    trouble: str = ""  # why the last change cannot be used, if it cannot


@dataclass(frozen=True)
class OfficeCatalogue:
    """All that one office publishes."""

    office: Office
    agreement: Agreement
    services: tuple[Service, ...]
    faqs: tuple[Faq, ...]
    desk: DeskPolicy
    end: AgreementEnd | None = None  # how the agreement ended, if staff entered it (MZ-26)
    circulars: tuple[Circular, ...] = ()  # those that staff entered, the first dispatched first
    held: Held | None = None  # None: nothing was ever applied in place of the files

    @property
    def shipped(self) -> OfficeCatalogue:
        """What the files say."""
        return self if self.held is None else self.held.shipped

    @property
    def change(self) -> int:
        """The number of the last change of what is published, 0 for none."""
        return 0 if self.held is None else self.held.change

    @property
    def hours(self) -> tuple[HoursPeriod, ...]:
        """When staff answer here, as the calendar reads it."""
        return tuple(
            HoursPeriod(
                hours.valid_from,
                hours.valid_to,
                frozenset(map(_WEEKDAYS.index, hours.weekdays)),
                tuple(Window(window.opens, window.closes) for window in hours.windows),
            )
            for hours in self.desk.hours
        )

    def circulars_of(self, service_id: str | None) -> tuple[Circular, ...]:
        """List the circulars that changed a service; each made a version of it (MZ-24)."""
        return tuple(one for one in self.circulars if service_id in one.service_ids)

    def service(self, service_id: str) -> Service | None:
        """Find a service by its id."""
        return self._services.get(service_id)

    def clause(self, clause_id: str) -> Clause | None:
        """Find a clause of the agreement by the id by which it is quoted."""
        return self._clauses.get(clause_id)

    def governing(self, service: Service, facet: Facet) -> tuple[Clause, ...]:
        """List the clauses over one side of a service; parts inherit from the whole (KN-03)."""
        above: Service | None = service
        while above is not None:
            if facet in above.clauses:
                found = (self.clause(clause_id) for clause_id in above.clauses[facet])
                return tuple(clause for clause in found if clause is not None)
            above = None if above.parent is None else self.service(above.parent)
        return ()

    def leads_of(self, entry_id: str, service_id: str | None) -> tuple[Lead, ...]:
        """Say to what an answer leads: by the clauses that it is or cites, else by its service."""
        faq = self.faq(entry_id)
        cited = (entry_id,) if faq is None else faq.clauses
        clauses = [clause for one in cited if (clause := self.clause(one)) is not None]
        leads = tuple(lead for clause in clauses for lead in clause.leads_to)
        service = None if service_id is None else self.service(service_id)
        return leads if leads or service is None else service.leads_to

    def faq(self, faq_id: str) -> Faq | None:
        """Find a usual question by its id."""
        return self._faqs.get(faq_id)

    @cached_property
    def _services(self) -> dict[str, Service]:
        return {service.id: service for service in reversed(self.services)}

    @cached_property
    def _clauses(self) -> dict[str, Clause]:
        return {clause.id: clause for clause in reversed(self.agreement.clauses)}

    @cached_property
    def _faqs(self) -> dict[str, Faq]:
        return {faq.id: faq for faq in reversed(self.faqs)}


@dataclass(frozen=True)
class Catalogue:
    """All offices of this deployment, in the order in which they are offered."""

    offices: tuple[OfficeCatalogue, ...]
    version: str

    def find(self, office_id: str) -> OfficeCatalogue | None:
        """Find what an office publishes, by an id that may be wrong."""
        return next((found for found in self.offices if found.office.id == office_id), None)

    def published_by(self, office_id: str) -> OfficeCatalogue:
        """Find what an office publishes, by an id of our own."""
        published = self.find(office_id)
        assert published is not None, office_id
        return published

    @cached_property
    def codes(self) -> frozenset[str]:
        """The service codes that the offices publish: such a number is nobody's own."""
        services = (service for published in self.offices for service in published.services)
        return frozenset(service.code for service in services if service.code is not None)

    def with_entered(
        self, ends: Iterable[AgreementEnd], circulars: Iterable[Circular]
    ) -> Catalogue:
        """Put what staff entered beside what the files say: ends of agreements, and circulars."""
        entered = {(end.office_id, end.agreement_id): end for end in ends}
        ordered = sorted(circulars, key=lambda one: (one.dispatched_at, one.id))
        return replace(
            self,
            offices=tuple(
                replace(
                    published,
                    end=entered.get((published.office.id, published.agreement.id)),
                    circulars=tuple(
                        one for one in ordered if one.office_id == published.office.id
                    ),
                )
                for published in self.offices
            ),
        )

    def with_learnt(self, answers: Iterable[LearntAnswer]) -> Catalogue:
        """Put the answers that staff wrote among the usual questions of their offices."""
        learnt = list(answers)
        return replace(
            self,
            offices=tuple(
                replace(
                    published,
                    faqs=(
                        *(faq for faq in published.faqs if faq.learnt is None),
                        *(
                            learnt_faq(one)
                            for one in learnt
                            if one.office_id == published.office.id
                        ),
                    ),
                )
                for published in self.offices
            ),
        )


def learnt_faq(learnt: LearntAnswer) -> Faq:
    """Make a usual question of an answer that staff wrote; a draft is dated by its drafting."""
    approved_on = tehran_day(learnt.decided_at or learnt.drafted_at)
    wordings = dict.fromkeys(cut(wording, _LINE_UNITS_MAX) for wording in learnt.wordings)
    return Faq(
        id=learnt.key,
        service=learnt.service_id,
        facet=learnt.facet,
        question=Text(fa=learnt.question, en=learnt.question),
        answer=Text(fa=learnt.answer, en=learnt.answer),
        questions=tuple(wordings),
        checked_on=approved_on,
        learnt=LearntMark(version=learnt.version, approved_on=approved_on),
    )
