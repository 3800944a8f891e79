"""Staff note that they saw in another way who takes part, where somebody has no national ID."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler

from bot.cases.model import CaseId
from bot.kit.digits import latin_digits
from bot.kit.text import strip_bidi
from bot.workshops import use_cases as workshops
from bot.workshops.errors.identifying import NobodyToVouchFor
from bot.workshops.model import RegistrationId
from handlers.adding import NEW_IN_GROUP, Application
from handlers.staff.access import OFFICERS, acting_here, staff_action
from handlers.staff.cases import at_hand
from handlers.staff.workshops import workshop_telling as telling
from handlers.staff.workshops.workshop_at_hand import take_up_registration
from handlers.views.cases.case_draft import cleaned
from handlers.views.workshops import vouching as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

_NUMBER: Final = re.compile(r"[^\W\d_]-?([0-9]{1,9})")  # its letter differs by language


def add(application: Application) -> None:
    """Add the command."""
    application.add_handler(CommandHandler("vouch", vouch, filters=NEW_IN_GROUP))


@staff_action(*OFFICERS)
async def vouch(update: Update, context: DeskContext) -> None:
    """Vouch for a learner who is named, or for the only one of the case that is replied to."""
    await acting_here(update, context, OFFICERS)
    words = [cleaned(word) for word in context.args or ()]
    subject = context.unit.subject or ""
    named = _named(words[0]) if words else None
    reason = " ".join(words if named is None else words[1:])
    if not reason or (named is None and not subject.startswith("case:")):
        context.reply(views.explained(context.words))
    elif named is not None:
        await _vouch_for(update, context, named, reason)
    else:
        await _of_case(update, context, CaseId(int(subject.removeprefix("case:"))), reason)


async def _of_case(update: Update, context: DeskContext, case_id: CaseId, reason: str) -> None:
    """Find what the author of a case could not end. Raises NoSuchCase, NobodyToVouchFor."""
    case = (await at_hand.take_up(update, context, case_id)).case
    if case.author_id is None:
        raise NobodyToVouchFor
    policy = context.policy_of(case.office_id)
    waiting = await workshops.to_vouch_for(
        context.unit.tx, payer_id=case.author_id, office_id=case.office_id, policy=policy
    )
    if not waiting:
        raise NobodyToVouchFor
    if len(waiting) > 1:
        context.reply(views.which(context.words, waiting))
        return
    await _vouch_for(update, context, waiting[0].id, reason)


async def _vouch_for(
    update: Update, context: DeskContext, registration_id: RegistrationId, reason: str
) -> None:
    workshop, one, staff = await take_up_registration(update, context, registration_id, OFFICERS)
    unit = context.unit
    vouched = await workshops.vouch_for(
        unit.tx,
        registration_id=one.id,
        actor=staff,
        reason=reason,
        policy=context.policy_of(workshop.office_id),
        now=unit.now,
    )
    await telling.tell(context, workshop, [vouched], views.notice, once=f"vouched:{one.id}")
    context.reply(views.done(context.words, workshop, vouched), about=f"workshop:{workshop.id}")


def _named(word: str) -> RegistrationId | None:
    """Read the number of a registration as people see it."""
    found = _NUMBER.fullmatch(latin_digits(strip_bidi(word)))
    return None if found is None else RegistrationId(int(found.group(1)))
