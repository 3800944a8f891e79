"""The filter of the list of workshops: its sides in words, and what there is to choose on each."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.text import cut, isolate
from handlers.callback_data.sieves import FEE_STEP_RIAL, written
from handlers.callback_data.workshops import SievePressed, WorkshopsPressed
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs, led, shielded, way_back

if TYPE_CHECKING:
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.workshops.model import Sieve
    from handlers.callback_data.sieves import Known

_CHOICES_ON_A_PAGE: Final = 16
_LABEL_UNITS_MAX: Final = 24
_WORD_UNITS_MAX: Final = 120
_AGES: Final = range(3, 19)
_FEES_RIAL: Final = tuple(FEE_STEP_RIAL * steps for steps in (100, 200, 500))


class Side(StrEnum):
    """A side of the filter; short, because a button carries little."""

    AGE = "a"
    PROVINCE = "p"
    SUBJECT = "s"
    ROOM = "r"
    FEE = "f"


def without(sieve: Sieve, side: Side) -> Sieve:
    """Take one side off a filter."""
    match side:
        case Side.AGE:
            return replace(sieve, age=None)
        case Side.PROVINCE:
            return replace(sieve, province=None)
        case Side.SUBJECT:
            return replace(sieve, subject=None)
        case Side.ROOM:
            return replace(sieve, is_room_wanted=False)
        case Side.FEE:
            return replace(sieve, fee_rial_max=None)


def side_labels(words: Words, sieve: Sieve) -> dict[Side, str]:
    """Name the sides that a filter has, shortly enough for a button."""
    _ = words.gettext
    labels: dict[Side, str] = {}
    if sieve.age is not None:
        labels[Side.AGE] = age_said(words, sieve.age)
    if sieve.province is not None:
        labels[Side.PROVINCE] = cut(sieve.province, _LABEL_UNITS_MAX)
    if sieve.subject is not None:
        labels[Side.SUBJECT] = cut(sieve.subject, _LABEL_UNITS_MAX)
    if sieve.is_room_wanted:
        labels[Side.ROOM] = _("free places only")
    if sieve.fee_rial_max is not None:
        labels[Side.FEE] = fee_limit_said(words, sieve.fee_rial_max)
    return labels


def sieve_said(words: Words, sieve: Sieve) -> str:
    """Say a filter in a line; nothing where everything passes."""
    said = " · ".join(
        isolate(shielded(label, units_max=_WORD_UNITS_MAX))
        for label in side_labels(words, sieve).values()
    )
    return led(said, words)


def age_said(words: Words, age: int) -> str:
    """Say an age that is looked for."""
    _ = words.gettext
    return _("for {age} year olds").format(age=number(age, words.language))


def fee_limit_said(words: Words, fee_rial_max: int) -> str:
    """Say up to which fee."""
    _ = words.gettext
    if fee_rial_max == 0:
        return _("free of charge only")
    return _("up to {tomans} tomans").format(tomans=number(fee_rial_max // 10, words.language))


def sides_page(words: Words, published: OfficeCatalogue, sieve: Sieve) -> Reply:
    """Show every side of the filter, with what is chosen on it."""
    _ = words.gettext
    office, chosen = published.office, side_labels(words, sieve)
    names = {
        Side.AGE: _("By age"),
        Side.PROVINCE: _("By province"),
        Side.SUBJECT: _("By subject"),
        Side.FEE: _("By fee"),
    }
    buttons = [
        Button(
            _("{side}: {chosen}").format(side=name, chosen=chosen.get(side, _("no matter"))),
            SievePressed(office.id, written(sieve), side.value),
        )
        for side, name in names.items()
    ]
    room = replace(sieve, is_room_wanted=not sieve.is_room_wanted)
    everything = Button(_("🎨 All workshops"), WorkshopsPressed(office.id))
    mark = "✅" if sieve.is_room_wanted else "▫️"
    rows = [
        *in_pairs(buttons),
        [
            Button(
                f"{mark} " + _("Free places only"),
                SievePressed(office.id, written(room)),
            )
        ],
        [
            Button(_("👀 Show"), WorkshopsPressed(office.id, written(sieve))),
            *([everything] if written(sieve) else []),
        ],
        way_back(words, office),
    ]
    text = _("🔎 Which workshops would you like to see? Each filter narrows the list.")
    return Reply(text, rows, is_page=True)


def choices_page(
    words: Words,
    published: OfficeCatalogue,
    sieve: Sieve,
    side: Side,
    known: Known,
    *,
    page_number: int,
) -> Reply:
    """Show what there is to choose on one side of the filter."""
    _ = words.gettext
    office_id = published.office.id
    choices = [
        Button(label, WorkshopsPressed(office_id, written(chosen)))
        for label, chosen in _choices(words, sieve, side, known)
    ]
    last = max(0, (len(choices) - 1) // _CHOICES_ON_A_PAGE)
    page = min(page_number, last)
    first = page * _CHOICES_ON_A_PAGE
    turns = []
    for label, other in ((_("Earlier"), page - 1), (_("More"), page + 1)):
        if 0 <= other <= last:
            pressed = SievePressed(office_id, written(sieve), side.value, str(other))
            turns.append(Button(label, pressed))
    text = _question(words, side)
    if not choices:
        text = _("No workshop says anything about this yet. Please choose another filter.")
    rows = [
        *in_pairs(choices[first : first + _CHOICES_ON_A_PAGE]),
        turns,
        [
            Button(
                _("Does not matter"), WorkshopsPressed(office_id, written(without(sieve, side)))
            ),
            Button(_("↩️ All filters"), SievePressed(office_id, written(sieve))),
        ],
        way_back(words, published.office),
    ]
    return Reply(text, rows, is_page=True)


def _question(words: Words, side: Side) -> str:
    _ = words.gettext
    return {
        Side.AGE: _("🔎 How old is the learner on the first day of the workshop?"),
        Side.PROVINCE: _("🔎 In which province? What is for all provinces is shown as well."),
        Side.SUBJECT: _("🔎 Which subject?"),
        Side.ROOM: _("🔎 Which workshops would you like to see? Each filter narrows the list."),
        Side.FEE: _("🔎 Up to which fee?"),
    }[side]


def _choices(words: Words, sieve: Sieve, side: Side, known: Known) -> list[tuple[str, Sieve]]:
    _ = words.gettext
    match side:
        case Side.AGE:
            return [
                (
                    _("{age} years").format(age=number(age, words.language)),
                    replace(sieve, age=age),
                )
                for age in _AGES
            ]
        case Side.PROVINCE:
            return [(cut(one, 40), replace(sieve, province=one)) for one in known.provinces]
        case Side.SUBJECT:
            return [(cut(one, 40), replace(sieve, subject=one)) for one in known.subjects]
        case Side.ROOM:
            return []
        case Side.FEE:
            return [
                (fee_limit_said(words, fee_rial), replace(sieve, fee_rial_max=fee_rial))
                for fee_rial in (0, *_FEES_RIAL)
            ]
