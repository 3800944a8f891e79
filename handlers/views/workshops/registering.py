"""What a citizen sees on the way to a place: for whom, on which terms, and what is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens.rules import ADULT_YEARS
from bot.kit.digits import number
from handlers.callback_data.learners import LearnersPressed, LearnerVerb
from handlers.callback_data.registering import (
    SURELY,
    AbandonPressed,
    LearnersChosen,
    LearnersPicked,
    PlacesPressed,
    RegisterPressed,
    written,
)
from handlers.reply import Button, Reply
from handlers.views.common import way_back
from handlers.views.workshops.registering_words import (
    code_said,
    learner_label,
    learners_said,
    mine_button,
    others_button,
    registration_button,
    title_said,
    workshop_button,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from bot.citizens.model import Learner, LearnerId
    from bot.kit.words import Words
    from bot.workshops.model import Workshop
    from handlers.callback_data import Payload
    from handlers.views.workshops.registering_words import Sheet


def who(
    words: Words,
    workshop: Workshop,
    learners: Sequence[Learner],
    *,
    first_on: date,
    note: str,
) -> Reply:
    """Ask who takes part: somebody of the list, or somebody to be added to it."""
    _ = words.gettext
    own = str(workshop.id)
    rows = [
        [Button(f"👤 {learner_label(one, first_on, words)}", LearnersChosen(own, str(one.id)))]
        for one in learners
    ]
    if len(learners) > 1:
        rows.append([Button(_("👥 Several together"), LearnersPicked(own))])
    rows += adding_rows(words, learners, own, is_for_adults=_is_for_adults(workshop))
    parts = [
        note,
        _("🎓 {workshop}\n\nWho takes part?").format(workshop=title_said(workshop, words)),
        ages_line(workshop, words),
        _("Who is not yet 18 is registered by a parent or guardian."),
    ]
    rows += [[workshop_button(words, workshop)], way_back(words)]
    return Reply("\n\n".join(part for part in parts if part), rows, is_page=True)


def adding_rows(
    words: Words,
    learners: Sequence[Learner],
    workshop_id: str = "0",
    *,
    is_for_adults: bool = True,
) -> list[list[Button]]:
    """Offer to add a child, and oneself unless one is there already or could not take part."""
    _ = words.gettext
    child = LearnersPressed(LearnerVerb.ADD.value, "0", workshop_id)
    rows = [[Button(_("➕ My child"), child)]]  # noqa: RUF001 - a plus sign for the eye
    if is_for_adults and not any(one.is_self for one in learners):
        myself = LearnersPressed(LearnerVerb.ADD_SELF.value, "0", workshop_id)
        rows.append([Button(_("🙋 Myself"), myself)])
    return rows


def _is_for_adults(workshop: Workshop) -> bool:
    """True where somebody who registers themselves is not too old."""
    most = workshop.details.age_max
    return most is None or most >= ADULT_YEARS


def ages_line(workshop: Workshop, words: Words) -> str:
    """Say for which ages a workshop is, if it is not for all."""
    _ = words.gettext
    least, most = workshop.details.age_min, workshop.details.age_max
    if least is not None and most is not None:
        return _("Ages: {least} to {most} years, on the first day").format(
            least=number(least, words.language), most=number(most, words.language)
        )
    if least is not None:
        return _("Ages: from {least} years on, on the first day").format(
            least=number(least, words.language)
        )
    if most is not None:
        return _("Ages: up to {most} years, on the first day").format(
            most=number(most, words.language)
        )
    return ""


def several(
    words: Words,
    workshop: Workshop,
    learners: Sequence[Learner],
    picked: Collection[LearnerId],
    *,
    first_on: date,
    most: int,
) -> Reply:
    """Let several learners be picked, who get places together or wait together."""
    _ = words.gettext
    own = str(workshop.id)
    rows = []
    for one in learners:
        after = [id_ for id_ in picked if id_ != one.id]
        if one.id not in picked:
            after.append(one.id)
        mark = "☑️" if one.id in picked else "⬜️"
        label = f"{mark} {learner_label(one, first_on, words)}"
        rows.append([Button(label, LearnersPicked(own, written(after)))])
    if picked:
        label = _("Go on with {count} ▶️").format(count=number(len(picked), words.language))
        rows.append([Button(label, LearnersChosen(own, written(picked)))])
    text = _(
        "🎓 {workshop}\n\nWho takes part together? At most {most}. They all get a place, or wait "
        "together; nobody is parted."
    ).format(workshop=title_said(workshop, words), most=number(most, words.language))
    rows += [[Button(_("↩️ One learner"), RegisterPressed(own))], way_back(words)]
    return Reply(text, rows, is_page=True)


def unfit(words: Words, workshop: Workshop, why: str) -> Reply:
    """Say kindly that a learner is too young or too old, with what can be done instead."""
    _ = words.gettext
    rows = [
        [Button(_("👤 Another learner"), RegisterPressed(str(workshop.id)))],
        [others_button(words, workshop.office_id)],
        way_back(words),
    ]
    return Reply(why, rows, is_page=True)


def too_many(words: Words, most: int) -> str:
    """Say over the chat how many can be picked."""
    _ = words.gettext
    return _("At most {most} together.").format(most=number(most, words.language))


def clash(sheet: Sheet, why: str, payload: Payload) -> Reply:
    """Warn that a learner is elsewhere at one of the times; it is theirs to decide."""
    _ = sheet.words.gettext
    rows = [
        [Button(_("Register all the same"), payload)],
        [Button(_("✖️ Do not register"), AbandonPressed(written(sheet.ids), SURELY))],
        [mine_button(sheet.words)],
        way_back(sheet.words),
    ]
    return Reply(f"⚠️ {why}", rows, is_page=True)


def free_after_all(sheet: Sheet, why: str) -> Reply:
    """Offer a place to somebody who was about to wait for one."""
    _ = sheet.words.gettext
    rows = [
        [Button(_("✅ Take the place"), PlacesPressed(written(sheet.ids)))],
        [mine_button(sheet.words)],
        way_back(sheet.words),
    ]
    return Reply(why, rows, is_page=True)


def abandon_asked(sheet: Sheet) -> Reply:
    """Ask once before a place is let go that was kept."""
    words = sheet.words
    _ = words.gettext
    text = _(
        "Shall I let go of {workshop} for {learners}? Nothing was paid; the place goes to "
        "somebody else."
    ).format(workshop=title_said(sheet.workshop, words), learners=learners_said(sheet))
    rows = [
        [Button(_("Yes, let it go"), AbandonPressed(written(sheet.ids), SURELY))],
        [registration_button(words, sheet.first)],
        way_back(words),
    ]
    return Reply(text, rows, is_page=True)


def abandoned(sheet: Sheet) -> Reply:
    """Say that what was begun is over, and that nothing was paid."""
    words = sheet.words
    _ = words.gettext
    text = _("{workshop}: not registered. Nothing was paid. ({codes})").format(
        workshop=title_said(sheet.workshop, words),
        codes=_(", ").join(code_said(one, words) for one in sheet.ids),
    )
    rows = [
        [workshop_button(words, sheet.workshop), others_button(words, sheet.workshop.office_id)],
        way_back(words),
    ]
    return Reply(text, rows, is_page=True)
