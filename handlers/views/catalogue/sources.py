"""Where an answer comes from: clause, document, validity, and when it was last checked."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_day, jalali_moment
from bot.kit.text import cut, isolate, ltr
from handlers.views.common import said
from handlers.views.office.agreement_ends import ended_banner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.cases.model import Case
    from bot.catalogue.model import LearntMark, OfficeCatalogue, Service
    from bot.kit.words import Words


_SUMMARY_UNITS_MAX = 400  # the page it stands on is full without it


def clause_source(words: Words, published: OfficeCatalogue, clause_ids: Sequence[str]) -> str:
    """Name the clauses an answer rests on, their document, its validity and its last check."""
    _ = words.gettext
    agreement = published.agreement
    day = jalali_day(agreement.checked_on, words.language)
    title = said(agreement.short_title, words)
    if not clause_ids:
        return _("📌 Source: {document}; checked {day}.").format(document=title, day=day)
    ids = _(", ").join(ltr(clause_id) for clause_id in clause_ids)
    source = _("📌 Source: clause {ids}, {document} ({validity}); checked {day}.")
    if len(clause_ids) > 1:
        source = _("📌 Source: clauses {ids}, {document} ({validity}); checked {day}.")
    return source.format(ids=ids, document=title, validity=validity(words, published), day=day)


def card_source(words: Words, service: Service) -> str:
    """Name the identity card an answer rests on, where it was filled from, and its last check."""
    _ = words.gettext
    return _("📌 Source: the service's card ({source}); checked {day}.").format(
        source=said(service.source, words),
        day=jalali_day(service.checked_on, words.language),
    )


def office_source(words: Words, published: OfficeCatalogue) -> str:
    """Name the office's own page of the catalogue, and its last check."""
    _ = words.gettext
    return _("📌 Source: what this desk holds about {office}; checked {day}.").format(
        office=said(published.office.short_name, words),
        day=jalali_day(published.office.checked_on, words.language),
    )


def learnt_source(words: Words, published: OfficeCatalogue, learnt: LearntMark) -> str:
    """Say that staff wrote an answer, which version it is, and when it was approved."""
    _ = words.gettext
    return _("📌 Source: an answer of {office}, approved on {day}, version {version}.").format(
        office=said(published.office.short_name, words),
        day=jalali_day(learnt.approved_on, words.language),
        version=number(learnt.version, words.language),
    )


def expired_banner(words: Words, published: OfficeCatalogue, today: date) -> list[str]:
    """Warn, on all that rests on it, that an agreement has ended without a successor (AMB-01)."""
    _ = words.gettext
    if published.end is not None:
        return ended_banner(words, published, published.end, today)
    agreement = published.agreement
    if agreement.valid_to is None or agreement.is_valid_on(today):
        return []
    notice = _(
        "⚠️ This document ended on {day}, and its successor is not registered here; "
        "please check with {office}."
    )
    return [
        notice.format(
            day=jalali_day(agreement.valid_to, words.language),
            office=said(published.office.short_name, words),
        )
    ]


def service_notes(words: Words, published: OfficeCatalogue, service: Service) -> list[str]:
    """Say what stands over a card: that it is a sample or unconfirmed, or that it was changed."""
    return [*_doubts(words, published, service), *_change(words, published, service.id)]


def _change(words: Words, published: OfficeCatalogue, service_id: str) -> list[str]:
    """Tell the last circular that changed a service, and from when it holds (MZ-24)."""
    _ = words.gettext
    circulars = published.circulars_of(service_id)
    if not circulars:
        return []
    last = circulars[-1]
    return [
        _("📜 Changed by circular {number}, in force since {moment}:\n{summary}").format(
            number=isolate(escape(last.number, quote=False)),
            moment=jalali_moment(last.dispatched_at, words.language),
            summary=escape(cut(last.summary, _SUMMARY_UNITS_MAX), quote=False),
        )
    ]


def terms_of_case(words: Words, published: OfficeCatalogue, case: Case) -> list[str]:
    """Say that a case keeps the terms of its day where a circular came since (MZ-25)."""
    _ = words.gettext
    later = [
        circular
        for circular in published.circulars_of(case.service_id)
        if circular.published_at > case.registered_at
    ]
    if not later:
        return []
    return [
        _("📜 The terms of its day hold for it; circular {number} came later.").format(
            number=isolate(escape(later[-1].number, quote=False))
        )
    ]


def _doubts(words: Words, published: OfficeCatalogue, service: Service) -> list[str]:
    _ = words.gettext
    if service.is_sample:
        return [_("🧪 Sample: this service and its amounts are made up for trying the desk.")]
    if any(flag.code == "UNCONFIRMED" for flag in service.flags):
        return [
            _("🔎 From public sources; {office} has not confirmed it yet.").format(
                office=said(published.office.short_name, words)
            )
        ]
    return []


def validity(words: Words, published: OfficeCatalogue) -> str:
    """Say from when to when the agreement of an office holds."""
    _ = words.gettext
    agreement = published.agreement
    last_day = agreement.valid_to if published.end is None else published.end.ended_on
    if last_day is not None:
        return _("valid until {day}").format(day=jalali_day(last_day, words.language))
    if agreement.term == "perpetual":
        return _("valid until it is replaced")
    return _("validity not stated")
