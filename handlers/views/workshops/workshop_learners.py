"""Who takes part in a workshop, as staff see it in a group: by a letter, an age and a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens.rules import age_on
from bot.kit.digits import number
from bot.kit.text import isolate, strip_bidi
from bot.workshops.model import RegistrationAct
from bot.workshops.rules import states
from handlers.callback_data.workshop_credit import RemovalAsked
from handlers.callback_data.workshop_sessions import LearnersTurned, RemovalTurned
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs, shielded
from handlers.views.workshops import identifying
from handlers.views.workshops.registering_words import code_said, title_said
from handlers.views.workshops.workshop_alerts import card_button
from handlers.views.workshops.workshop_words import of_managers, registration_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bot.citizens.model import Learner, LearnerId
    from bot.kit.words import Words
    from bot.workshops.model import Registration, RegistrationId, Workshop

ON_A_PAGE: Final = 20


def masked(learner: Learner | None, on: date, words: Words) -> str:
    """Say who a learner is without saying it: the first letter of the name, and the age."""
    _ = words.gettext
    if learner is None:
        return _("a learner taken out of the list")
    letter = isolate(shielded(strip_bidi(learner.given_name).strip()[:1]))
    age = number(max(age_on(learner.born_on, on), 0), words.language)
    return _("{letter}…, {age} years").format(letter=letter, age=age)


def listed(
    words: Words,
    workshop: Workshop,
    registrations: Sequence[Registration],
    learners: Mapping[LearnerId, Learner],
    *,
    national_ids: Mapping[RegistrationId, str],
    on: date,
    waiting_count: int,
    page: int,
    is_removing: bool,
) -> Reply:
    """List who takes part, a page at a time; whoever registers them is not named either.

    A manager who takes a place away chooses it from the same list.
    """
    _ = words.gettext
    shown = registrations[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    lines = [
        f"{code_said(one.id, words)} · {masked(learners.get(one.learner_id), on, words)}"
        f" · {registration_state(one.state, words)}{_identity(one, national_ids, words)}"
        for one in shown
    ]
    head = _("👥 <b>Learners of {title}</b>: {count}; in the waiting list: {waiting}").format(
        title=title_said(workshop, words),
        count=number(len(registrations), words.language),
        waiting=number(waiting_count, words.language),
    )
    note = _("Names are shortened here, because this is a group.")
    own, removable = str(workshop.id), [one for one in shown if _is_removable(one)]
    turned = LearnersTurned
    rows: list[list[Button]] = []
    if is_removing:
        note = _("🚫 Whose place is taken away? Choose the number; the reason is asked next.")
        turned = RemovalTurned
        rows += in_pairs(
            Button(code_said(one.id, words), RemovalAsked(str(one.id))) for one in removable
        )
    elif removable:
        label = of_managers(_("🚫 Take a place away"), words)
        rows.append([Button(label, RemovalTurned(own, str(page)))])
    turns = []
    if page:
        turns.append(Button(_("◀️ Previous"), turned(own, str(page - 1))))
    if len(registrations) > (page + 1) * ON_A_PAGE:
        turns.append(Button(_("Next ▶️"), turned(own, str(page + 1))))
    body = "\n".join(lines) or _("There are none yet.")
    rows += [turns, [card_button(words, workshop)]]
    return Reply(f"{head}\n\n{body}\n\n{note}", rows, is_page=True)


def _identity(one: Registration, national_ids: Mapping[RegistrationId, str], words: Words) -> str:
    _ = words.gettext
    there = national_ids.get(one.id)
    if there is not None:
        return f" · 🪪 {identifying.masked(there, words)}"
    return " · 🪪 " + _("seen in another way") if one.is_vouched else ""


def _is_removable(one: Registration) -> bool:
    return states.REGISTRATION.can(one.state, RegistrationAct.REMOVE)
