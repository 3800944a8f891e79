"""What a person sees of those whom they register, and the steps by which one is described."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from bot.citizens.rules import ADULT_YEARS, age_on
from bot.kit.digits import number
from bot.kit.jalali import jalali_day
from bot.kit.text import isolate
from handlers.callback_data.learners import (
    LearnerDialoguePressed,
    LearnerPress,
    LearnersPressed,
    LearnerVerb,
)
from handlers.reply import Button, Reply
from handlers.views.common import led, shielded, way_back
from handlers.views.workshops.registering import adding_rows
from handlers.views.workshops.registering_words import (
    label_of,
    learner_label,
    mine_button,
    registration_button,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.citizens.model import Dialogue, Learner
    from bot.kit.words import Words
    from bot.workshops.model import Registration, Workshop, WorkshopId

FLOW: Final = "learner"
_NAME_UNITS_MAX: Final = 80
_NAMED_MAX: Final = 5


class Step(StrEnum):
    """What is waited for, in the order of asking."""

    NAME = "name"
    BIRTH = "birth"
    REVIEW = "review"


@dataclass(frozen=True)
class Draft:
    """A learner before they are kept. The name is sealed until then."""

    is_self: bool
    workshop_id: int = 0  # on the way to which it happens, if any
    name: str | None = None
    born_on: date | None = None

    @classmethod
    def of(cls, dialogue: Dialogue) -> Draft:
        """Read what the dialogue keeps."""
        kept: dict[str, Any] = dialogue.draft
        born = kept["born_on"]
        return cls(
            kept["is_self"],
            kept["workshop_id"],
            kept["given_name"],
            None if born is None else date.fromisoformat(born),
        )

    def as_values(self) -> dict[str, object]:
        """Write the draft as JSON values."""
        return {
            "is_self": self.is_self,
            "workshop_id": self.workshop_id,
            "given_name": self.name,
            "born_on": None if self.born_on is None else self.born_on.isoformat(),
        }

    @property
    def next_step(self) -> Step:
        """What is to be asked next."""
        if self.name is None:
            return Step.NAME
        return Step.BIRTH if self.born_on is None else Step.REVIEW


def list_page(
    words: Words, learners: Sequence[Learner], today: date, *, note: str, is_page: bool
) -> Reply:
    """List whom a person registers, and offer to add somebody."""
    _ = words.gettext
    rows = [
        [
            Button(
                f"👤 {learner_label(one, today, words)}",
                LearnersPressed(LearnerVerb.SHOW.value, str(one.id)),
            )
        ]
        for one in learners
    ]
    text = _("👨‍👩‍👧 <b>My learners</b>\nThose whom you register for workshops.")
    if not learners:
        text = f"{text}\n\n" + _("Nobody is on the list yet.")
    rows += [*adding_rows(words, learners), [mine_button(words)], way_back(words)]
    return Reply(f"{note}\n\n{text}" if note else text, rows, is_page=is_page)


def learner_page(words: Words, learner: Learner, today: date) -> Reply:
    """Show what is kept of a learner."""
    _ = words.gettext
    text = "\n".join(
        [
            f"👤 {_named(words, learner)}",
            _("🎂 Born: {day} ({age} years)").format(
                day=jalali_day(learner.born_on, words.language),
                age=number(age_on(learner.born_on, today), words.language),
            ),
            _("Nothing else is kept. To mend a mistake, take the learner out and add them anew."),
        ]
    )
    own = str(learner.id)
    rows = [
        [Button(_("🗑 Take out of the list"), LearnersPressed(LearnerVerb.REMOVE.value, own))],
        [list_button(words)],
        way_back(words),
    ]
    return Reply(text, rows, is_page=True)


def _named(words: Words, learner: Learner) -> str:
    name = shielded(learner.given_name, units_max=_NAME_UNITS_MAX)
    return led(f"<b>{isolate(name)}</b>", words)


def list_button(words: Words) -> Button:
    """Lead to the list."""
    _ = words.gettext
    return Button(_("👨‍👩‍👧 My learners"), LearnersPressed(LearnerVerb.LIST.value))


def remove_asked(words: Words, learner: Learner) -> Reply:
    """Ask once before a learner is forgotten."""
    _ = words.gettext
    text = _(
        "Shall I take {name} out of your list? The name and the birth date are deleted; past "
        "registrations stay without a name."
    ).format(name=_named(words, learner))
    own = str(learner.id)
    surely = LearnersPressed(LearnerVerb.REMOVE_SURELY.value, own)
    rows = [[Button(_("Yes, take out"), surely)], [list_button(words)], way_back(words)]
    return Reply(text, rows, is_page=True)


def still_registered(
    words: Words,
    learner: Learner,
    active: Sequence[Registration],
    workshops: Mapping[WorkshopId, Workshop],
) -> Reply:
    """Say why a learner cannot be taken out now, and lead to what is in the way."""
    _ = words.gettext
    text = _(
        "{name} still has registrations that are not over, so the office needs to know who comes. "
        "Once these have ended you can take them out of the list."
    ).format(name=_named(words, learner))
    rows = [
        [registration_button(words, one, f"🎓 {label_of(workshops[one.workshop_id], words)}")]
        for one in active[:_NAMED_MAX]
    ]
    return Reply(text, [*rows, [list_button(words)], way_back(words)], is_page=True)


def removed(words: Words) -> str:
    """Say that a learner was forgotten."""
    _ = words.gettext
    return _("✅ Taken out of the list.")


def saved(words: Words) -> str:
    """Say that a learner is kept now."""
    _ = words.gettext
    return _("✅ Added to your list.")


def over(words: Words) -> str:
    """Say that a button belonged to what is saved or dropped by now."""
    _ = words.gettext
    return _("That was saved or cancelled before; here is the list.")


def over_on_the_way(words: Words) -> str:
    """Say the same to whoever is led on to a workshop."""
    _ = words.gettext
    return _("That was saved or cancelled before; please go on here.")


def step_page(
    words: Words,
    dialogue: Dialogue,
    draft: Draft,
    *,
    name: str,
    today: date,
    note: str,
    is_page: bool,
) -> Reply:
    """Ask what is missing, or show all for a last look; `name` is open for the eye."""
    pages = {Step.NAME: _ask_name, Step.BIRTH: _ask_birth, Step.REVIEW: _review}
    text, rows = pages[draft.next_step](words, dialogue, draft, name, today)
    _ = words.gettext
    cancel = Button(
        _("✖️ Don't save"), LearnerDialoguePressed(dialogue.token, LearnerPress.CANCEL.value)
    )
    parts = [note, text] if note else [text]
    return Reply("\n\n".join(parts), [*rows, [cancel], way_back(words)], is_page=is_page)


_Step = tuple[str, list[list[Button]]]


def _ask_name(words: Words, _dialogue: Dialogue, draft: Draft, _name: str, _today: date) -> _Step:
    _ = words.gettext
    if draft.is_self:
        return _("✍️ Please write your own given name, without the surname."), []
    return _(
        "✍️ Please write the given name of your child (not your own), without the surname."
    ), []


def _ask_birth(words: Words, _dialogue: Dialogue, draft: Draft, name: str, _today: date) -> _Step:
    _ = words.gettext
    whose = shielded(name, units_max=_NAME_UNITS_MAX)
    if draft.is_self:
        return _("🎂 Please write your birth date: year, month and day, such as 1365/02/15."), []
    return _(
        "🎂 Please write the birth date of {name} (not your own): year, month and day, such as "
        "1396/02/15."
    ).format(name=f"<b>{whose}</b>"), []


def _review(words: Words, dialogue: Dialogue, draft: Draft, name: str, today: date) -> _Step:
    _ = words.gettext
    assert draft.born_on is not None
    age = age_on(draft.born_on, today)
    lines = [
        _("🔎 <b>Is this right?</b>"),
        _("👤 Given name: {name}").format(
            name=f"<b>{shielded(name, units_max=_NAME_UNITS_MAX)}</b>"
        ),
        _("🎂 Born: {day} ({age} years)").format(
            day=jalali_day(draft.born_on, words.language), age=number(age, words.language)
        ),
        "",
        _(
            "The office uses this for the workshops that you register for and for messages about "
            "them, and for nothing else. The name is kept sealed. Whether it is right is up to "
            "you."
        ),
    ]
    if not draft.is_self and age >= ADULT_YEARS:
        lines.append(_("⚠️ By this date they are of age. Is it your child's date, not your own?"))
    token = dialogue.token
    save = LearnerDialoguePressed(token, LearnerPress.SAVE.value, str(draft.workshop_id))
    rows = [
        [Button(_("✅ Save"), save)],
        [
            Button(_("✏️ The name"), LearnerDialoguePressed(token, LearnerPress.NAME.value)),
            Button(_("✏️ The date"), LearnerDialoguePressed(token, LearnerPress.BIRTH.value)),
        ],
    ]
    return "\n".join(lines), rows
