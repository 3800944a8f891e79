"""What people are told unasked about their places in workshops, and in the lines before them.

Everything is told to whoever registers, in private: there alone a learner has a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.kit.jalali import jalali_day, tehran_day
from bot.workshops.model import WaitingState
from bot.workshops.rules.registering import fits_age
from handlers.callback_data.registering import OfferAccepted, OfferDeclined
from handlers.reply import CAPTION_UNITS_MAX, Button, Reply, utf16_units
from handlers.views.common import quoted, tell_button, way_back
from handlers.views.workshops.calendar_file import calendar_to_make
from handlers.views.workshops.registering_words import (
    code_said,
    deadline_line,
    fee_said,
    learner_said,
    mine_button,
    moment_said,
    others_button,
    registration_button,
    title_said,
    workshop_button,
)
from handlers.views.workshops.workshop_facts import ages_said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.workshops.model import Party, Registration, Session, WaitingEntry, Workshop

SESSIONS_SHOWN: Final = 12


@dataclass(frozen=True)
class Told:
    """Who is told of a workshop, with all of theirs that it is about."""

    words: Words
    published: OfficeCatalogue
    workshop: Workshop
    party: Party
    sessions: Sequence[Session]

    @property
    def registrations(self) -> tuple[Registration, ...]:
        """All of theirs."""
        return self.party.registrations

    @property
    def fee_rial(self) -> int:
        """What all of theirs cost."""
        return sum(one.fee_rial for one in self.registrations)

    @property
    def first_on(self) -> date:
        """The day on which ages are counted."""
        starts = [one.slot.starts_at for one in self.sessions]
        return tehran_day(min(starts, default=self.workshop.closes_at))


def promoted(told: Told, entry: WaitingEntry, operation: str) -> Reply:
    """Say what a freed place became for somebody in the line."""
    if entry.state is WaitingState.OFFERED:
        return offered(told, entry, operation)
    if entry.state is WaitingState.CLOSED:
        return passed_over(told)
    return taken(told)


def offered(told: Told, entry: WaitingEntry, operation: str) -> Reply:
    """Offer a freed place to the next in line, and say until when it is kept."""
    words = told.words
    _ = words.gettext
    assert entry.expires_at is not None
    parts = [
        _("🎉 A place is free for you."),
        head(told),
        _(
            "It is kept for you until <b>{moment}</b> (the office's own decision, counted in its "
            "open hours); then it goes to the next in line."
        ).format(moment=moment_said(entry.expires_at, words)),
        _("💰 To be paid: {fee}").format(fee=fee_said(told.workshop, told.fee_rial, words)),
        deadline_line(told.workshop, words),
    ]
    take = _("✅ Take it") if not told.fee_rial else _("✅ Take it, and pay from my wallet")
    rows = [
        [Button(take, OfferAccepted(str(entry.id), operation))],
        [Button(_("✖️ No, thank you"), OfferDeclined(str(entry.id)))],
        [opened(told)],
        way_back(words),
    ]
    return Reply("\n\n".join(parts), rows)


def taken(told: Told) -> Reply:
    """Say that a freed place was taken at once, as was wished."""
    words = told.words
    _ = words.gettext
    parts = [
        _("🎉 A place became free, and it is yours, as you wished."),
        head(told),
        _("💰 Paid from your wallet: {fee}").format(
            fee=fee_said(told.workshop, told.fee_rial, words)
        ),
        deadline_line(told.workshop, words),
    ]
    return Reply("\n\n".join(parts), [[opened(told)], [mine_button(words, below=True)]])


def passed_over(told: Told) -> Reply:
    """Say why a place that became free goes to the next in line, and what can be done."""
    words, details = told.words, told.workshop.details
    _ = words.gettext
    known = [told.party.learners.get(one.learner_id) for one in told.registrations]
    unfit = [one for one in known if one and not fits_age(details, one.born_on, told.first_on)]
    parts = [
        _("🕓 A place became free, and your turn had come."),
        head(told),
        _(
            "On the first day of the workshop, {day}, its ages do not fit any more: {learners}. "
            "{ages}. So the place has gone to the next in line; your turn has ended, and nothing "
            "was paid."
        ).format(
            day=jalali_day(told.first_on, words.language),
            learners=_(", ").join(learner_said(one, told.first_on, words) for one in unfit),
            ages=_("👧 Ages: {ages}").format(ages=ages_said(told.workshop, words)),
        ),
        _(
            "What you can do: choose another workshop for this age, register again without the "
            "learner who does not fit, or write to the office if you think this is a mistake."
        ),
    ]
    rows = [*_elsewhere(told), [tell_button(words, told.workshop.office_id)]]
    return Reply("\n\n".join(parts), rows)


def offer_lapsed(told: Told) -> Reply:
    """Say that an offer was not taken in time."""
    words = told.words
    _ = words.gettext
    text = _(
        "The time for the offered place is over, and it has gone to the next in line. Nothing was "
        "paid. You can join the line again, at its end, while registration is open."
    )
    return Reply(f"⌛️ {head(told)}\n\n{text}", _elsewhere(told))


def hold_expired(told: Told) -> Reply:
    """Say that a place was not paid for in time."""
    words = told.words
    _ = words.gettext
    text = _(
        "The place was kept for you until {moment} and was not paid for, so it is free again. "
        "Nothing was taken from your wallet; if you have sent money, it is in your wallet as soon "
        "as it arrives."
    ).format(moment=_until(told))
    return Reply(f"⌛️ {head(told)}\n\n{text}", _elsewhere(told))


def line_closed(told: Told) -> Reply:
    """Say that registration is over, and with it the line."""
    words = told.words
    _ = words.gettext
    text = _(
        "Registration is over, and no place became free for you this time. You are no longer in "
        "the waiting list, and nothing was paid."
    )
    return Reply(f"🕰 {head(told)}\n\n{text}", _elsewhere(told))


def cutoff_near(told: Told) -> Reply:
    """Remind of the last moment to drop or move a place (KN-27)."""
    words = told.words
    _ = words.gettext
    text = _(
        "⏰ The last moment to drop or move this registration with the fee coming back is near. "
        "After it the fee does not come back. If all is as you want it, there is nothing to do."
    )
    if not told.fee_rial:
        text = _(
            "⏰ The last moment to drop or move this registration is near. If all is as you want "
            "it, there is nothing to do."
        )
    parts = [text, head(told), deadline_line(told.workshop, words)]
    return Reply("\n\n".join(parts), [[opened(told)], [mine_button(words, below=True)]])


def head(told: Told) -> str:
    """Name the workshop, the learners, and the numbers of the registrations."""
    words = told.words
    _ = words.gettext
    learners = _(", ").join(
        learner_said(told.party.learners.get(one.learner_id), told.first_on, words)
        for one in told.registrations
    )
    codes = _(", ").join(code_said(one.id, words) for one in told.registrations)
    return f"🎓 {title_said(told.workshop, words)}\n👤 {learners}\n🎫 {codes}"


def announced(told: Told, office: str, text: str) -> Reply:
    """Pass on what the office announces to all who take part."""
    _ = told.words.gettext
    parts = [
        _("📢 {office} announces to all who take part:").format(office=office),
        quoted(text),
        head(told),
    ]
    return Reply("\n\n".join(parts), [[opened(told)], [mine_button(told.words, below=True)]])


def opened(told: Told) -> Button:
    """Lead to the registration, below the message, which is worth keeping."""
    _ = told.words.gettext
    label = _("🎫 My registration")
    return registration_button(told.words, told.registrations[0], label, below=True)


def with_calendar(told: Told, parts: Sequence[str], rows: Sequence[Sequence[Button]]) -> Reply:
    """Send what changed together with the calendar file that follows it, if both fit."""
    text = "\n\n".join(parts)
    if utf16_units(text) > CAPTION_UNITS_MAX:
        return Reply(text, rows)
    made = calendar_to_make(told.words, told.workshop, told.registrations[0].id)
    return Reply(text, rows, file=made)


def _elsewhere(told: Told) -> list[list[Button]]:
    words = told.words
    return [
        [workshop_button(words, told.workshop), others_button(words, told.workshop.office_id)],
        [mine_button(words, below=True)],
    ]


def _until(told: Told) -> str:
    until: list[datetime] = [
        one.expires_at for one in told.registrations if one.expires_at is not None
    ]
    return moment_said(min(until), told.words)
