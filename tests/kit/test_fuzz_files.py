"""Files of any bytes that staff or an editor hand in: read, or refused; never a defect."""

import random
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bot.catalogue.loader import load_catalogue
from bot.kit.errors import DeskError, StartRefused
from bot.kit.sheets import SheetUnreadable, read_sheet
from bot.wallet.model import BankFileKind
from bot.wallet.rules.bank_files import read_bank_file

SHIPPED = Path(__file__).parent.parent.parent / "data" / "catalogue"
FUZZ = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(["=1+1", "@x", "۱۴۰۵/۰۹/۰۱", "تاریخ", "مبلغ", "شماره پیگیری", "9" * 400, "-"]),
)


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def try_all(content: bytes) -> None:
    for kind in BankFileKind:
        try:
            read_bank_file(content, kind)
        except DeskError:
            continue
    try:
        read_sheet(content, rows_max=100)
    except SheetUnreadable:
        return


@FUZZ
@given(content=st.binary(max_size=300))
@example(b"")
@example(b"PK\x03\x04")
@example(b"a;b;c\n" * 3)
@example("تاریخ,شماره پیگیری,مبلغ\n۱۴۰۵/۰۹/۰۱,12345678,۱۰۰۰\n".encode())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try_all(content)


@FUZZ
@given(rows=st.lists(st.lists(cells, max_size=6), max_size=6))
def test_a_workbook_of_any_cells_is_read_or_refused(rows: list[list[object]]) -> None:
    try_all(workbook(rows))


@pytest.fixture(scope="module")
def sound() -> bytes:
    return workbook([["تاریخ", "شماره پیگیری", "مبلغ"], ["۱۴۰۵/۰۹/۰۱", "12345678", 1000]] * 5)


@FUZZ
@given(seed=st.integers(0, 2**32))
@example(13795)
def test_a_broken_workbook_is_read_or_refused(sound: bytes, seed: int) -> None:
    rng = random.Random(seed)
    content = bytearray(sound)
    for _ in range(rng.choice([1, 5, 50])):
        content[rng.randrange(len(content))] = rng.randrange(256)
    try_all(bytes(content[: rng.choice([len(content), rng.randrange(len(content))])]))


@FUZZ
@given(seed=st.integers(0, 2**32))
def test_a_workbook_with_other_parts_inside_is_read_or_refused(sound: bytes, seed: int) -> None:
    """The archive is whole, and one of its documents is not."""
    rng, changed = random.Random(seed), BytesIO()
    with zipfile.ZipFile(BytesIO(sound)) as old, zipfile.ZipFile(changed, "w") as new:
        victim = rng.choice(old.namelist())
        for name in old.namelist():
            part = bytearray(old.read(name))
            if name == victim:
                at = rng.randrange(len(part))
                part[at : at + rng.randrange(40)] = rng.choice(
                    [b"", b"<", b"&x;", b"\xff", b"9" * 99]
                )
            if name != victim or rng.random() < 0.8:
                new.writestr(name, bytes(part))
    try_all(changed.getvalue())


PIECES = [
    "", ":", "- ", "\t", "null", "[", "{", "&a *a", "!!python/object:os.system", "9" * 50, "\x00",
    "۱", "'", "#", "\n", "x: y\n", "true", "-1", "1405/13/45", "\u202e", "<b>",
]  # fmt: skip


def faults_in(directory: Path) -> list[str] | None:
    try:
        load_catalogue(directory)
    except StartRefused as refused:
        return list(refused.faults)
    return None


@settings(FUZZ, max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_a_catalogue_with_a_slip_is_loaded_or_refused_with_a_line(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    rng = random.Random(seed)
    directory = tmp_path_factory.mktemp("catalogue") / "catalogue"
    shutil.copytree(SHIPPED, directory)
    file = rng.choice(sorted(directory.rglob("*.yaml")))
    text = file.read_text("utf-8")
    at = rng.randrange(len(text))
    text = text[:at] + rng.choice(PIECES) + text[at + rng.choice([0, 0, 1, 5, 40]) :]
    file.write_text(text, "utf-8")
    faults = faults_in(directory)
    shutil.rmtree(directory.parent)
    assert faults is None or faults
    assert not [fault for fault in faults or () if "\n" in fault]
