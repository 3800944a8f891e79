"""What a citizen sees of all that they registered, and of the history of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.text import isolate
from bot.kit.tracking import shown
from bot.workshops.model import Entity, RegistrationState
from handlers.callback_data.learners import LearnersPressed, LearnerVerb
from handlers.callback_data.my_workshops import (
    MyRegistrationPressed,
    MyWorkshopsPressed,
)
from handlers.callback_data.workshops import WorkshopsPressed
from handlers.reply import Button, Reply
from handlers.views.common import code, led, money, paged, shielded, way_back
from handlers.views.wallet.wallet_words import movement_name
from handlers.views.workshops.registering_words import (
    code_said,
    label_of,
    mine_button,
    moment_said,
    registration_button,
    title_said,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.citizens.model import Learner, LearnerId
    from bot.kit.words import Words
    from bot.wallet.model import Journal
    from bot.workshops.model import (
        Event,
        Registration,
        Workshop,
        WorkshopId,
    )
    from handlers.reply import FileToMake
    from handlers.views.workshops.registering_words import Sheet

ON_A_PAGE: Final = 6
HISTORY_LINES_MAX: Final = 40
_NAME_LENGTH_MAX: Final = 12


def icon(registration: Registration) -> str:
    """A picture for where a registration stands, so that a list is read at a glance."""
    if registration.state is RegistrationState.DRAFT:
        return "✏️" if registration.waiting_entry_id is None else "🕓"
    return {
        RegistrationState.HELD: "⏰",
        RegistrationState.CONFIRMED: "✅",
        RegistrationState.COMPLETED: "🏁",
        RegistrationState.CREDITED: "💸",
        RegistrationState.MOVED: "🔀",
    }.get(registration.state, "▫️")


def list_page(
    words: Words,
    registrations: Sequence[Registration],
    workshops: Mapping[WorkshopId, Workshop],
    learners: Mapping[LearnerId, Learner],
    *,
    is_first: bool,
    is_page: bool,
) -> Reply:
    """List what somebody registered, the latest first; one more than fits leads further back."""
    _ = words.gettext
    listed = registrations[:ON_A_PAGE]
    rows = [
        [Button(_label(words, one, workshops, learners), MyRegistrationPressed(str(one.id)))]
        for one in listed
    ]
    turn = []
    if not is_first:
        turn.append(Button(_("Latest"), MyWorkshopsPressed("0")))
    if len(registrations) > ON_A_PAGE:
        turn.append(Button(_("Older"), MyWorkshopsPressed(str(listed[-1].id))))
    text = _("🎓 <b>My workshops</b>")
    if listed:
        lines = [_line(words, one, workshops, learners) for one in listed]
        text = "\n".join([text, "", *lines])
    else:
        text = f"{text}\n\n" + _("You have registered nobody yet.")
    rows += [
        turn,
        [Button(_("🔎 All workshops"), WorkshopsPressed())],
        [Button(_("👨‍👩‍👧 My learners"), LearnersPressed(LearnerVerb.LIST.value))],
        way_back(words),
    ]
    return Reply(text, rows, is_page=is_page)


def _line(
    words: Words,
    one: Registration,
    workshops: Mapping[WorkshopId, Workshop],
    learners: Mapping[LearnerId, Learner],
) -> str:
    """Say in words what the picture on the button says."""
    learner = learners.get(one.learner_id)
    name = "" if learner is None else f"{isolate(shielded(learner.given_name, units_max=60))}: "
    title = title_said(workshops[one.workshop_id], words)
    return f"• {name}{title} · {_stands(words, one)}"


def _stands(words: Words, one: Registration) -> str:
    _ = words.gettext
    return {
        "✅": _("registered"),
        "⏰": _("a place is kept"),
        "🕓": _("in the waiting list"),
        "✏️": _("begun"),
        "🏁": _("completed"),
        "💸": _("fee back"),
        "🔀": _("moved"),
        "▫️": _("ended"),
    }[icon(one)]


def _label(
    words: Words,
    one: Registration,
    workshops: Mapping[WorkshopId, Workshop],
    learners: Mapping[LearnerId, Learner],
) -> str:
    workshop, learner = workshops[one.workshop_id], learners.get(one.learner_id)
    title = label_of(workshop, words)
    if learner is None:
        return f"{icon(one)} {title}"
    # The name stands first: titles are alike for siblings, and the end is cut on a small phone.
    return f"{icon(one)} {led(isolate(learner.given_name[:_NAME_LENGTH_MAX]), words)} · {title}"


def calendar_sent(sheet: Sheet, file: FileToMake) -> Reply:
    """Send the sessions along, as they stand when the file is made."""
    words = sheet.words
    _ = words.gettext
    text = _(
        "🗓 {workshop}: open this file and your phone puts the sessions into its calendar. When a "
        "session is moved or cancelled, a new file mends it."
    ).format(workshop=title_said(sheet.workshop, words))
    return Reply(text, [[registration_button(words, sheet.first, below=True)]], file=file)


def history_page(sheet: Sheet, events: Sequence[Event], journals: Sequence[Journal]) -> Reply:
    """Tell what happened to a registration, in order, and what money moved for it."""
    words = sheet.words
    _ = words.gettext
    lines = [(event.at, _event(words, event)) for event in events]
    lines += [
        (journal.note.at, _movement(words, journal)) for journal in journals if journal.transfers
    ]
    lines.sort(key=lambda line: line[0])
    told = [f"• {moment_said(at, words)}: {what}" for at, what in lines[-HISTORY_LINES_MAX:]]
    head = _("🕘 <b>History of {code}</b>\n🎓 {workshop}").format(
        code=code_said(sheet.first.id, words), workshop=title_said(sheet.workshop, words)
    )
    body = paged(told)[-1]
    rows = [[registration_button(words, sheet.first)], [mine_button(words)], way_back(words)]
    return Reply("\n".join([head, "", *body]), rows, is_page=True)


def _movement(words: Words, journal: Journal) -> str:
    _ = words.gettext
    return _("{what}, {amount}, reference {code}").format(
        what=movement_name(journal.transfers[0].code, words),
        amount=money(journal.amount_rial, words),
        code=code(shown(journal.id)),
    )


def _event(words: Words, event: Event) -> str:
    what = _acts_named(words).get((event.entity, event.act), event.act)
    who = _actor(words, event.actor)
    said = f"{what} ({who})"
    if event.reason:
        said = f"{said}: {shielded(event.reason, units_max=300)}"
    return said


def _actor(words: Words, actor: str) -> str:
    _ = words.gettext
    if actor.startswith("staff:"):
        return _("the office")
    return {"citizen": _("you"), "clock": _("the desk, when the time came")}.get(actor, actor)


def _acts_named(words: Words) -> dict[tuple[Entity, str], str]:
    _ = words.gettext
    registration, turn = Entity.REGISTRATION, Entity.WAITING_ENTRY
    return {
        (registration, "begin"): _("registration begun"),
        (registration, "accept_terms"): _("terms accepted"),
        (registration, "hold"): _("place kept"),
        (registration, "await_bank"): _("place kept longer for a bank transfer"),
        (registration, "pay"): _("registered"),
        (registration, "correct_national_id"): _("the national ID was corrected"),
        (registration, "vouch_for"): _("the office saw who takes part, without a national ID"),
        (registration, "expire"): _("place given on, not paid for in time"),
        (registration, "abandon"): _("let go before it was paid for"),
        (registration, "drop"): _("dropped in time, the fee goes back"),
        (registration, "move"): _("moved to another workshop"),
        (registration, "withdraw"): _("given up late, without the fee"),
        (registration, "remove"): _("taken away"),
        (registration, "credit"): _("the fee given back"),
        (registration, "complete"): _("completed"),
        (turn, "join"): _("joined the waiting list"),
        (turn, "offer"): _("a place was offered"),
        (turn, "auto_accept"): _("the place was taken at once, as you asked"),
        (turn, "accept"): _("offer accepted"),
        (turn, "decline"): _("offer declined"),
        (turn, "lapse"): _("the time of the offer was over"),
        (turn, "leave"): _("left the waiting list"),
        (turn, "skip"): _("the turn came, and the age did not fit any more"),
        (turn, "close"): _("the waiting list was closed"),
    }
