"""The bill of materials is the lock, and nothing in it binds the desk or is unknown."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import supply

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
BILL = supply.bill()
PURL = re.compile(r"pkg:pypi/([a-z0-9.-]+)@([^@]+)")


def pinned(lock: str) -> set[tuple[str, str]]:
    """Read the pins by other means than the program does."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    pins = [line.split(" ")[0].split("==") for line in lines if "==" in line and line[0].isalpha()]
    return {(name, version) for name, version in pins}


def test_the_bill_names_what_the_lock_pins_and_nothing_else() -> None:
    assert {(one["name"], one["version"]) for one in BILL["components"]} == pinned(LOCKS[0])
    text = (ROOT / LOCKS[0]).read_text("utf-8")
    hashes = [digest["content"] for one in BILL["components"] for digest in one["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", text))
    assert all(one["hashes"] for one in BILL["components"])


def test_the_bill_is_sound() -> None:
    assert (BILL["bomFormat"], BILL["specVersion"]) == ("CycloneDX", "1.6")
    refs = [one["bom-ref"] for one in BILL["components"]]
    assert len(set(refs)) == len(refs)
    for one in BILL["components"]:
        purl = PURL.fullmatch(one["purl"])
        assert purl is not None
        assert purl.groups() == (one["name"], one["version"])
    ourselves = BILL["metadata"]["component"]["bom-ref"]
    known = {*refs, ourselves}
    assert {line["ref"] for line in BILL["dependencies"]} == known
    leads = {line["ref"]: set(line["dependsOn"]) for line in BILL["dependencies"]}
    assert set().union(*leads.values()) == set(refs), "each is there because of somebody"
    assert "aiohttp" in {ref.partition("/")[2].partition("@")[0] for ref in leads[ourselves]}


def test_the_same_lock_gives_the_same_bill() -> None:
    program = "import json, sys; from docs import supply; print(json.dumps(supply.bill()))"
    made = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    assert json.loads(made.stdout) == BILL


def test_every_licence_is_known_and_binds_nobody() -> None:
    unfit = {
        package.name: supply.licence_of(package.name)
        for lock in LOCKS
        for package in supply.locked(ROOT / lock)
        if not set(supply.atoms(supply.licence_of(package.name))) <= supply.ALLOWED
    }
    assert unfit == {}


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "AGPL-3.0-or-later", "SSPL-1.0", "unknown"])
def test_what_would_bind_us_is_not_allowed(licence: str) -> None:
    assert not set(supply.atoms(f"MIT OR ({licence})")) <= supply.ALLOWED


def test_the_page_of_licences_is_in_step_with_the_locks() -> None:
    assert (ROOT / "docs" / "licences.md").read_text("utf-8") == supply.page(), "run make sbom"


def test_a_line_that_is_none_of_a_lock_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("six==1.17.0\ngit+https://example.org/six\n")
    with pytest.raises(ValueError, match=r"example\.org"):
        supply.locked(tmp_path / "lock")
