"""Documentation that cannot lag: the program is asked, and the pages are compared."""

import re
from pathlib import Path

from bot.__main__ import make_parser
from bot.settings import Settings
from handlers.commands import COMMANDS, DESK_COMMANDS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def settings() -> set[str]:
    return {f"MIZBAN_{name}".upper() for name in Settings.model_fields}


def shell_commands() -> list[str]:
    actions = (action for action in make_parser()._actions if action.choices)
    return [name for action in actions for name in action.choices or ()]


def test_every_setting_is_documented_and_no_other() -> None:
    documented = set(
        re.findall(r"^\| `(MIZBAN_[A-Z_]+)`", (DOCS / "settings.md").read_text(), re.MULTILINE)
    )
    assert documented == settings()


def test_every_setting_stands_in_the_example_file_and_no_other() -> None:
    shown = set(
        re.findall(r"^#? ?(MIZBAN_[A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )
    assert shown == settings()


def test_every_command_of_the_chat_and_of_the_shell_is_documented() -> None:
    page = (DOCS / "commands.md").read_text()
    private, _, others = page.partition("## In the admin chat")
    missing = [f"/{name}" for name in COMMANDS if f"\n| `/{name}` |" not in private]
    missing += [f"/{name} of staff" for name in DESK_COMMANDS if f"\n| `/{name}` |" not in others]
    missing += [name for name in shell_commands() if f"`python -m bot {name}" not in page]
    assert not missing


def test_every_decision_is_in_the_index() -> None:
    decisions = DOCS / "decisions"
    index = (decisions / "README.md").read_text()
    pages = [path.name for path in decisions.glob("[0-9]*.md")]
    assert pages
    assert not [name for name in pages if name not in index]


def test_every_fault_names_tests_that_there_are() -> None:
    page = (DOCS / "faults.md").read_text()
    rows = dict(re.findall(r"^\| (F\d+) \|(.*)\|$", page, re.MULTILINE))
    assert list(rows) == [f"F{number}" for number in range(1, 20)]
    named = {row: re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row) for row in rows.values()}
    assert all(named.values())
    missing = [
        f"{path}::{name}"
        for tests in named.values()
        for path, name in tests
        if not re.search(rf"^ *(async )?def {name}\(", (ROOT / path).read_text(), re.MULTILINE)
    ]
    assert missing == []
