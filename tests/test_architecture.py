"""The rules of the house, as a program."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot.kit.errors import Conflict, DeskError, InvalidInput, NotAllowed, NotFound

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")])
PERSIAN = re.compile("[\u0621-\u06cc]")
# These carry tables of characters or the texts of the trial messenger, which no citizen meets.
MAY_HOLD_PERSIAN = ("bot/kit/", "bot/simulator/")
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEST_FILE_LINES_MAX = 600
TEST_FUNCTION_LINES_MAX = 80
ROOM_FILES = {
    "__init__.py",
    "model.py",
    "errors.py",
    "rules.py",
    "tables.py",
    "repository.py",
    "use_cases.py",
    # What would be longer than a file may be becomes a package of the same name.
    "model",
    "errors",
    "rules",
    "tables",
    "repository",
    "use_cases",
}
ROOMS_OF_THEIR_OWN = {"catalogue": {"loader.py", "search"}}
NOT_FEATURES = {
    *("app", "kit", "messenger", "migrations", "settings", "shell", "simulator"),
    "__pycache__",
}
FEATURES = sorted(
    path.name
    for path in (ROOT / "bot").iterdir()
    if path.is_dir() and path.name not in NOT_FEATURES
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def trees() -> list[tuple[str, ast.Module]]:
    return [(relative(path), ast.parse(path.read_text("utf-8"))) for path in SOURCES]


def leaves(kind: type[DeskError]) -> set[type[DeskError]]:
    below = kind.__subclasses__()
    return {kind} if not below else set().union(*(leaves(child) for child in below))


def test_every_refusal_has_words_of_its_own() -> None:
    from handlers.views.errors import refusal  # noqa: PLC0415 - registers what is checked here

    general = {DeskError, NotFound, NotAllowed, Conflict, InvalidInput}
    wordless = {
        error.__name__ for error in leaves(DeskError) - general if error not in refusal.registry
    }
    assert not wordless


def test_persian_is_written_in_data_and_locale_only() -> None:
    found = [
        relative(path)
        for path in SOURCES
        if PERSIAN.search(path.read_text("utf-8"))
        and not relative(path).startswith(MAY_HOLD_PERSIAN)
    ]
    assert not found


@pytest.mark.parametrize(
    ("paths", "lines_max", "function_lines_max"),
    [
        (SOURCES, FILE_LINES_MAX, FUNCTION_LINES_MAX),
        (TESTS, TEST_FILE_LINES_MAX, TEST_FUNCTION_LINES_MAX),
    ],
    ids=["program", "tests"],
)
def test_files_and_functions_stay_short(
    paths: list[Path], lines_max: int, function_lines_max: int
) -> None:
    long = []
    for path in paths:
        text = path.read_text("utf-8")
        if text.count("\n") > lines_max:
            long.append(relative(path))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                if node.end_lineno - node.lineno + 1 > function_lines_max:
                    long.append(f"{relative(path)}:{node.lineno} {node.name}")
    assert not long


def imported_names(tree: ast.Module) -> set[str]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name for node in imports for alias in node.names}


def test_handlers_say_nothing_on_the_wire_themselves() -> None:
    direct = re.compile(r"^(send|reply|edit|delete|answer|forward|copy)_")
    found = []
    for name, tree in trees():
        ours = imported_names(tree) if name.startswith("handlers/") else set()
        found += [
            f"{name}:{node.lineno} {node.func.attr}"
            for node in ast.walk(tree)
            if name.startswith("handlers/")
            and isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and direct.match(node.func.attr)
            and not (isinstance(node.func.value, ast.Name) and node.func.value.id in ours)
        ]
    assert not found


@pytest.mark.parametrize("room", FEATURES)
def test_a_room_holds_the_files_of_the_map_and_no_others(room: str) -> None:
    held = {path.name for path in (ROOT / "bot" / room).iterdir() if path.name != "__pycache__"}
    assert held <= ROOM_FILES | ROOMS_OF_THEIR_OWN.get(room, set())


def test_no_message_stands_inside_an_f_string_where_it_is_not_found_for_translation() -> None:
    assert not [
        f"{name}:{call.lineno}"
        for name, tree in trees()
        for written in ast.walk(tree)
        if isinstance(written, ast.JoinedStr)
        for call in ast.walk(written)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"
    ]


def test_data_and_locale_are_not_packages() -> None:
    assert not [*(ROOT / "data").rglob("__init__.py"), *(ROOT / "locale").rglob("__init__.py")]


def test_every_module_says_what_it_is_for() -> None:
    assert not [
        name
        for name, tree in trees()
        if not ast.get_docstring(tree) and not name.startswith("bot/migrations/versions/")
    ]


def test_a_migration_stands_alone_because_it_outlives_the_code_beside_it() -> None:
    of_python = {"datetime", "hashlib", "json"}
    allowed = {"sqlalchemy", "alembic", "bot.kit.database", "bot.migrations"} | of_python
    imported = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for name, tree in trees()
        if name.startswith("bot/migrations/versions/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported
    assert imported <= allowed


def test_a_new_feature_stands_in_every_contract_that_lists_the_features() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for contract in ("Only the edge speaks Telegram", "Settings are read by the root alone"):
        listed = text.partition(f'name = "{contract}"')[2].partition("forbidden_modules")[0]
        assert not [room for room in FEATURES if f'"bot.{room}"' not in listed], contract
