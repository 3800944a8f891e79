"""A workbook that was sent: the catalogue that it makes, or every cell that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.catalogue.rules.checking import checked
from bot.kit.books import read_book
from bot.kit.digits import latin_digits
from bot.kit.text import normalise
from handlers.views.workbook.assembling import assembled
from handlers.views.workbook.guide import change_label, office_label
from handlers.views.workbook.layout import layout
from handlers.views.workbook.reading import CellWrong, Spot, lines_of
from handlers.views.workbook.second_look import unread_flaws

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.kit.books import BookSheet
    from bot.kit.content import Place
    from bot.kit.words import Words
    from bot.workshops.model import Written
    from handlers.views.catalogue.proof import Overlong
    from handlers.views.workbook.assembling import Assembled
    from handlers.views.workbook.columns import Sheet
    from handlers.views.workbook.reading import Lines
    from handlers.views.workbook.workshop_lines import WorkshopsRead

_CHANGE_DIGITS_MAX = 9


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a workbook: what it publishes, unless something is wrong in it."""

    book: Sequence[BookSheet]
    meant: Mapping[str, Sheet]
    wrong: tuple[CellWrong, ...]
    published: OfficeCatalogue | None
    made_after: int | None  # the change after which it was written out, if it says so
    found: Assembled
    lines: Lines
    written: tuple[Written, ...] = ()  # what it says otherwise of workshops


def with_workshops(came: Opened, read: WorkshopsRead) -> Opened:
    """Note what a workbook says of workshops, or what is wrong about that at which cell."""
    if not read.wrong:
        return replace(came, written=tuple(read.written))
    return replace(came, wrong=tuple(_once([*came.wrong, *read.wrong])), published=None)


def misfits(came: Opened, pages: Sequence[Overlong]) -> Opened:
    """Note at their cells which texts make a page that fits no message."""
    lists: dict[str, tuple[Place, list[Any]]] = {
        "clause": (("sla", "clauses"), came.found.values["sla"]["clauses"]),
        "faq": (("faq",), came.found.values["faq"]),
        "service": (("services",), came.found.values["services"]),
    }
    wrong = []
    for page in pages:
        kind, _separator, rest = page.name.partition(" ")
        place, records = lists.get(kind, (("office",), []))
        ids = [record.get("id") for record in records]
        id_ = rest.partition(",")[0]
        number = (ids.index(id_),) if id_ in ids else ()
        wrong.append(CellWrong(came.found.spot((*place, *number)), "overlong"))
    return replace(came, wrong=tuple(_once(wrong)), published=None)


def opened(
    content: bytes, published: OfficeCatalogue, catalogue: Catalogue, every: Collection[Words]
) -> Opened:
    """Read a workbook that is to take the place of what an office publishes.

    What the desk decided about money stays as it is published. Raises SheetUnreadable.
    """
    layouts = [layout(words) for words in every]
    book = read_book(content)
    lines = lines_of(book, layouts)
    found = assembled(lines, layouts)
    office_id = published.office.id
    values = found.values
    if published.desk.wallet is not None:
        values["desk"]["wallet"] = published.desk.wallet.model_dump(mode="json")
    looked_at = checked(values, office_id)
    wrong = [*lines.wrong, *_wrong_guide(lines, every, office_id), *found.wrong]
    for flaw in looked_at.flaws:
        spot = found.spot((flaw.part, *flaw.place))
        wrong.append(CellWrong(spot, flaw.complaint.kind, flaw.complaint.values))
    wrong += unread_flaws(found, looked_at, office_id)
    wrong += _taken_elsewhere(found, looked_at.published, catalogue)
    titles = {normalise(one.title): one for laid in layouts for one in laid.sheets}
    meant = {
        sheet.title: titles[normalise(sheet.title)]
        for sheet in book
        if normalise(sheet.title) in titles
    }
    return Opened(
        book,
        meant,
        tuple(_once(wrong)),
        None if wrong else looked_at.published,
        _made_after(lines, every),
        found,
        lines,
    )


def _once(wrong: Sequence[CellWrong]) -> list[CellWrong]:
    """Say one thing of a cell: what is wrong first is often why the rest is."""
    seen: dict[tuple[str, str, str], CellWrong] = {}
    spoiled = {(one.spot.sheet, one.spot.cell) for one in wrong if one.kind in _SPOILING}
    for one in wrong:
        where = (one.spot.sheet, one.spot.cell)
        if where in spoiled and one.kind not in _SPOILING:
            continue
        about = str(one.values.get("one", "")) if one.kind == "no_label" else ""
        seen.setdefault((*where, one.kind + about), one)
    return list(seen.values())


_SPOILING = frozenset({"formula", "in_error", "too_long", "merged"})


def _wrong_guide(lines: Lines, every: Collection[Words], office_id: str) -> list[CellWrong]:
    for words in every:
        said = lines.guide.get(normalise(office_label(words)))
        if said is not None and said[0].strip() != office_id:
            return [CellWrong(said[1], "other_office", {"one": office_id})]
    return []


def _made_after(lines: Lines, every: Collection[Words]) -> int | None:
    for words in every:
        said = lines.guide.get(normalise(change_label(words)))
        if said is not None:
            digits = latin_digits(said[0].strip())
            is_number = digits.isascii() and digits.isdecimal()
            return int(digits) if is_number and len(digits) <= _CHANGE_DIGITS_MAX else None
    return None


def _taken_elsewhere(
    found: Assembled, published: OfficeCatalogue | None, catalogue: Catalogue
) -> list[CellWrong]:
    """A clause and a usual question are quoted by their ids alone: no two offices share one."""
    if published is None:
        return []
    others = [one for one in catalogue.offices if one.office.id != published.office.id]
    clauses = {clause.id for one in others for clause in one.agreement.clauses}
    faqs = {faq.id for one in others for faq in one.faqs}
    places = [
        ("sla", "clauses", number, "id")
        for number, clause in enumerate(published.agreement.clauses)
        if clause.id in clauses
    ]
    wrong = [CellWrong(found.spot(place), "taken_elsewhere") for place in places]
    return wrong + [
        CellWrong(found.spot(("faq", number, "id")), "taken_elsewhere")
        for number, faq in enumerate(published.faqs)
        if faq.id in faqs
    ]


def notes_by_sheet(
    told: Sequence[tuple[Spot, str]],
) -> dict[str, dict[str, str]]:
    """Gather what is said at cells by sheet and cell; several things stand below another."""
    found: dict[str, dict[str, str]] = {}
    for spot, what in told:
        cells = found.setdefault(spot.sheet, {})
        cells[spot.cell] = f"{cells[spot.cell]}\n{what}" if spot.cell in cells else what
    return found
