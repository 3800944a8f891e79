"""Which version of the program this is, as the file says that the program is described in."""

from pathlib import Path
from typing import Final

_DESCRIBED_IN: Final = Path(__file__).resolve().parent.parent.parent / "pyproject.toml"


def version() -> str:
    """Read it."""
    import tomllib  # noqa: PLC0415 - read once, and only where somebody asks

    return str(tomllib.loads(_DESCRIBED_IN.read_text(encoding="utf-8"))["project"]["version"])
