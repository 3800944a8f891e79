"""What the machine offers is looked at before the desk relies on it."""

from pathlib import Path

import pytest

from bot.kit.machine import is_zone, write_fault


@pytest.mark.parametrize(
    "name", ["Asia/Tehran", ":Asia/Tehran", "UTC", "IRST-3:30", "<+0330>-3:30", "EST5EDT,M3.2.0"]
)
def test_a_zone_a_file_or_a_rule_is_a_zone(name: str, tmp_path: Path) -> None:
    assert is_zone(name)
    (tmp_path / "zone").touch()
    assert is_zone(f"{tmp_path}/zone")


@pytest.mark.parametrize(
    "name", ["Nowhere", "Asia/Tehrann", "../etc/passwd", "/no/such/file", "3"]
)
def test_anything_else_is_none(name: str) -> None:
    assert not is_zone(name)


def test_a_folder_is_written_to_and_left_empty(tmp_path: Path) -> None:
    assert write_fault(tmp_path / "a" / "b", is_made=True) is None
    assert list((tmp_path / "a" / "b").iterdir()) == []
    assert "No such file" in (write_fault(tmp_path / "c", is_made=False) or "")
    (tmp_path / "file").touch()
    assert "Not a directory" in (write_fault(tmp_path / "file", is_made=False) or "")
