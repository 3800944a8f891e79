"""Where things stood before and after what staff did, in words; what has none is as it is kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING, Final

from bot.calendar.model import HolidayState
from bot.cases.model import CaseState
from bot.catalogue.model import LearntState
from bot.citizens.model import Role
from bot.kit.digits import number
from bot.kit.jalali import jalali_day, jalali_moment
from bot.kit.text import isolate
from bot.wallet.model import BankFileState, LineState, PayoutState, ProposalState, TopUpState
from bot.workshops.model import Entity, Presence
from handlers.views.common import code
from handlers.views.desk import desk_words
from handlers.views.refusals.staff import role_name
from handlers.views.wallet import payout_words, top_up_words
from handlers.views.workshops.session_words import presence_name
from handlers.views.workshops.workshop_words import state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.citizens.model import AuditEntry
    from bot.kit.words import Words

_NOTHING = "—"


def between_in_words(entry: AuditEntry, words: Words) -> str:
    """Say what was before, and what is since."""
    _ = words.gettext
    return _("{before} → {after}").format(
        before=_shown(entry, entry.before, words), after=_shown(entry, entry.after, words)
    )


def _shown(entry: AuditEntry, state: str | None, words: Words) -> str:
    if state is None:
        return _NOTHING
    with suppress(ValueError):
        return isolate(escape(_of_kind(entry, state, words), quote=False))
    for read in (_days, _moment, _count):
        with suppress(ValueError):
            return isolate(read(state, words))
    return code(state)


def _of_kind(entry: AuditEntry, state: str, words: Words) -> str:
    """Name a state of what the action was about. Raises ValueError for what is no such state."""
    about, what = entry.subject.partition(":")[0], entry.action.partition(".")[0]
    if entry.action == "session.note_attendance":
        return presence_name(Presence(state), words)
    if about == "workshop":
        return state_of(Entity(what), state, words)
    for kind, name in _NAMES:
        if what == kind or (about == kind and what != "credit"):
            return name(state, words)
    raise ValueError(state)


def _of_proposals(state: ProposalState, words: Words) -> str:
    _ = words.gettext
    return {
        ProposalState.PROPOSED: _("proposed"),
        ProposalState.APPROVED: _("approved"),
        ProposalState.REJECTED: _("rejected"),
    }[state]


def _of_answers(state: LearntState, words: Words) -> str:
    _ = words.gettext
    return {
        LearntState.DRAFT: _("a draft"),
        LearntState.APPROVED: _("answered with"),
        LearntState.REJECTED: _("sent back to its author"),
        LearntState.RETIRED: _("answered with no longer"),
    }[state]


def _of_holidays(state: HolidayState, words: Words) -> str:
    _ = words.gettext
    return {
        HolidayState.CONFIRMED: _("certain"),
        HolidayState.ESTIMATED: _("estimated"),
        HolidayState.MOVED: _("moved"),
        HolidayState.CANCELLED: _("no holiday"),
    }[state]


def _of_files(state: BankFileState, words: Words) -> str:
    _ = words.gettext
    return {
        BankFileState.RECEIVED: _("received"),
        BankFileState.IMPORTED: _("taken in"),
        BankFileState.REFUSED: _("refused"),
        BankFileState.LOST: _("lost on the way"),
    }[state]


def _of_lines(state: LineState, words: Words) -> str:
    _ = words.gettext
    return {
        LineState.MATCHED: _("matched"),
        LineState.SETTLED: _("settled"),
        LineState.SUSPENSE: _("unclaimed"),
        LineState.CLAIMED: _("claimed"),
        LineState.SENT_BACK: _("sent back"),
    }[state]


def _days(state: str, words: Words) -> str:
    days = [jalali_day(date.fromisoformat(one), words.language) for one in state.split("/")]
    return " … ".join(days)


def _moment(state: str, words: Words) -> str:
    return jalali_moment(datetime.fromisoformat(state), words.language, with_weekday=False)


def _count(state: str, words: Words) -> str:
    return number(int(state), words.language)


_NAMES: Final[tuple[tuple[str, Callable[[str, Words], str]], ...]] = (
    ("credit", lambda state, words: _of_proposals(ProposalState(state), words)),
    ("case", lambda state, words: desk_words.state_name(CaseState(state), words)),
    ("payout", lambda state, words: payout_words.state_name(PayoutState(state), words)),
    ("topup", lambda state, words: top_up_words.name_of(TopUpState(state), words)),
    ("holiday", lambda state, words: _of_holidays(HolidayState(state), words)),
    ("learnt", lambda state, words: _of_answers(LearntState(state), words)),
    ("bankfile", lambda state, words: _of_files(BankFileState(state), words)),
    ("bankline", lambda state, words: _of_lines(LineState(state), words)),
    ("role", lambda state, words: role_name(Role(state), words)),
    ("staff", lambda state, words: role_name(Role(state), words)),
)
