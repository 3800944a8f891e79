"""What changes between two catalogues, short enough for a chat: grouped, old and new, paged."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.catalogue.rules.differences import How, Thing
from bot.kit.text import cut, isolate
from handlers.views.common import code, digits, paged, rials
from handlers.views.workbook.cells import written
from handlers.views.workbook.choices import case_kinds, facets
from handlers.views.workbook.columns import Kind
from handlers.views.workbook.layout import layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.catalogue.rules.differences import Difference
    from bot.kit.words import Words
    from handlers.views.workbook.columns import Column

PAGE_UNITS_MAX: Final = 2600
_TITLE_UNITS_MAX: Final = 70
_VALUE_UNITS_MAX: Final = 160
_ITEMS_MAX: Final = 4
_FIELDS_OF_NEW: Final = ("amount_rial", "fees", "answer", "text", "parent")
_INTO: Final = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "  # from a field to a part of it
_SHEETS: Final = {
    Thing.SERVICE: "services",
    Thing.CLAUSE: "clauses",
    Thing.QUESTION: "faq",
    Thing.ADDRESS: "urls",
    Thing.OFFICE: "office",
    Thing.AGREEMENT: "agreement",
    Thing.DESK: "desk",
}
_SUBSHEETS: Final = {"hours": "hours", "ready_answers": "ready_answers", "targets": "targets"}


class _About(NamedTuple):
    """In which words is spoken, and about which kind of thing."""

    words: Words
    thing: Thing


def change_pages(
    words: Words, found: Sequence[Difference], besides: Sequence[str] = ()
) -> list[str]:
    """Set the differences on pages, each of which fits a message with room for a head.

    What is besides them comes after them, a paragraph each.
    """
    paragraphs = [*(_paragraph(words, one) for one in found), *map(_cut, besides)]
    return ["\n\n".join(page) for page in paged(paragraphs, units_max=PAGE_UNITS_MAX)]


def _paragraph(words: Words, one: Difference) -> str:
    lines = [_head(words, one)]
    for field in one.fields:
        if one.how is How.ADDED and field.name not in _FIELDS_OF_NEW:
            continue
        if field.name != "order":
            about = _About(words, one.thing)
            label = _label(about, field.name)
            said = _lines(about, field.name, label, field.before, field.after)
            lines.extend(f"• {line}" for line in said)
    return cut_lines(lines)


def cut_lines(lines: Sequence[str], units_max: int = PAGE_UNITS_MAX - 100) -> str:
    """Join lines as far as they fit; what is left out is left out whole, for its marks' sake."""
    kept: list[str] = []
    used = 0
    for line in lines:
        used += len(line.encode("utf-16-le")) // 2 + 1
        if used > units_max:
            kept.append("…")
            break
        kept.append(line)
    return "\n".join(kept)


def _cut(paragraph: str) -> str:
    return cut_lines(paragraph.split("\n"))


def _head(words: Words, one: Difference) -> str:
    _ = words.gettext
    wordings = {
        (Thing.SERVICE, How.REMOVED): _("🗑 <b>{title}</b>: this service is no longer offered"),
        (Thing.SERVICE, How.ADDED): _("🆕 <b>{title}</b>: a new service"),
        (Thing.SERVICE, How.CHANGED): _("✏️ Service <b>{title}</b>"),
        (Thing.CLAUSE, How.REMOVED): _("🗑 Clause {id} is taken out: {title}"),
        (Thing.CLAUSE, How.ADDED): _("🆕 Clause {id}: {title}"),
        (Thing.CLAUSE, How.CHANGED): _("✏️ Clause {id}: <b>{title}</b>"),
        (Thing.QUESTION, How.REMOVED): _("🗑 A question is taken out: {title}"),
        (Thing.QUESTION, How.ADDED): _("🆕 A new question: <b>{title}</b>"),
        (Thing.QUESTION, How.CHANGED): _("✏️ The question «{title}»"),
        (Thing.ADDRESS, How.REMOVED): _("🗑 The address «{title}» is taken out"),
        (Thing.ADDRESS, How.ADDED): _("🆕 The address «{title}»"),
        (Thing.ADDRESS, How.CHANGED): _("✏️ The address «{title}»"),
        (Thing.OFFICE, How.CHANGED): _("🏛 The office itself"),
        (Thing.AGREEMENT, How.CHANGED): _("📜 The agreement"),
        (Thing.DESK, How.CHANGED): _("🕘 The desk: hours, targets, ready answers"),
    }
    title = isolate(escape(cut(one.title.get(words.language, ""), _TITLE_UNITS_MAX), quote=False))
    head = wordings[one.thing, one.how].format(title=title, id=code(one.id) if one.id else "")
    if any(field.name == "order" for field in one.fields):
        head = _("↕️ The order is changed: {what}").format(
            what=layout(words).sheet(_SHEETS[one.thing]).title
        )
    if one.is_warned:
        head = "⚠️ " + head + "\n" + _("Please look twice: it says where people go or pay.")
    return head


def _lines(
    about: _About,
    name: str,
    label: str,
    before: Any,  # noqa: ANN401 - plain values
    after: Any,  # noqa: ANN401 - as above
) -> Iterator[str]:
    """Say what changes in a field: of a list its items, of what has parts only those concerned."""
    _ = about.words.gettext
    if isinstance(before, dict) and isinstance(after, dict) and not _is_text(before):
        for part in dict.fromkeys((*before, *after)):
            if before.get(part) != after.get(part):
                inner = label + _INTO + _part(about, part)
                yield from _lines(about, part, inner, before.get(part), after.get(part))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _items(about, name, label, (before, after))
    elif before is None or before in ([], {}):
        yield _("{name}: {after}").format(name=label, after=_said(about, name, after))
    else:
        yield _("{name}: from {before} to {after}").format(
            name=label, **_between(about, name, before, after)
        )


def _is_text(value: Any) -> bool:  # noqa: ANN401 - as above
    return isinstance(value, dict) and set(value) == {"fa", "en"}


def _between(about: _About, name: str, before: Any, after: Any) -> dict[str, str]:  # noqa: ANN401 - as above
    """Say what was and what is; where only the other language changed, in that language."""
    if (
        _is_text(before)
        and _is_text(after)
        and before[about.words.language] == after[about.words.language]
    ):
        other = "en" if about.words.language == "fa" else "fa"
        before, after = before[other], after[other]
    return {
        "before": _said(about, name, before),
        "after": _said(about, name, after),
    }


def _items(
    about: _About, name: str, label: str, lists: tuple[list[Any], list[Any]]
) -> Iterator[str]:
    """Name what left a list, what came into it, and what says something else in it."""
    _ = about.words.gettext
    before, after = lists
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    if not gone and not come:
        yield f"{label}: " + (_("in another order") if before else _("none"))
        return
    old = {_name(one): one for one in gone}
    same = [one for one in come if _name(one) and _name(one) in old]
    for one in same:
        what = label + _INTO + _said(about, name, one.get("title") or one["id"])
        yield from _lines(about, name, what, old[_name(one)], one)
    kept = {_name(one) for one in same}
    signs = [("➖ ", one) for one in gone if _name(one) not in kept or not kept]  # noqa: RUF001 - signs for the eye
    signs += [("➕ ", one) for one in come if _name(one) not in kept or not kept]  # noqa: RUF001 - as above
    if signs:
        shown = [sign + _said(about, name, one) for sign, one in signs[:_ITEMS_MAX]]
        more = ["…"] if len(signs) > _ITEMS_MAX else []
        yield f"{label}:\n   " + "\n   ".join([*shown, *more])


def _name(item: Any) -> str:  # noqa: ANN401 - as above
    """What an item of a list is known by: its id, or its title."""
    if not isinstance(item, dict):
        return ""
    title = item.get("title")
    return str(item.get("id") or (title["fa"] if isinstance(title, dict) else ""))


def _part(about: _About, name: str) -> str:
    """Name a part of a field: a side, a kind of case, or a field of its own."""
    for names in (facets(about.words), case_kinds(about.words)):
        if name in names:
            return names[name]
    return _label(about, name)


def _label(about: _About, name: str) -> str:
    laid = layout(about.words)
    keys = [sheet.key for sheet in laid.sheets]
    if about.thing is Thing.SERVICE and name in ("questions", "clauses"):
        column = _column(about.words, "sides", name)
        return name if column is None else column.label
    subsheet = "desk_hours" if about.thing is Thing.DESK and name == "hours" else name
    if subsheet in keys and _column(about.words, _SHEETS[about.thing], name, leaf=True) is None:
        return laid.sheet(subsheet).title
    if about.thing is Thing.SERVICE and name in keys:
        return laid.sheet(name).title
    column = _column(about.words, _SHEETS[about.thing], name)
    label = laid.sheet("flags").title if name == "flags" else name
    column = column or _last_named(about, name)
    if column is None:
        return laid.sheet(_SUBSHEETS[name]).title if name in _SUBSHEETS else label
    return column.label.rpartition(" (")[0] if column.path[-1] in ("fa", "en") else column.label


def _column(words: Words, key: str, name: str, *, leaf: bool = False) -> Column | None:
    """Find the column for a field, by its first name or else by its last."""
    sheet = layout(words).sheet(key)
    found = (
        column
        for column in sheet.columns
        if column.path[0] == name and not (leaf and column.kind is Kind.LISTED)
    )
    return next(found, None)


def _said(about: _About, name: str, value: Any) -> str:  # noqa: ANN401 - plain values
    """Say a plain value in one line, in the language of the chat."""
    _ = about.words.gettext
    if value is None:
        return _("not stated")
    text = " ".join(_flat(about, name, value).split())
    return isolate(escape(cut(text, _VALUE_UNITS_MAX), quote=False)) if text else _("none")


def _flat(about: _About, name: str, value: Any) -> str:  # noqa: ANN401 - as above
    _ = about.words.gettext
    if isinstance(value, dict):
        if _is_text(value):
            return str(value[about.words.language])
        if set(value) == {"opens", "closes"}:
            return "-".join(_flat(about, inner, value[inner]) for inner in value)
        parts = (
            _flat(about, inner, said)
            for inner, said in value.items()
            if said not in (None, [], {}, False)
        )
        return " · ".join(part for part in parts if part)
    if isinstance(value, list):
        return _(", ").join(_flat(about, name, one) for one in value)
    return _written(about, name, value)


def _written(about: _About, name: str, value: Any) -> str:  # noqa: ANN401 - as above
    """Write a single value as its cell in the workbook has it."""
    laid = layout(about.words)
    if name.endswith("_rial") and isinstance(value, int):
        return rials(value, about.words)
    if name in ("opens", "closes"):
        return digits(str(value)[:5], about.words)
    column = _last_named(about, name)
    if column is None:
        return str(value)
    return column.choices.get(str(value)) or written(value, column, laid, about.words.language)


def _last_named(about: _About, name: str) -> Column | None:
    """Find the column for a part of a field, in any sheet about the same kind of thing."""
    laid = layout(about.words)
    own = laid.sheet(_SHEETS[about.thing])
    sheets = [own, *(one for one in laid.sheets if one.part == own.part)]
    columns = (column for sheet in sheets for column in sheet.columns)
    return next((column for column in columns if column.path[-1] == name), None)
