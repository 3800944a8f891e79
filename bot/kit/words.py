"""The words of the product: English message ids, and their Persian from locale/.

The .po files are read as they are, so there is no compiled file to forget (ADR 0011). A Persian
catalogue that is missing, unfinished or at odds with its placeholders stops the program at start:
silent English would be worse than no start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import TYPE_CHECKING, Literal, get_args

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from bot.kit.errors import StartRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from babel.messages.catalog import Catalog

Language = Literal["fa", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DOMAIN = "mizban"
_PLACEHOLDER = re.compile(r"{[a-z_]*}")


@dataclass(frozen=True)
class Words:
    """How the desk speaks one language; a view begins with `_ = words.gettext`."""

    language: Language
    _translations: NullTranslations = field(repr=False)

    def gettext(self, message: str) -> str:
        """Say a message of the product."""
        return self._translations.gettext(message)


def load_words(directory: Path) -> Mapping[Language, Words]:
    """Read every language of the product; raise StartRefused with a line for each fault."""
    faults: list[str] = []
    spoken = {language: _load(directory, language, faults) for language in LANGUAGES}
    if faults:
        raise StartRefused(faults)
    return spoken


def language_of(code: str | None, default: Language) -> Language:
    """Choose the language for a messenger's code: `fa-IR` is Persian, `ar` is not known."""
    base = (code or "").replace("_", "-").split("-")[0].lower()
    return next((language for language in LANGUAGES if language == base), default)


def _load(directory: Path, language: Language, faults: list[str]) -> Words:
    path = directory / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
    except (OSError, PoFileError, ValueError) as error:
        faults.append(f"{path}: the translations cannot be read ({type(error).__name__}).")
        return Words(language, NullTranslations())
    faults.extend(f"{path}: {fault}" for fault in _faults(catalogue))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Words(language, GNUTranslations(compiled))


def _faults(catalogue: Catalog) -> list[str]:
    """Name every message that is untranslated, doubtful, or has other placeholders than its id."""
    faults = []
    for message in catalogue:
        if not message.id:
            continue
        assert isinstance(message.id, str)
        assert isinstance(message.string, str)
        if message.fuzzy:
            faults.append(f"line {message.lineno}: marked fuzzy, please confirm the translation.")
        elif not message.string:
            faults.append(f"line {message.lineno}: {message.id[:50]!r} is not translated.")
        elif set(_PLACEHOLDER.findall(message.id)) != set(_PLACEHOLDER.findall(message.string)):
            faults.append(f"line {message.lineno}: the names in braces differ from the original.")
    return faults
