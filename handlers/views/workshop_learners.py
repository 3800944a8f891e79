"""Who takes part in a workshop, as staff see it in a group: by a letter, an age and a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens.rules import age_on
from bot.kit.digits import number
from bot.kit.text import strip_bidi
from handlers.callback_data.workshop_sessions import LearnersTurned
from handlers.reply import Button, Reply
from handlers.views.case_words import shielded
from handlers.views.registering_words import code_said, title_said
from handlers.views.workshop_alerts import card_button
from handlers.views.workshop_words import registration_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bot.citizens.model import Learner, LearnerId
    from bot.kit.words import Words
    from bot.workshops.model import Registration, Workshop

ON_A_PAGE: Final = 20


def masked(learner: Learner | None, on: date, words: Words) -> str:
    """Say who a learner is without saying it: the first letter of the name, and the age."""
    _ = words.gettext
    if learner is None:
        return _("a learner taken out of the list")
    letter = shielded(strip_bidi(learner.given_name).strip()[:1])
    age = number(max(age_on(learner.born_on, on), 0), words.language)
    return _("{letter}…, {age} years").format(letter=letter, age=age)


def listed(
    words: Words,
    workshop: Workshop,
    registrations: Sequence[Registration],
    learners: Mapping[LearnerId, Learner],
    *,
    on: date,
    waiting_count: int,
    page: int,
) -> Reply:
    """List who takes part, a page at a time; whoever registers them is not named either."""
    _ = words.gettext
    shown = registrations[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    lines = [
        f"{code_said(one.id, words)} · {masked(learners.get(one.learner_id), on, words)}"
        f" · {registration_state(one.state, words)}"
        for one in shown
    ]
    head = _("👥 <b>Learners of {title}</b>: {count}; in the waiting list: {waiting}").format(
        title=title_said(workshop, words),
        count=number(len(registrations), words.language),
        waiting=number(waiting_count, words.language),
    )
    note = _("Names are shortened here, because this is a group.")
    turns = []
    if page:
        turns.append(_turn(workshop, page - 1, _("◀️ Previous")))
    if len(registrations) > (page + 1) * ON_A_PAGE:
        turns.append(_turn(workshop, page + 1, _("Next ▶️")))
    body = "\n".join(lines) or _("There are none yet.")
    return Reply(
        f"{head}\n\n{body}\n\n{note}", [turns, [card_button(words, workshop)]], is_page=True
    )


def _turn(workshop: Workshop, page: int, label: str) -> Button:
    return Button(label, LearnersTurned(str(workshop.id), str(page)))
