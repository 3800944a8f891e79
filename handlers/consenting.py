"""Consent to what is kept, asked once at the last look at what a person is about to send.

Nothing is asked before a question, and whoever stays anonymous agrees to nothing. That the text
was shown stands in the flow, so that a button of before it came agrees to nothing either.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.citizens.model import Consent
from handlers.reply import TEXT_UNITS_MAX, Reply, utf16_units
from handlers.views.rights.consent import VERSION, consent_text, digest_of

if TYPE_CHECKING:
    from handlers.context import DeskContext

_SHOWN: Final = "consent"


async def with_consent(context: DeskContext, page: Reply) -> Reply:
    """Add to a last look what its button agrees to, unless the person agreed before."""
    if await has_agreed(context):
        return page
    dialogue = context.unit.dialogue
    assert dialogue is not None
    await context.advance(dialogue.step, **{_SHOWN: VERSION})
    text = _text(context)
    if utf16_units(page.text) + utf16_units(text) < TEXT_UNITS_MAX:
        return replace(page, text=f"{page.text}\n\n{text}")
    context.reply(Reply(text))  # a long letter leaves no room for it
    return page


async def keep_consent(context: DeskContext) -> bool:
    """Keep that the person agrees by what they pressed; False where nothing was shown yet.

    To be called before the flow ends.
    """
    if await has_agreed(context):
        return True
    unit = context.unit
    if unit.dialogue is None or unit.dialogue.draft.get(_SHOWN) != VERSION:
        return False
    digest = digest_of(_text(context))
    given = Consent(unit.citizen.id, VERSION, unit.language, digest, unit.now)
    await citizens.agree(unit.tx, given=given)
    return True


async def has_agreed(context: DeskContext) -> bool:
    """True where the person agreed to the text as it is by now."""
    unit = context.unit
    given = await citizens.consents_of(unit.tx, citizen_id=unit.citizen.id)
    return any(one.version == VERSION for one in given)


def _text(context: DeskContext) -> str:
    return consent_text(context.words, context.unit.desk.catalogue.offices)
