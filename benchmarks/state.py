"""Writes what was measured into docs/state.md: a command replaces its own rows and no others'."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.machine import ROOT, description

_FILE: Final = ROOT / "docs" / "state.md"
_HEAD: Final = """# Where the desk stands

Each table is written by the command above it when it has measured; nobody types a figure in
here. Rates and times are of that machine at that load; ratios are of one run, in which both sides
took turns. [performance.md](performance.md) says how each is measured.
"""
_ORDER: Final = ("evaluate", "storm", "rush", "bench")


@dataclass(frozen=True)
class Figure:
    """One figure, and what it should be where that is decided; a limit counts as kept."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    is_least: bool = False  # the budget is the least it may be; otherwise the most
    digits: int = 2

    @property
    def measured(self) -> str:
        """Write the value."""
        return f"{self.value:,.{self.digits}f} {self.unit}".strip()

    @property
    def promised(self) -> str:
        """Write the budget, or nothing."""
        if self.budget is None:
            return ""
        return f"{'≥' if self.is_least else '≤'} {self.budget:g} {self.unit}".strip()

    @property
    def verdict(self) -> str:
        """Say whether the budget is kept, as the value is written."""
        if self.budget is None:
            return ""
        value = round(self.value, self.digits)
        is_kept = value >= self.budget if self.is_least else value <= self.budget
        return "kept" if is_kept else "MISSED"

    def line(self) -> str:
        """Write it for a terminal."""
        return (
            f"  {self.name:<52} {self.measured:>14}  {self.promised:<12} {self.verdict}".rstrip()
        )


def report(section: str, figures: Sequence[Figure], file: Path = _FILE) -> None:
    """Print figures, and put them into docs/state.md in place of the section's last ones."""
    print("\n".join(figure.line() for figure in figures), flush=True)
    rows = [
        f"| {one.name} | {one.measured} | {one.promised} | "
        f"{one.verdict.replace('MISSED', '**missed**')} |"
        for one in figures
    ]
    about = dict(line.split(maxsplit=1) for line in description())
    origin = f"`{_command()}`, {about['date']}; {about['machine']}; {about['software']}."
    table = ["| figure | measured | budget | |", "|---|---|---|---|", *rows]
    sections = _sections(file)
    sections[section] = "\n".join([f"## {section}", "", origin, "", *table, ""])
    written = [sections[name] for name in sorted(sections, key=_place)]
    file.write_text("\n".join([_HEAD, *written]), encoding="utf-8")


def _sections(file: Path) -> dict[str, str]:
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0].removeprefix("## "): part.rstrip() + "\n" for part in parts}


def _place(section: str) -> tuple[int, str]:
    word = section.partition(" ")[0].rstrip(",")
    return _ORDER.index(word) if word in _ORDER else len(_ORDER), section


def _command() -> str:
    """Write the command as it was typed, but for folders, which are of one machine alone."""
    module = sys.modules["__main__"].__spec__
    began = [Path(sys.argv[0]).name]  # such as pytest, which is a program of its own
    if module is not None:
        began = ["python", "-m", module.name.removesuffix(".__main__")]
    words = (word if "/" not in word else Path(word).name for word in sys.argv[1:])
    return " ".join([*began, *words])
