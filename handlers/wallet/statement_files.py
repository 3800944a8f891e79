"""One's own statement as a file, which is made only when it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.kit.clock import TEHRAN
from bot.kit.jalali import jalali_months_before, tehran_day
from bot.wallet.model import StatementSpan
from handlers.adding import Application, add_buttons
from handlers.callback_data.wallet import (
    StatementFilePressed,
    StatementFilesPressed,
    StatementStretch,
)
from handlers.context import pressed
from handlers.keepers import ensure_private, keeper
from handlers.views.wallet import statement_choices as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

_FILES_AN_HOUR: Final = 10


def add(application: Application) -> None:
    """Add the buttons."""
    add_buttons(
        application, (StatementFilesPressed, offer_files), (StatementFilePressed, send_file)
    )


async def offer_files(update: Update, context: DeskContext) -> None:
    """Ask over how long, and in which form."""
    asked = StatementFilesPressed.unpack(pressed(update))
    ensure_private(update)
    published = keeper(context, asked.office_id)
    spans = {stretch: _span(stretch, context.unit.now) for stretch in StatementStretch}
    context.reply(views.choices(context.words, published, spans))


async def send_file(update: Update, context: DeskContext) -> None:
    """Send it; whoever presses gets their own, and no more than ten in an hour."""
    asked = StatementFilePressed.unpack(pressed(update))
    ensure_private(update)
    stretch, form = asked.read()
    published, unit = keeper(context, asked.office_id), context.unit
    await citizens.spend(
        unit.tx,
        citizen_id=unit.citizen.id,
        kind="statement",
        most=_FILES_AN_HOUR,
        window=timedelta(hours=1),
        now=unit.now,
    )
    span = _span(stretch, unit.now)
    context.reply(views.sent(context.words, published, span, form, citizen_id=unit.citizen.id))


def _span(stretch: StatementStretch, now: datetime) -> StatementSpan:
    """Say from which moment on: the beginning of a day in Tehran."""
    months = int(stretch.value)
    if not months:
        return StatementSpan(None, now)
    first = jalali_months_before(tehran_day(now), months)
    return StatementSpan(datetime.combine(first, datetime.min.time(), TEHRAN), now)
