import re
import shutil
from pathlib import Path

import pytest

from bot.kit.errors import StartRefused
from bot.kit.words import DOMAIN, LANGUAGES, language_of, load_words

ROOT = Path(__file__).parent.parent.parent
HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"""
WHOLE = (
    HEAD
    + """
msgid "Hello {name}"
msgstr "سلام {name}"
"""
)


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    for language in LANGUAGES:
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / f"{DOMAIN}.po").write_text(WHOLE, "utf-8")
    return tmp_path


def po(locale: Path, language: str = "fa") -> Path:
    return locale / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def whole(messages: str) -> str:
    """Say the same ids, each translated as itself."""
    return "".join(
        f'msgid "{id_}"\nmsgstr "{id_}"\n' for id_ in re.findall('msgid "(.*)"', messages)
    )


def refusal(locale: Path) -> str:
    with pytest.raises(StartRefused) as refused:
        load_words(locale)
    (fault,) = refused.value.faults
    assert "\n" not in fault
    return fault


def test_each_language_says_its_own_words(locale: Path) -> None:
    words = load_words(locale)
    assert words["fa"].gettext("Hello {name}") == "سلام {name}"
    assert words["fa"].language == "fa"


def test_the_shipped_words_are_whole() -> None:
    words = load_words(ROOT / "locale")
    assert set(words) == set(LANGUAGES)
    assert words["fa"].gettext("Steps") != words["en"].gettext("Steps") == "Steps"


@pytest.mark.parametrize(
    ("messages", "complaint"),
    [
        ('msgid "Hello {name}"\nmsgstr ""\n', "not translated"),
        ('msgid "Hello {name}"\nmsgstr "سلام {nam}"\n', "names in braces differ"),
        ('msgid "Hello {name}"\nmsgstr "سلام"\n', "names in braces differ"),
        ('msgid "Hello"\nmsgstr "سلام {name}"\n', "names in braces differ"),
        ('msgid "Hello"\nmsgstr "سلام {0}"\n', "names in braces differ"),
        ('msgid "Hello"\nmsgstr "سلام {name!r}"\n', "names in braces differ"),
        ('msgid "Hello"\nmsgstr "سلام {"\n', "names in braces differ"),
        ('msgid "day"\nmsgid_plural "days"\nmsgstr[0] "روز"\n', "plural"),
        ('#, fuzzy\nmsgid "Hello {name}"\nmsgstr "سلام {name}"\n', "fuzzy"),
    ],
    ids=[
        "empty",
        "misspelt",
        "left out",
        "added",
        "a number",
        "converted",
        "half",
        "plural",
        "fuzzy",
    ],
)
def test_an_unfinished_translation_stops_the_program_with_its_line(
    locale: Path, messages: str, complaint: str
) -> None:
    for language in LANGUAGES:  # both say the same ids; only the Persian file is at fault
        po(locale, language).write_text(HEAD + "\n" + whole(messages), "utf-8")
    po(locale).write_text(HEAD + "\n" + messages, "utf-8")
    fault = refusal(locale)
    assert complaint in fault
    assert re.search(r"mizban\.po: line [5-6]: ", fault)


@pytest.mark.parametrize(
    "content",
    [b"not a catalogue at all", HEAD.encode() + b'\nmsgid "Hello\n', b"\xff\xfe\x00", b""],
    ids=["prose", "open quote", "binary", "empty"],
)
def test_a_garbled_translation_stops_the_program(locale: Path, content: bytes) -> None:
    po(locale).write_bytes(content)
    assert "mizban.po" in refusal(locale)


def test_a_missing_translation_stops_the_program(locale: Path) -> None:
    shutil.rmtree(locale / "fa")
    assert "cannot be read" in refusal(locale)


def test_a_translation_that_lacks_messages_of_the_other_stops_the_program(locale: Path) -> None:
    po(locale, "en").write_text(WHOLE + '\nmsgid "Bye"\nmsgstr "Bye"\n', "utf-8")
    assert "'Bye'" in refusal(locale)


def test_every_fault_of_every_language_is_told_at_once(locale: Path) -> None:
    for language in LANGUAGES:
        po(locale, language).write_text(HEAD + '\nmsgid "a"\nmsgstr ""\n\nmsgid "b"\nmsgstr ""\n')
    with pytest.raises(StartRefused) as refused:
        load_words(locale)
    assert len(refused.value.faults) == 4


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("fa", "fa"),
        ("fa-IR", "fa"),
        ("FA_ir", "fa"),
        ("en-US", "en"),
        ("en", "en"),
        ("ar", "fa"),
        ("fas", "fa"),
        ("", "fa"),
        (None, "fa"),
        ("-", "fa"),
    ],
)
def test_the_messengers_language_is_spoken_where_it_is_known(
    code: str | None, language: str
) -> None:
    assert language_of(code, "fa") == language


def test_the_default_is_spoken_to_everybody_else() -> None:
    assert [language_of(code, "en") for code in (None, "ar", "fa")] == ["en", "en", "fa"]
