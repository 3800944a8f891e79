"""Every column is entered in docs/records.md: what it is, how long it is kept, where it ends."""

import importlib
import pkgutil
import re
from pathlib import Path
from typing import NamedTuple

import bot
from bot.kit.database import metadata
from bot.kit.keeping import Kind
from bot.kit.tables import SEALED_COLUMNS

PAGE = Path(__file__).parent.parent / "docs" / "records.md"
WHATS = {"number", "sealed", "words", "detail", "staff", "nothing"}
ERASINGS = {"deleted", "blanked", "renumbered", "stays", "with its row"}
UNSET = {
    "for good",
    "until erased",
    "until it ends",
    "until it is ended",
    "until taken out",
    "until another is bound",
    "until the role ends",
    "with its row",
    "within one transaction",
}


class Entry(NamedTuple):
    what: str
    kept: str
    erasing: str


def entries() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| `"):
            continue
        (table,) = re.findall(r"`(\w+)`", cells[0])
        for column in re.findall(r"`(\w+)`", cells[1]):
            name = f"{table}.{column}"
            assert name not in found, f"{name} is entered twice"
            found[name] = Entry(*cells[2:])
    return found


def columns() -> set[str]:
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if ".tables" in module.name:
            importlib.import_module(module.name)
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
    }


def test_every_column_is_entered_and_no_other() -> None:
    assert entries().keys() == columns()


def test_each_entry_says_what_how_long_and_what_becomes_of_it() -> None:
    kinds = {kind.value for kind in Kind}
    for name, entry in entries().items():
        assert entry.what in WHATS, name
        assert entry.kept in kinds | UNSET, name
        assert entry.erasing in ERASINGS, name
        assert (entry.what == "nothing") == (entry.erasing == "with its row"), name


def test_every_kind_that_is_kept_for_a_time_is_somewhere() -> None:
    kept = {entry.kept for entry in entries().values()}
    apart = {Kind.UPDATE, Kind.WORKSHOP_MARK}  # of these nothing but blank rows is kept
    assert {kind.value for kind in Kind if kind not in apart} <= kept


def test_what_is_entered_as_sealed_is_sealed_and_the_other_way_round() -> None:
    assert columns()
    entered = {name for name, entry in entries().items() if entry.what == "sealed"}
    of_staff = {name for name, entry in entries().items() if entry.what == "staff"}
    assert entered <= set(SEALED_COLUMNS)
    assert set(SEALED_COLUMNS) <= entered | of_staff


def test_what_leads_to_a_citizen_or_names_them_does_not_stay() -> None:
    staying = {
        name
        for name, entry in entries().items()
        if entry.what in {"number", "sealed"} and entry.erasing == "stays"
    }
    assert staying == {
        "asked_question.text",  # kept without who asked it
        "learnt_question.text",  # part of an answer to everybody
    }
