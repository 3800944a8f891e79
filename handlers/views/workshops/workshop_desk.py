"""Workshops in the admin chat: the list, the card with what is lacking, and the proposed dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.workshops.model import RegistrationState, SessionState, WorkshopState
from handlers.callback_data.workshop_desk import (
    DeskAct,
    DeskWorkshopPressed,
    DeskWorkshopsPressed,
    NewWorkshopPressed,
    PlanAccepted,
    SheetAsked,
)
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs, money, said, shielded
from handlers.views.refusals.workshop_desk import lack_said
from handlers.views.workshops.workshop_acts import act_button, acts_of
from handlers.views.workshops.workshop_words import closed_day, deadline_said, workshop_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.workshops.errors import Lack
    from bot.workshops.model import Plan, Proposal, Session, Workshop

WORKSHOPS_ON_A_PAGE: Final = 8
_TITLE_UNITS_MAX: Final = 120
_TEXT_UNITS_MAX: Final = 400
_DATES_MAX: Final = 30


def listed(
    words: Words, offices: Sequence[tuple[OfficeCatalogue, Sequence[Workshop]]], *, is_page: bool
) -> Reply:
    """List the workshops of each office of the chat, with a way to make another."""
    _ = words.gettext
    parts: list[str] = []
    rows: list[list[Button]] = []
    for published, found in offices:
        shown = found[:WORKSHOPS_ON_A_PAGE]
        office = said(published.office.short_name, words)
        lines = [_line(words, one) for one in shown] or [_("There is none yet.")]
        parts.append(
            "\n".join([_("🎨 <b>Workshops of {office}</b>").format(office=office), *lines])
        )
        rows += in_pairs(
            Button(number(one.id, words.language), DeskWorkshopPressed(str(one.id)))
            for one in shown
        )
        if len(found) > WORKSHOPS_ON_A_PAGE:
            more = DeskWorkshopsPressed(published.office.id, str(shown[-1].id))
            rows.append([Button(_("Next ▶️"), more)])
        named = f": {office}" if len(offices) > 1 else ""
        making = [
            Button(_("🆕 A new workshop") + named, NewWorkshopPressed(published.office.id)),
            Button(_("📥 From a sheet") + named, SheetAsked(published.office.id)),
        ]
        rows += [[one] for one in making] if named else [making]
    return Reply("\n\n".join(parts), rows, is_page=is_page)


def _line(words: Words, workshop: Workshop) -> str:
    title = shielded(workshop.details.title, units_max=_TITLE_UNITS_MAX)
    state = workshop_state(workshop.state, words)
    line = f"{number(workshop.id, words.language)}. {_sample(words, workshop)}<b>{title}</b>"
    return f"{line} · {state}"


def _sample(words: Words, workshop: Workshop) -> str:
    _ = words.gettext
    return _("(sample) ") if workshop.is_sample else ""


def card(
    words: Words,
    workshop: Workshop,
    sessions: Sequence[Session],
    counts: Mapping[RegistrationState, int],
    lacks: Sequence[Lack],
    *,
    head: str,
    is_page: bool,
) -> Reply:
    """Show where a workshop stands, what it still needs, and what can be done now."""
    _ = words.gettext
    parts = [
        head,
        _line(words, workshop),
        "\n".join(_facts(words, workshop)),
        _sessions(words, sessions),
        _people(words, workshop, counts),
    ]
    if workshop.state is WorkshopState.DRAFT and lacks:
        lacking = "\n".join(f"• {lack_said(lack, words)}" for lack in lacks)
        parts.append(_("⬜️ <b>Still needed before it can be published</b>\n") + lacking)
    return Reply(
        "\n\n".join(filter(None, parts)), _buttons(words, workshop, lacks), is_page=is_page
    )


def _facts(words: Words, workshop: Workshop) -> list[str]:
    _ = words.gettext
    details, none = workshop.details, _("not stated")
    fee = details.fee_rial

    def text(value: str | None) -> str:
        return shielded(value, units_max=_TEXT_UNITS_MAX) if value else none

    def moment(at: datetime | None) -> str:
        return none if at is None else jalali_moment(at, words.language)

    def until(at: datetime | None) -> str:
        return none if at is None else deadline_said(at, words)

    def count(value: int | None) -> str:
        return none if value is None else number(value, words.language)

    ages = _(" to ").join(
        count(age) for age in (details.age_min, details.age_max) if age is not None
    )
    lines = [
        (_("Description"), text(details.description)),
        (_("Subject"), text(details.subject)),
        (_("Instructor"), text(details.instructor)),
        (_("Province"), text(details.province)),
        (_("Ages"), ages or _("any")),
        (_("Fee"), none if fee is None else money(fee, words) if fee else _("Free")),
        (_("Places"), count(details.places)),
        (_("Quorum"), count(details.quorum)),
        (_("Registration from"), moment(details.opens_at)),
        (_("Registration until"), until(details.closes_at)),
        (_("Drop or move until"), until(workshop.drop_until)),
        (_("Where"), text(details.online_link or details.venue)),
        (_("Terms"), _terms(words, workshop) or none),
    ]
    return [f"{name}: {value}" for name, value in lines]


def _terms(words: Words, workshop: Workshop) -> str:
    _ = words.gettext
    version = number(workshop.terms_version, words.language)
    return _("version {version}").format(version=version) if workshop.terms_version else ""


def _sessions(words: Words, sessions: Sequence[Session]) -> str:
    _ = words.gettext
    held = [one for one in sessions if one.state is not SessionState.CANCELLED_BY_OFFICE]
    if not sessions:
        return _("🗓 No session is planned yet.")
    if not held:
        count = number(len(sessions), words.language)
        return _("🗓 {count} sessions, all of them cancelled").format(count=count)
    first, last = held[0].slot, held[-1].slot
    return _("🗓 {count} sessions, from {first} to {last}").format(
        count=number(len(held), words.language),
        first=jalali_moment(first.starts_at, words.language),
        last=jalali_moment(last.starts_at, words.language),
    )


def _people(words: Words, workshop: Workshop, counts: Mapping[RegistrationState, int]) -> str:
    _ = words.gettext
    if workshop.state is WorkshopState.DRAFT:
        return ""
    return _("👥 Registered: {confirmed}, held unpaid: {held}, free places: {free}").format(
        confirmed=number(counts.get(RegistrationState.CONFIRMED, 0), words.language),
        held=number(counts.get(RegistrationState.HELD, 0), words.language),
        free=number(max(0, workshop.free_count), words.language),
    )


def _buttons(words: Words, workshop: Workshop, lacks: Sequence[Lack]) -> list[list[Button]]:
    _ = words.gettext
    acts = [act for act in acts_of(workshop.state) if act is not DeskAct.PUBLISH or not lacks]
    rows = in_pairs(act_button(words, workshop, act) for act in acts)
    rows.append([Button(_("📋 All workshops"), DeskWorkshopsPressed(workshop.office_id))])
    return rows


def plan_prompt(words: Words, workshop: Workshop, lines: str) -> Reply:
    """Ask for the plan of the sessions, with an example to be copied."""
    _ = words.gettext
    text = _(
        "🗓 <b>{title}</b>: reply to this message with these four lines, changed. I propose dates "
        "that leave out official holidays and closed days; no session is lost."
    ).format(title=shielded(workshop.details.title, units_max=_TITLE_UNITS_MAX))
    return Reply(f"{text}\n\n<pre>{lines}</pre>")


def proposed(
    words: Words, workshop: Workshop, plan: Plan, proposal: Proposal, mark: str, *, is_page: bool
) -> Reply:
    """Show the proposed dates, and each day that was left out with the reason."""
    _ = words.gettext
    dates = [
        f"{number(place, words.language)}. {jalali_moment(slot.starts_at, words.language)}"
        for place, slot in enumerate(proposal.slots[:_DATES_MAX], start=1)
    ]
    if len(proposal.slots) > _DATES_MAX:
        last = jalali_moment(proposal.slots[-1].starts_at, words.language)
        dates.append(f"… {number(len(proposal.slots), words.language)}. {last}")
    head = _("🗓 <b>Proposed dates for “{title}”</b>").format(
        title=shielded(workshop.details.title, units_max=_TITLE_UNITS_MAX)
    )
    parts = [head, "\n".join(dates)]
    if proposal.skipped:
        skipped = "\n".join(f"• {closed_day(one, words)}" for one in proposal.skipped[:_DATES_MAX])
        parts.append(_("<b>Left out</b>\n") + skipped)
    rows = [
        [Button(_("✅ Take these dates"), PlanAccepted.of(workshop.id, plan, mark))],
        [Button(_("🔙 The workshop"), DeskWorkshopPressed(str(workshop.id)))],
    ]
    return Reply("\n\n".join(parts), rows, is_page=is_page)


def asked(words: Words, workshop: Workshop, act: DeskAct, *, counts: int) -> Reply:
    """Ask whether somebody is sure, and say what it leads to."""
    _ = words.gettext
    people = number(counts, words.language)
    text = {
        DeskAct.PUBLISH: _(
            "📣 Publish “{title}”? Everybody can see it then; what people choose it for (fee, "
            "places, dates, deadline) does not change any more."
        ),
        DeskAct.DELETE: _("🗑 Delete the draft “{title}”? Nobody has seen it."),
        DeskAct.RUN_ANYWAY: _(
            "✅ Hold “{title}” although the quorum was not reached? {people} people take part."
        ),
        DeskAct.FAIL: _(
            "↩️ “{title}” does not take place, and the fees of {people} people go back to their "
            "wallets at once (KN-16). Are you sure?"
        ),
    }[act].format(
        title=shielded(workshop.details.title, units_max=_TITLE_UNITS_MAX), people=people
    )
    rows = [
        [Button(_("Yes, do it"), DeskWorkshopPressed(str(workshop.id), act.value, "y"))],
        [Button(_("No, go back"), DeskWorkshopPressed(str(workshop.id)))],
    ]
    return Reply(text, rows, is_page=True)


def prompt(words: Words, workshop: Workshop, act: DeskAct) -> Reply:
    """Ask for words in a message that is replied to."""
    _ = words.gettext
    text = {
        DeskAct.TERMS: _(
            "📜 <b>{title}</b>: reply to this message with the whole terms. They become a new "
            "version, which whoever has no place yet accepts anew."
        ),
        DeskAct.PAUSE: _(
            "⏸ <b>{title}</b>: reply to this message and say why registration pauses. The "
            "reason stays with the office."
        ),
        DeskAct.EXTEND: _(
            "⏳ <b>{title}</b>: reply to this message with the new end of registration, such as "
            "1405/09/30 18:00. It is extended once, and everybody is told."
        ),
        DeskAct.CANCEL: _(
            "⛔️ <b>{title}</b>: reply to this message and say why the whole workshop is "
            "cancelled. Every session that was not held is then owed as a make-up class "
            "(KN-18), and each learner's family is told with your reason."
        ),
    }[act]
    return Reply(text.format(title=shielded(workshop.details.title, units_max=_TITLE_UNITS_MAX)))
