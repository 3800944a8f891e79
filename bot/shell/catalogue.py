"""The catalogue: look at it, take it out as a workbook and in again, compare, undo, try links."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kit.clock import now
from bot.kit.errors import StartRefused
from bot.settings import load_settings
from bot.shell.applied import shelf_of

if TYPE_CHECKING:
    import argparse

    from bot.shell.adding import Command, Commands
    from handlers.by_hand.shelf import Shelf


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add catalogue, with what can be done to it."""
    parser = commands.add_parser("catalogue", help="look at the catalogue, change it, undo that")
    actions = parser.add_subparsers(required=True, metavar="action")

    def action(name: str, command: Command, about: str) -> argparse.ArgumentParser:
        added = actions.add_parser(name, help=about)
        added.set_defaults(command=command)
        return added

    check = action("check", _check, "name every fault of the files, and what is incomplete")
    check.add_argument(
        "--meter", action="store_true", help="how much the cards say of what is asked"
    )
    for name, command, about in (
        ("export", _export, "write what an office publishes as a workbook"),
        ("import", _import, "say what a workbook changes; with --yes apply it"),
    ):
        of_file = action(name, command, about)
        of_file.add_argument("office", help="the id of the office")
        of_file.add_argument("file", type=Path, help="XLSX")
    _may_apply(of_file)
    versions = action("versions", _versions, "list what came into force")
    diff = action("diff", _diff, "say what differs between two versions")
    undo = action("undo", _undo, "go back to what was in force before; with --yes do it")
    for of_office in (versions, diff, undo):
        of_office.add_argument("office", help="the id of the office")
    for which in ("before", "after"):
        diff.add_argument(which, help="the number of a version, or files")
    undo.add_argument("--to", help="the number of a version, or files")
    _may_apply(undo)
    links = action("links", _links, "look at every address")
    links.add_argument("--online", action="store_true", help="go there, too")


def _may_apply(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do it; else it is only shown")
    parser.add_argument("--reason", default="", help="why, for the list of versions")


def _shelf() -> Shelf:
    return shelf_of(load_settings())


def _check(asked: argparse.Namespace) -> int:
    from bot import app
    from handlers.by_hand import catalogue as by_hand_catalogue
    from handlers.by_hand import records as by_hand

    settings = load_settings()
    lines = by_hand.catalogue_lines(settings.catalogue_dir, settings.locale_dir, now())
    if asked.meter:
        path = app.keyring_path(settings)
        keys = path if path.exists() else None
        work = by_hand_catalogue.measured(_shelf(), settings.lexicon_dir, keys, now())
        lines += asyncio.run(work)
    print("\n".join(lines))
    return 0


def _export(asked: argparse.Namespace) -> int:
    from handlers.by_hand import catalogue as by_hand_catalogue

    content = asyncio.run(by_hand_catalogue.exported(_shelf(), asked.office, now()))
    _write(asked.file, content)
    print(f"The workbook is {asked.file}.")
    return 0


def _import(asked: argparse.Namespace) -> int:
    from handlers.by_hand import catalogue as by_hand_catalogue

    try:
        content = asked.file.read_bytes()
    except OSError as error:
        raise StartRefused([f"{asked.file}: cannot be read ({error.strerror})."]) from None
    work = by_hand_catalogue.imported(
        _shelf(), asked.office, content, asked.reason, is_applied=asked.yes, now=now()
    )
    found = asyncio.run(work)
    print("\n".join(found.lines))
    if found.marked is not None:
        copy = asked.file.with_suffix(".marked.xlsx")
        _write(copy, found.marked)
        print(f"Nothing was changed. The cells that need mending are red in {copy}.")
        return 1
    if not found.is_applied:
        print("Nothing was changed yet; add --yes to apply it.")
    return 0


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StartRefused([f"{path}: cannot be written ({error.strerror})."]) from None


def _versions(asked: argparse.Namespace) -> int:
    from handlers.by_hand import catalogue as by_hand_catalogue

    print("\n".join(asyncio.run(by_hand_catalogue.versions(_shelf(), asked.office, now()))))
    return 0


def _diff(asked: argparse.Namespace) -> int:
    from handlers.by_hand import catalogue as by_hand_catalogue

    work = by_hand_catalogue.compared(_shelf(), asked.office, asked.before, asked.after, now())
    print("\n\n".join(asyncio.run(work)))
    return 0


def _undo(asked: argparse.Namespace) -> int:
    from handlers.by_hand import catalogue as by_hand_catalogue

    work = by_hand_catalogue.undone(
        _shelf(), asked.office, asked.to, asked.reason, is_applied=asked.yes, now=now()
    )
    print("\n\n".join(asyncio.run(work)))
    if not asked.yes:
        print("Nothing was changed yet; add --yes to do it.")
    return 0


def _links(asked: argparse.Namespace) -> int:
    from bot.catalogue.rules.links import link_faults
    from handlers.by_hand.links import all_addresses, reached

    catalogue = asyncio.run(_shelf().catalogue(now()))
    faults = [f"{one.office_id}/{one.where}: {one.complaint}" for one in link_faults(catalogue)]
    if asked.online:
        faults += asyncio.run(reached(all_addresses(catalogue)))
    print("\n".join(faults) or "Every address is in order.")
    return 1 if faults else 0
