"""A file of keys is read strictly, written whole or not at all, and never shown."""

import base64
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.kit.crypto import Keyring
from bot.kit.errors import StartRefused
from bot.kit.keyring_file import add_key, draw_keyring, find_keyring

ROOT = Path(__file__).parents[2]
KEYS = [base64.b64encode(bytes([65 + number]) * 32).decode() for number in range(4)]
Fields = dict[str, Any]


def fields(**changes: object) -> Fields:
    return {"current": 2, "keys": {"1": KEYS[1], "2": KEYS[2]}, "index": KEYS[0], **changes}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keyring.json"


def write(path: Path, content: bytes | str | Fields, mode: int = 0o600) -> Path:
    if isinstance(content, dict):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


def refusal(path: Path, act: Callable[[Path], object] = find_keyring) -> str:
    with pytest.raises(StartRefused) as refused:
        act(path)
    (fault,) = refused.value.faults
    assert fault.startswith(f"keyring: {path} ")
    assert fault.endswith(".")
    assert "\n" not in fault
    assert not [
        key for key in KEYS if key[:8] in fault or base64.b64decode(key)[:4] in fault.encode()
    ]
    return fault


def names_beside(path: Path) -> list[str]:
    return [file.name for file in path.parent.iterdir()]


def same(one: Keyring | None, other: Keyring | None) -> bool:
    assert one is not None
    assert other is not None
    return one == other


def test_what_is_drawn_is_read_again_and_is_for_its_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        drawn = draw_keyring(path)
    finally:
        os.umask(before)
    assert same(find_keyring(path), drawn)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names_beside(path) == [path.name]


def test_two_files_hold_different_keys(tmp_path: Path) -> None:
    rings = [draw_keyring(tmp_path / name) for name in ("a.json", "b.json")]
    assert len({key for ring in rings for key in (*ring.keys.values(), ring.index_key)}) == 4


def test_the_form_is_the_one_that_is_documented(path: Path) -> None:
    ring = find_keyring(write(path, fields()))
    assert same(ring, Keyring({1: b"B" * 32, 2: b"C" * 32}, 2, b"A" * 32))
    add_key(path)
    written = json.loads(path.read_bytes())
    new = written["keys"].pop("3")
    assert written == fields(current=3)
    assert len(base64.b64decode(new)) == 32


def test_no_file_and_no_folder_are_no_fault(tmp_path: Path) -> None:
    assert find_keyring(tmp_path / "keyring.json") is None
    assert find_keyring(tmp_path / "none" / "keyring.json") is None


def test_the_folders_it_is_to_stand_in_are_made(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "desk" / "keyring.json"
    drawn = draw_keyring(path)
    assert same(find_keyring(path), drawn)


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o666, 0o777])
def test_a_file_that_others_can_use_is_refused_with_what_mends_it(path: Path, mode: int) -> None:
    fault = refusal(write(path, fields(), mode))
    assert fault.endswith(f"chmod 600 {path}.")


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_what_its_owner_may_do_is_the_owners_business(path: Path, mode: int) -> None:
    assert find_keyring(write(path, fields(), mode)) is not None


def test_the_command_that_mends_the_mode_can_be_pasted_whatever_the_name(tmp_path: Path) -> None:
    fault = refusal(write(tmp_path / "my keys;.json", fields(), 0o644))
    assert f"chmod 600 '{tmp_path}/my keys;.json'" in fault


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_is_refused_wherever_it_leads(path: Path, *, is_there: bool) -> None:
    target = path.with_name("target.json")
    if is_there:
        write(target, fields())
    path.symlink_to(target)
    assert "symbolic link" in refusal(path)
    assert "is there already" in refusal(path, draw_keyring)
    assert target.exists() == is_there


def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "not a file" in refusal(tmp_path / "folder")
    assert "not a file" in refusal(tmp_path / "pipe")


def test_a_path_through_a_file_is_refused(path: Path) -> None:
    write(path, fields())
    assert "cannot be read" in refusal(path / "keyring.json")
    assert "cannot be written" in refusal(path / "keyring.json", draw_keyring)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (json.dumps(fields())[:-20], "is not JSON"),
        (b"\xff\xfe" + KEYS[0].encode(), "is not JSON"),
        (b"[" * 60_000, "is not JSON"),
        (b'{"current": ' + b"1" * 6_000 + b"}", "is not JSON"),
        (b" " * 70_000 + KEYS[0].encode(), "is too long"),
        (KEYS[0].join('""'), "has to hold current, index, keys"),
        (json.dumps([fields()]), "has to hold current, index, keys"),
        (fields(note="x"), "and nothing else"),
        ({"current": 1, "keys": {"1": KEYS[1]}}, "has to hold current, index, keys"),
        (json.dumps(fields()).replace('"2":', '"1":'), "says something twice"),
        (json.dumps(fields())[:-1] + ', "current": 1}', "says something twice"),
        (fields(keys=[KEYS[1]]), "by their numbers"),
        (fields(keys={KEYS[1]: "1"}), "by their numbers"),
        (fields(keys={"01": KEYS[1]}), "by their numbers"),
        (fields(keys={"0": KEYS[1]}), "by their numbers"),
        (fields(keys={"2": KEYS[1], "65536": KEYS[2]}), "numbered from 1 to 65535"),
        (fields(keys={}), "names no key of its own"),
        (fields(current=3), "names no key of its own"),
        (fields(current="2"), "names no key of its own"),
        (fields(current=KEYS[1]), "names no key of its own"),
        (fields(current=True, keys={"True": KEYS[1]}), "by their numbers"),
        (fields(current=2.0), "names no key of its own"),
        (fields(index=KEYS[1]), "two keys are the same"),
        (fields(index=KEYS[0][4:]), "a key has 32 bytes"),
        (fields(index=None), "a key is written in base64"),
        (fields(index=f"{KEYS[0]}\n"), "a key is written in base64"),
        (fields(index=f"*{KEYS[0]}"), "a key is written in base64"),
        (fields(index="\u06f1"), "a key is written in base64"),
        (fields(keys={"2": [KEYS[1]]}), "a key is written in base64"),
    ],
)
def test_a_broken_file_is_refused_in_one_line_that_shows_nothing_of_it(
    path: Path, content: bytes | str | Fields, complaint: str
) -> None:
    before = write(path, content).read_bytes()
    assert complaint in refusal(path)
    assert complaint in refusal(path, add_key)
    assert "is there already" in refusal(path, draw_keyring)
    assert path.read_bytes() == before
    assert names_beside(path) == [path.name]


def test_nothing_is_drawn_over_a_file_that_is_there(path: Path) -> None:
    draw_keyring(path)
    before = path.read_bytes()
    assert "is there already" in refusal(path, draw_keyring)
    assert path.read_bytes() == before
    assert names_beside(path) == [path.name]


def test_an_added_key_is_the_current_one_and_the_others_stay(path: Path) -> None:
    first = draw_keyring(path)
    assert [add_key(path), add_key(path)] == [2, 3]
    third = find_keyring(path)
    assert third is not None
    assert (third.current, sorted(third.keys)) == (3, [1, 2, 3])
    assert third.keys[1] == first.keys[1]
    assert third.index_key == first.index_key
    sealed = first.seal("mizban", column="payout.iban", row=1)
    assert third.open(sealed, column="payout.iban", row=1) == "mizban"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names_beside(path) == [path.name]


def test_a_number_is_not_used_again(path: Path) -> None:
    write(path, fields(current=1, keys={"1": KEYS[1], "7": KEYS[2]}))
    assert add_key(path) == 8


def test_when_there_are_no_numbers_left_none_is_added(path: Path) -> None:
    before = write(path, fields(current=65535, keys={"65535": KEYS[1]})).read_bytes()
    assert "no number left" in refusal(path, add_key)
    assert path.read_bytes() == before


def test_a_key_is_not_added_to_a_file_that_is_not_there(path: Path) -> None:
    assert "is not there" in refusal(path, add_key)
    assert names_beside(path) == []


def test_a_folder_that_cannot_be_written_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "cannot be written: No space left" in refusal(path, draw_keyring)
    assert names_beside(path) == []


KILLED = """
import os, sys
from pathlib import Path
from bot.kit import keyring_file

def killed(*_):
    os._exit(9)

os.link = os.replace = os.rename = Path.replace = killed
getattr(keyring_file, sys.argv[1])(Path(sys.argv[2]))
"""


def killed_before_the_renaming(act: str, path: Path) -> None:
    command = [sys.executable, "-c", KILLED, act, str(path)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9


def test_who_is_killed_before_the_renaming_leaves_the_old_file(path: Path) -> None:
    before = write(path, fields()).read_bytes()
    killed_before_the_renaming("add_key", path)
    assert path.read_bytes() == before
    (left,) = [file for file in path.parent.iterdir() if file != path]
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    assert add_key(path) == 3
    assert names_beside(path) == [path.name]


def test_who_is_killed_while_drawing_leaves_no_keyring(path: Path) -> None:
    killed_before_the_renaming("draw_keyring", path)
    assert find_keyring(path) is None
    drawn = draw_keyring(path)
    assert same(find_keyring(path), drawn)
    assert names_beside(path) == [path.name]


def test_of_two_who_write_at_once_one_is_refused(path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    write(path, fields())
    entry = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(entry, fcntl.LOCK_EX)
        assert "by another program" in refusal(path, add_key)
    finally:
        os.close(entry)
    assert add_key(path) == 3
