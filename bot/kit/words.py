"""The words of the product: English message ids, and their Persian from locale/.

The .po files are read as they are, so there is no compiled file to forget (ADR 0011). A Persian
catalogue that is missing, unfinished or at odds with its placeholders stops the program at start:
silent English would be worse than no start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from bot.kit.errors import StartRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Language = Literal["fa", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DOMAIN = "mizban"
_BRACES = re.compile(r"{[^{}]*}?|}")


@dataclass(frozen=True, eq=False)  # a key of caches: itself, not all that it says
class Words:
    """How the desk speaks one language; a view begins with `_ = words.gettext`."""

    language: Language
    _messages: Mapping[str, str] = field(repr=False)

    def gettext(self, message: str) -> str:
        """Say a message of the product."""
        return self._messages.get(message, message)


def load_words(directory: Path) -> Mapping[Language, Words]:
    """Read every language of the product; raise StartRefused with a line for each fault."""
    faults: list[str] = []
    catalogues = {language: _read(directory, language, faults) for language in LANGUAGES}
    known = {id_ for messages in catalogues.values() for id_ in _ids(messages)}
    for language, messages in catalogues.items():
        lacking = sorted(known - _ids(messages))
        if lacking and len(messages):
            path = _path(directory, language)
            faults.append(f"{path}: lacks {len(lacking)} messages, such as {lacking[0][:50]!r}.")
    if faults:
        raise StartRefused(faults)
    return {
        language: Words(language, {str(one.id): str(one.string) for one in catalogues[language]})
        for language in LANGUAGES
    }


def language_of(code: str | None, default: Language) -> Language:
    """Choose the language for a messenger's code: `fa-IR` is Persian, `ar` is not known."""
    base = (code or "").replace("_", "-").split("-")[0].lower()
    return next((language for language in LANGUAGES if language == base), default)


def _path(directory: Path, language: Language) -> Path:
    return directory / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _read(directory: Path, language: Language, faults: list[str]) -> Catalog:
    path = _path(directory, language)
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
    except (OSError, PoFileError, ValueError) as error:
        faults.append(f"{path}: the translations cannot be read: {_reason(error)}.")
        return Catalog(locale=language)
    if not len(catalogue):
        faults.append(f"{path}: holds no translations.")
    faults.extend(f"{path}: {fault}" for fault in _faults(catalogue))
    return catalogue


def _reason(error: Exception) -> str:
    match error:
        case PoFileError():
            return f"line {error.lineno + 1} is broken"
        case UnicodeDecodeError():
            return "it is not UTF-8 text"
        case OSError():
            return str(error.strerror)
    return type(error).__name__


def _ids(catalogue: Catalog) -> set[str]:
    ids = (message.id if isinstance(message.id, str) else message.id[0] for message in catalogue)
    return {id_ for id_ in ids if id_}


def _faults(catalogue: Catalog) -> list[str]:
    """Name every message that is untranslated, doubtful, or has other placeholders than its id."""
    faults = []
    for message in catalogue:
        if not message.id:
            continue
        if not (isinstance(message.id, str) and isinstance(message.string, str)):
            faults.append(f"line {message.lineno}: has plural forms; write one message for each.")
            continue
        if message.fuzzy:
            faults.append(f"line {message.lineno}: marked fuzzy, please confirm the translation.")
        elif not message.string:
            faults.append(f"line {message.lineno}: {message.id[:50]!r} is not translated.")
        elif set(_BRACES.findall(message.id)) != set(_BRACES.findall(message.string)):
            faults.append(f"line {message.lineno}: the names in braces differ from the original.")
    return faults
