"""The command line of the desk."""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kit.clock import now
from bot.kit.errors import StartRefused
from bot.kit.machine import cores, loop_factory
from bot.kit.troubles import storage_told
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from bot.catalogue.search import Answerer, Encoder
    from handlers.jobs.by_hand import Records

    _Command = Callable[[argparse.Namespace], int]

EXIT_REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a program that cannot start says why, a line a fault, and exits with 2."""
    asked = _parser().parse_args(arguments)
    try:
        with storage_told():
            return int(asked.command(asked))
    except StartRefused as refused:
        print(*refused.faults, sep="\n", file=sys.stderr)
        return EXIT_REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Mizban, the help desk.")
    commands = parser.add_subparsers(required=True, metavar="command")
    run = commands.add_parser("run", help="start the desk; without a token, on its simulator")
    run.set_defaults(command=_run, on_simulator=False)
    demo = commands.add_parser("demo", help="start the desk on its simulator")
    demo.set_defaults(command=_run, on_simulator=True)
    for name, command, about in (
        ("check", _check, "say what is wrong, without starting"),
        ("health", _health, "ask the running desk how it is"),
        ("audit", _audit, "add money up and count places anew"),
    ):
        commands.add_parser(name, help=about).set_defaults(command=command)

    _add_office_commands(commands)
    keys = commands.add_parser("keys", help="add a key for what is sealed from now on")
    keys.add_argument("action", choices=["add"])
    keys.set_defaults(command=_add_key)
    catalogue = commands.add_parser("catalogue", help="work with data/catalogue")
    catalogue.add_argument("action", choices=["check"])
    catalogue.set_defaults(command=_check_catalogue)

    ask = commands.add_parser("ask", help="answer questions from standard input, a JSON line each")
    ask.add_argument("--jsonl", action="store_true", required=True, help="lines in, lines out")
    ask.set_defaults(command=_ask)
    search = commands.add_parser("search", help="rank the passages of any collection for queries")
    search.add_argument("--passages", type=Path, required=True, help="lines of id and text")
    search.add_argument("--queries", type=Path, required=True, help="lines of id and text")
    search.set_defaults(command=_search)
    evaluate = commands.add_parser("evaluate", help="measure the answers on known questions")
    evaluate.add_argument("--questions", type=Path, required=True, help="lines with what is right")
    evaluate.add_argument("--collection", type=Path, action="append", default=[])
    evaluate.set_defaults(command=_evaluate)
    return parser


def _add_office_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    def of_office(name: str, command: _Command, about: str) -> argparse.ArgumentParser:
        parser = commands.add_parser(name, help=about)
        parser.add_argument("--office", required=True, help="the id of the office")
        parser.set_defaults(command=command)
        return parser

    invite = of_office("invite", _invite, "invite a manager, or anybody, to the staff")
    invite.add_argument("--role", required=True, choices=["officer", "finance", "manager"])
    digest = of_office("digest", _digest, "print what no digest has told an office yet")
    digest.add_argument("--weekly", action="store_true", help="the weekly one")
    digest.add_argument("--dry-run", action="store_true", help="needed: the desk itself tells")
    export = of_office("export", _export, "write the cases of a period into a file")
    export.add_argument("--from", dest="first", required=True, help="such as 1405/08/01")
    export.add_argument("--to", dest="last", required=True, help="such as 1405/08/30")
    export.add_argument("--format", choices=["xlsx", "csv"], required=True)
    export.add_argument("--output", type=Path, required=True, help="the file")
    reconcile = of_office("reconcile", _reconcile, "lay a file of the bank beside the records")
    reconcile.add_argument("--gateway", action="store_true", help="it is the payment gateway's")
    reconcile.add_argument("file", type=Path, help="XLSX or CSV")


def command_names() -> list[str]:
    """Name every command, for the test that compares the program with its documentation."""
    actions = (action for action in _parser()._actions if action.choices)  # noqa: SLF001 - argparse tells it no other way
    return [name for action in actions for name in action.choices or ()]


def _run(asked: argparse.Namespace) -> int:
    gc.disable()  # Until the start is over: nothing of it is garbage, and to look takes a tenth.
    from bot import app  # noqa: PLC0415 - half a second that the other commands need not wait for
    from bot.kit import logs  # noqa: PLC0415 - as above

    settings = load_settings()
    logs.set_up(settings.log_level)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(app.run(settings, on_simulator=asked.on_simulator))
    return 0


def _check(_asked: argparse.Namespace) -> int:
    from bot import app  # noqa: PLC0415 - as above
    from bot.kit.database_file import prepare_database  # noqa: PLC0415 - as above
    from handlers.jobs import by_hand  # noqa: PLC0415 - as above

    settings = load_settings()
    content = app.load_content(settings)
    prepare_database(settings.database_url)
    keys = asyncio.run(by_hand.keyring_line(settings.database_url, settings.keyring_file))
    offices = ", ".join(published.office.id for published in content.catalogue.offices)
    print(f"Settings, translations, database and catalogue ({offices}) are in order.\n{keys}")
    if settings.bot_token is None:
        print("No MIZBAN_BOT_TOKEN is set: the desk will run on its simulator.")
    return 0


def _health(_asked: argparse.Namespace) -> int:
    from urllib.error import HTTPError  # noqa: PLC0415 - as above
    from urllib.request import urlopen  # noqa: PLC0415 - as above

    address = f"http://127.0.0.1:{load_settings().health_port}/health"
    try:
        with urlopen(address, timeout=5) as response:
            print(response.read().decode())
    except HTTPError as error:
        print(error.read().decode())
        return 1
    except OSError:
        print(f"Nothing answers at {address}; does the desk run? See its log.", file=sys.stderr)
        return 1
    return 0


def _invite(asked: argparse.Namespace) -> int:
    from bot import app  # noqa: PLC0415 - as above
    from bot.citizens.model import Role  # noqa: PLC0415 - as above
    from handlers.jobs import by_hand  # noqa: PLC0415 - as above

    settings = load_settings()
    url, role = app.database_url(settings), Role(asked.role)
    payload = asyncio.run(
        by_hand.invite(url, settings.catalogue_dir, asked.office, role, now=now())
    )
    print(by_hand.invited(payload, asyncio.run(app.link(settings, payload))))
    return 0


def _add_key(_asked: argparse.Namespace) -> int:
    from bot import app  # noqa: PLC0415 - as above
    from bot.kit.keyring_file import add_key  # noqa: PLC0415 - as above

    path = app.keyring_path(load_settings())
    print(f"Key {add_key(path)} is in {path}; restart the desk, and copy the file anew.")
    return 0


def _digest(asked: argparse.Namespace) -> int:
    from handlers.jobs import by_hand  # noqa: PLC0415 - as above

    if not asked.dry_run:
        raise StartRefused(["--dry-run: is needed; the desk sends its digests itself."])
    settings = load_settings()
    records, answerer = _records(settings, asked.office), _answerer(settings, None)
    print(asyncio.run(by_hand.digest_text(records, answerer, weekly=asked.weekly, now=now())))
    return 0


def _export(asked: argparse.Namespace) -> int:
    from handlers.jobs import by_hand  # noqa: PLC0415 - as above

    records = _records(load_settings(), asked.office)
    days = by_hand.days_between(asked.first, asked.last)
    content, count = asyncio.run(by_hand.report_file(records, days, asked.format, now=now()))
    try:
        asked.output.write_bytes(content)
    except OSError as error:
        raise StartRefused([f"{asked.output}: cannot be written ({error.strerror})."]) from None
    print(f"Cases in {asked.output}: {count}.")
    return 0


def _reconcile(asked: argparse.Namespace) -> int:
    from handlers.jobs import by_hand_money  # noqa: PLC0415 - as above

    file = by_hand_money.SentFile.at(asked.file, is_gateways=asked.gateway)
    work = by_hand_money.reconcile(_records(load_settings(), asked.office), file, now=now())
    said, is_clean = asyncio.run(work)
    print(said)
    return 0 if is_clean else 1


def _records(settings: Settings, office_id: str) -> Records:
    from bot import app  # noqa: PLC0415 - as above
    from handlers.jobs import by_hand  # noqa: PLC0415 - as above

    return by_hand.open_records(
        app.database_url(settings),
        office_id,
        catalogue_dir=settings.catalogue_dir,
        locale_dir=settings.locale_dir,
        language=settings.default_language,
    )


def _audit(_asked: argparse.Namespace) -> int:
    from bot import app  # noqa: PLC0415 - as above
    from handlers.jobs import by_hand  # noqa: PLC0415 - as above

    settings = load_settings()
    work = by_hand.audit_lines(app.database_url(settings), settings.catalogue_dir, now=now())
    faults = asyncio.run(work)
    print("\n".join(faults) or "The ledger is right, and so are the places of workshops.")
    return 1 if faults else 0


def _check_catalogue(_asked: argparse.Namespace) -> int:
    from handlers.jobs import by_hand  # noqa: PLC0415 - as above

    settings = load_settings()
    print("\n".join(by_hand.catalogue_lines(settings.catalogue_dir, settings.locale_dir, now())))
    return 0


def _ask(_asked: argparse.Namespace) -> int:
    from bot.catalogue.search.commands import answer_lines  # noqa: PLC0415 - as above

    settings = load_settings()
    answerer = _answerer(settings, _encoder(settings))
    asyncio.run(_print_all(answer_lines(sys.stdin.buffer, answerer)))
    return 0


def _answerer(settings: Settings, encoder: Encoder | None) -> Answerer:
    from bot.catalogue.loader import load_catalogue  # noqa: PLC0415 - as above
    from bot.catalogue.search import Answerer, load_lexicon  # noqa: PLC0415 - as above

    catalogue = load_catalogue(settings.catalogue_dir)
    lexicon = load_lexicon(settings.lexicon_dir)
    answerer = Answerer(catalogue, lexicon)
    return answerer if encoder is None else answerer.taught(encoder, settings.cache_dir)


def _search(asked: argparse.Namespace) -> int:
    from bot.catalogue.search import load_lexicon  # noqa: PLC0415 - as above
    from bot.catalogue.search.commands import search_lines  # noqa: PLC0415 - as above

    settings = load_settings()
    lexicon, encoder = load_lexicon(settings.lexicon_dir), _encoder(settings)
    cache_dir = settings.cache_dir / "collections"
    for line in search_lines(asked.passages, asked.queries, lexicon, encoder, cache_dir):
        print(line)
    return 0


def _evaluate(asked: argparse.Namespace) -> int:
    """Measure with the words alone, then with the semantic signal where it is installed."""
    from bot.catalogue.search import evaluation, load_lexicon  # noqa: PLC0415 - as above

    settings = load_settings()
    encoder = _encoder(settings)
    signals = (None, *([] if encoder is None else [encoder]))
    lines = evaluation.evaluation_lines(
        asked.questions,
        asked.collection,
        load_lexicon(settings.lexicon_dir),
        ((signal, _answerer(settings, signal)) for signal in signals),
        settings.cache_dir / "collections",
    )
    asyncio.run(_print_all(lines))
    return 0


async def _print_all(lines: AsyncIterator[str]) -> None:
    async for line in lines:
        print(line, flush=True)


def _encoder(settings: Settings) -> Encoder | None:
    from bot.catalogue.search import installed_encoder  # noqa: PLC0415 - as above

    return installed_encoder(cores()) if settings.semantic else None


if __name__ == "__main__":
    sys.exit(main())
