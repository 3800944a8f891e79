"""The form of a workshop: how its lines are called, how it is asked for, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.text import normalise, strip_bidi
from bot.kit.words import Words
from bot.workshops.errors import FormUnreadable
from bot.workshops.model import FilledForm, FormField
from bot.workshops.rules.form import PLAN
from handlers.reply import Reply
from handlers.views.common import code, said, shielded
from handlers.views.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.workshops.model import Workshop

# What is told of a workshop at length may have several lines.
_LONG: Final = (FormField.DESCRIPTION, FormField.VENUE, FormField.TERMS)
_NAME_WORDS_MAX: Final = 3
_LINES_MAX: Final = 10
_LINE_UNITS_MAX: Final = 100


def label(field: FormField, words: Words) -> str:
    """Name a line of the form."""
    _ = words.gettext
    return {
        FormField.TITLE: _("Title"),
        FormField.DESCRIPTION: _("Description"),
        FormField.SUBJECT: _("Subject"),
        FormField.INSTRUCTOR: _("Instructor"),
        FormField.PROVINCE: _("Province"),
        FormField.AGES: _("Ages"),
        FormField.FEE: _("Fee"),
        FormField.PLACES: _("Places"),
        FormField.QUORUM: _("Quorum"),
        FormField.OPENS: _("Registration from"),
        FormField.CLOSES: _("Registration until"),
        FormField.LINK: _("Link of the online class"),
        FormField.VENUE: _("Address"),
        FormField.FIRST_ON: _("First session"),
        FormField.WEEKDAYS: _("Weekdays"),
        FormField.HOURS: _("Hours"),
        FormField.COUNT: _("Number of sessions"),
        FormField.TERMS: _("Terms"),
    }[field]


def other_names(field: FormField, words: Words) -> list[str]:
    """Name what staff call a line as well; each message is a list, parted by bars."""
    _ = words.gettext
    others = {
        FormField.TITLE: _("Name|Workshop"),
        FormField.DESCRIPTION: _("About|Details"),
        FormField.SUBJECT: _("Topic|Field"),
        FormField.INSTRUCTOR: _("Teacher|Trainer"),
        FormField.AGES: _("Age|Age group"),
        FormField.FEE: _("Price|Cost"),
        FormField.PLACES: _("Capacity|Seats"),
        FormField.QUORUM: _("Minimum|At least"),
        FormField.OPENS: _("Registration opens|Opens"),
        FormField.CLOSES: _("Registration deadline|Deadline|Closes"),
        FormField.LINK: _("Link|Online link|Class link"),
        FormField.VENUE: _("Venue|Place"),
        FormField.FIRST_ON: _("First day|Begins"),
        FormField.WEEKDAYS: _("Days"),
        FormField.HOURS: _("Time|Hour"),
        FormField.COUNT: _("Sessions"),
        FormField.TERMS: _("Conditions|Rules"),
    }
    return others.get(field, "").split("|")


def names(every: Iterable[Words], of: Iterable[FormField]) -> dict[str, FormField]:
    """Say which line each name is of, in every language; a line's own name comes first."""
    words_of, fields = tuple(every), tuple(of)
    known = {normalise(label(one, words)): one for words in words_of for one in fields}
    for words in words_of:
        for field in fields:
            for name in filter(None, other_names(field, words)):
                known.setdefault(normalise(name), field)
    return known


def example(field: FormField, words: Words) -> str:
    """Show how a line of the form is filled in."""
    _ = words.gettext
    return {
        FormField.TITLE: _("Pottery for children"),
        FormField.DESCRIPTION: _("Working with clay, from the first steps"),
        FormField.SUBJECT: _("Pottery"),
        FormField.INSTRUCTOR: "",
        FormField.PROVINCE: _("Mazandaran"),
        FormField.AGES: _("8 to 12"),
        FormField.FEE: _("500,000 tomans, or: free"),
        FormField.PLACES: number(20, words.language),
        FormField.QUORUM: number(8, words.language),
        FormField.OPENS: _("1405/09/10 at 9:00"),
        FormField.CLOSES: _("1405/09/25 at 18:00, or the day alone (until its end)"),
        FormField.LINK: "https://kpf.ir/lms",
        FormField.VENUE: "",
        FormField.FIRST_ON: _("1405/10/05"),
        FormField.WEEKDAYS: _("Saturday, Monday"),
        FormField.HOURS: _("17:00 to 18:30"),
        FormField.COUNT: number(8, words.language),
        FormField.TERMS: _("Who registers has read the description and accepts it…"),
    }[field]


def free_words(every: Iterable[Words]) -> frozenset[str]:
    """Name the words for a fee of nothing, in every language."""
    return frozenset(normalise(words.gettext("Free")) for words in every) | {"0"}


def read(text: str, every: Iterable[Words], of: Collection[FormField]) -> FilledForm:
    """Part a filled form into its lines; a long text goes on until the next name.

    Names are known in every language; a line that was left empty is not said.
    """
    known = names(every, of)
    lines: dict[FormField, str] = {}
    unknown, joined = [], []
    last: FormField | None = None
    for line in filter(None, map(str.strip, strip_bidi(text).splitlines())):
        name, colon, rest = line.partition(":")
        field = known.get(normalise(name)) if colon else None
        if field is not None:
            last, lines[field] = field, rest.strip()
        elif last is None or (lines[last] and last not in _LONG):
            unknown.append(line)
        else:
            if lines[last] and colon and len(name.split()) <= _NAME_WORDS_MAX:
                joined.append(line)
            lines[last] = f"{lines[last]}\n{line}".strip()
    kept = {field: typed for field, typed in lines.items() if typed}
    return FilledForm(kept, tuple(unknown), tuple(joined))


def joined_said(words: Words, filled: FilledForm) -> str:
    """Name the lines that went on with a text, though they look like lines of the form."""
    _ = words.gettext
    if not filled.joined:
        return ""
    return _(
        "👆 The form has no line of this name, so I took it as going on with the text above "
        "it:\n{lines}"
    ).format(lines=_quoted(filled.joined))


def _quoted(lines: Sequence[str]) -> str:
    shown = [f"• {shielded(line, units_max=_LINE_UNITS_MAX)}" for line in lines[:_LINES_MAX]]
    return "\n".join([*shown, "…"] if len(lines) > _LINES_MAX else shown)


def new_prompt(words: Words, published: OfficeCatalogue) -> Reply:
    """Ask for a new workshop, with a form to be copied."""
    _ = words.gettext
    lines = "\n".join(f"{label(field, words)}: {example(field, words)}" for field in FormField)
    text = _(
        "🎨 <b>A new workshop of {office}</b>\n\nCopy this form, change it, and send it as a "
        "reply to this message. What you do not know yet, leave out; only the title is needed. "
        "Nobody sees the workshop before you publish it."
    ).format(office=said(published.office.short_name, words))
    return Reply(f"{text}\n\n<pre>{lines}</pre>")


def edit_prompt(words: Words, workshop: Workshop) -> Reply:
    """Ask for the lines of the form that change."""
    _ = words.gettext
    names = _(", ").join(label(field, words) for field in FormField)
    text = _(
        "✏️ Reply to this message with the lines that change, each with its name and a "
        "colon, such as:\n<pre>{example}</pre>\nThe names: {names}."
    ).format(
        example=f"{label(FormField.PLACES, words)}: {number(25, words.language)}", names=names
    )
    return Reply(f"{code(str(workshop.id))}\n{text}")


def plan_lines(words: Words) -> str:
    """Write the lines of the plan as an example to be copied."""
    return "\n".join(f"{label(field, words)}: {example(field, words)}" for field in PLAN)


@refusal.register
def _form_unreadable(error: FormUnreadable, words: Words) -> str:
    _ = words.gettext
    parts = []
    if error.lines:
        lines = "\n".join(
            f"• {label(field, words)}: {example(field, words) or '…'}" for field in error.lines
        )
        parts.append(
            _("I could not read these lines; they are written so:\n{lines}").format(lines=lines)
        )
    if error.unknown:
        lines = _quoted(error.unknown)
        parts.append(_("The form has no such lines:\n{lines}").format(lines=lines))
    return "\n".join([*parts, _("Nothing was kept; please send the form once more.")])
