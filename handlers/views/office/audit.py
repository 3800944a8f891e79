"""Who did what, when: the record of what staff did, as a manager reads it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from bot.cases.model import Action, Ending
from bot.citizens.model import Role
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.kit.text import cut, isolate
from handlers.callback_data.members import AuditOfPressed, AuditPressed
from handlers.reply import Button, Reply, utf16_units
from handlers.views.common import code, said
from handlers.views.desk.desk_words import action_name as case_action_name
from handlers.views.desk.desk_words import ending_name
from handlers.views.office.audit_states import between_in_words
from handlers.views.office.audit_workshops import workshop_actions
from handlers.views.refusals.staff import role_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import AuditEntry, Link
    from bot.kit.words import Words
    from handlers.callback_data import Payload

ENTRIES_ON_A_PAGE = 10
_UNITS_MAX = 3600
_NAME_UNITS_MAX = 40
_NOTE_UNITS_MAX = 120


@dataclass(frozen=True)
class AuditPage:
    """What is shown of the audit: one entry more than fits says that there is more."""

    entries: Sequence[AuditEntry]
    codes: Mapping[str, str]  # of cases, by subject
    about: str  # what was asked about, as a button says it; empty for everything
    end: Link  # of the chain


def audit_page(
    words: Words, published: OfficeCatalogue, page: AuditPage, *, is_page: bool
) -> Reply:
    """Show what was done, the newest first, and where the chain of all entries ends."""
    _ = words.gettext
    office = said(published.office.short_name, words)
    text = _("<b>What the staff of {office} did</b>").format(office=office)
    if page.about:
        text += " · " + code(page.about)
    if not page.entries:
        return Reply(text + "\n\n" + _("Nothing is recorded here."), is_page=is_page)
    shown = 0
    for entry in page.entries[:ENTRIES_ON_A_PAGE]:
        line = _line(words, entry, page.codes.get(entry.subject))
        if shown and utf16_units(text) + utf16_units(line) > _UNITS_MAX:
            break
        text += "\n\n" + line
        shown += 1
    text += "\n\n" + _("🔗 Entry {number} of the chain: {digest}").format(
        number=number(page.end.number, words.language), digest=code(page.end.digest[:6].hex())
    )
    turns = []
    if is_page:
        turns.append(Button(_("Latest"), _turn(published, page, 0)))
    if shown < len(page.entries):
        turns.append(Button(_("Earlier"), _turn(published, page, page.entries[shown - 1].id)))
    return Reply(text, [turns] if turns else [], is_page=is_page)


def _turn(published: OfficeCatalogue, page: AuditPage, before_id: int) -> Payload:
    office_id = published.office.id
    if page.about:
        return AuditOfPressed(office_id, str(before_id), page.about)
    return AuditPressed(office_id, str(before_id))


def _line(words: Words, entry: AuditEntry, subject: str | None) -> str:
    _ = words.gettext
    said_so = _("{when}\n{who} ({role}): {what}").format(
        when=jalali_moment(entry.at, words.language, with_weekday=False),
        who=_shielded(entry.actor_name, _NAME_UNITS_MAX),
        role=role_name(entry.role, words),
        what=action_name(entry.action, words),
    )
    about = subject_name(entry.subject, words) if subject is None else code(subject)
    if about:
        said_so += f" {about}"
    if entry.before != entry.after:
        said_so += "\n" + between_in_words(entry, words)
    note = note_in_words(entry.action, entry.note or "", words)
    if note:
        said_so += "\n«" + _shielded(note, _NOTE_UNITS_MAX) + "»"
    return said_so


def note_in_words(action: str, note: str, words: Words) -> str:
    """Say the outcome of a case in words; every other note is what somebody wrote."""
    if action != Action.ENDED:
        return note
    outcome, separator, reason = note.partition(":")
    ending = next((one for one in Ending if one.value == outcome), None)
    return note if ending is None else f"{ending_name(ending, words)}{separator}{reason}"


def _shielded(text: str, units_max: int) -> str:
    return isolate(escape(cut(" ".join(text.split()), units_max), quote=False))


def subject_name(subject: str, words: Words) -> str:
    """Name what an action was about; numbers that say nothing to people are left out."""
    kind, _separator, rest = subject.partition(":")
    role = next((role for role in Role if role.value in rest.split(":")), None)
    if kind in {"role", "staff"}:
        return "" if role is None else f"({role_name(role, words)})"
    if kind == "person":
        return code(rest)
    return code(f"w{rest}") if kind == "workshop" else ""


def action_name(action: str, words: Words) -> str:
    """Name an action in words; one that has none yet is shown as it is written."""
    _ = words.gettext
    names = {
        "invite": _("made an invitation"),
        "withdraw_invitations": _("withdrew open invitations"),
        "join": _("joined by invitation"),
        "dismiss": _("ended the role of a colleague"),
        "ban": _("banned a person for a while"),
        "unban": _("lifted a ban"),
        "confirm_hours": _("found the office hours right"),
        "bind_desk": _("made a group the admin chat"),
        "propose_circular": _("wrote down a circular"),
        "circular": _("entered a circular"),
        "agreement_end": _("ended an agreement"),
        "draft_answer": _("drafted an answer for all"),
        "approve_answer": _("approved an answer for all"),
        "reject_answer": _("rejected an answer for all"),
        "retire_answer": _("withdrew an answer for all"),
        "dismiss_questions": _("put unanswered questions aside"),
        "closure.decided": _("decided a closure"),
        "closure.withdrawn": _("withdrew a closure"),
        "holiday.moved": _("moved a holiday"),
        "holiday.confirmed": _("took the day of a holiday for certain"),
        "report": _("took a report as a file"),
        "catalogue.applied": _("applied a catalogue"),
        "catalogue.discarded": _("discarded a catalogue"),
        "catalogue.workshops": _("entered the workshops of a workbook"),
    }
    names |= _of_money(words) | workshop_actions(words)
    if action in names:
        return names[action]
    happened = next((kind for kind in Action if kind.value == action), None)
    return code(action) if happened is None else case_action_name(happened, words)


def _of_money(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        "topup.verified": _("verified a top-up"),
        "topup.rejected": _("rejected a top-up"),
        "topup.reversed": _("took a top-up back"),
        "credit.proposed": _("proposed service credit"),
        "credit.approved": _("approved service credit"),
        "credit.rejected": _("rejected service credit"),
        "bank.imported": _("laid a file of the bank beside what is recorded"),
        "bank.sent_back": _("entered that unclaimed money was sent back"),
        "payout.review": _("began to look at a payout"),
        "payout.approved": _("approved a payout"),
        "payout.seconding": _("approved a payout that needs a second approval"),
        "payout.seconded": _("approved a payout as the second person"),
        "payout.rejected": _("rejected a payout"),
        "payout.recalled": _("recalled an approved payout"),
        "payout.corrected": _("corrected the bank reference of a payout"),
        "payout.sent": _("sent a payout to the bank"),
        "payout.batch": _("made a file of payouts for the bank"),
        "payout.file": _("asked for a file for the bank again"),
        "payout.paid": _("marked a payout as paid"),
        "payout.returned": _("marked a payout as returned by the bank"),
        "payout.returned_late": _("marked a paid payout as returned by the bank"),
    }
