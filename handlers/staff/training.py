"""Training in the trial messenger: made-up cases to answer, to move and to end, and then to wipe.

It is there on the simulator only: in a real office made-up cases would stand in its figures.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter
from telegram.ext import CommandHandler

from bot.cases import use_cases as cases
from bot.cases.model import CaseKind, Policy
from bot.cases.use_cases.parting import forget_samples
from bot.citizens.model import CitizenId
from bot.kit.content import read, validated
from handlers.adding import NEW_IN_GROUP, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.training import TrainingEnds
from handlers.context import pressed
from handlers.staff.access import OFFICERS, acting, acting_here, staff_action
from handlers.views.desk.desk import Headline, told
from handlers.views.office import training as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

_FILE: Final = Path(__file__).resolve().parents[2] / "data" / "samples" / "training.yaml"
_NOBODY_FROM: Final = 9_100_000_000  # no messenger has given these numbers to anybody
_CODES_MAX: Final = 4


@dataclass(frozen=True)
class Lesson:
    """A made-up case, and what to try with it."""

    kind: CaseKind
    text: str
    hint: str


@dataclass(frozen=True)
class Lessons:
    """The whole file."""

    office: str
    cases: tuple[Lesson, ...]


_LESSONS: Final = TypeAdapter(Lessons)


def add(application: Application) -> None:
    """Add the command and its button."""
    application.add_handler(CommandHandler("training", begin, filters=NEW_IN_GROUP))
    add_buttons(application, (TrainingEnds, end))


@staff_action(*OFFICERS)
async def begin(update: Update, context: DeskContext) -> None:
    """Answer /training: register the made-up cases, and say what to try."""
    offices = await acting_here(update, context, OFFICERS)
    if not context.unit.desk.is_trial:
        context.reply(views.only_in_trial(context.words))
        return
    lessons = validated(read(_FILE), _LESSONS)
    if lessons.office not in offices:
        raise StaleButton
    codes = [await _registered(context, lessons.office, lesson) for lesson in lessons.cases]
    hints = [lesson.hint for lesson in lessons.cases]
    context.reply(views.begun(context.words, list(zip(codes, hints, strict=True))))


async def _registered(context: DeskContext, office_id: str, lesson: Lesson) -> str:
    unit = context.unit
    published = unit.desk.catalogue.published_by(office_id)
    case = await cases.register(
        unit.tx,
        key=f"training:{secrets.token_hex(8)}",
        office_id=office_id,
        service_id=None,
        service_version=1,
        kind=lesson.kind,
        text=lesson.text,
        author_id=CitizenId(_NOBODY_FROM + secrets.randbelow(_NOBODY_FROM)),
        is_anonymous=True,  # so that nobody is told anything of it
        language=unit.desk.default_language,
        policy=Policy.of(published.desk.target(lesson.kind)),
        calendar=await context.calendar(office_id),
        now=unit.now,
    )
    dossier = await cases.dossier(unit.tx, case_id=case.id)
    words = unit.desk.words_of(unit.desk.default_language)
    card = told(words, published, dossier, unit.now, headline=Headline.REGISTERED, names={})
    await context.tell_desk(case, card)
    return case.tracking_code


@staff_action(*OFFICERS)
async def end(update: Update, context: DeskContext) -> None:
    """Answer the button: wipe the made-up cases. Raises StaleButton outside of the trial."""
    asked = TrainingEnds.unpack(pressed(update))
    unit = context.unit
    codes = asked.codes.split("-")
    if not unit.desk.is_trial or len(codes) > _CODES_MAX:
        raise StaleButton
    await acting(update, context, validated(read(_FILE), _LESSONS).office, OFFICERS)
    gone = await forget_samples(unit.tx, codes=codes, now=unit.now)
    context.reply(views.ended(context.words, len(gone)))
