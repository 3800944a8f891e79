"""What the desk is made of: a bill of materials from the lock, and a page of licences.

`make sbom` writes var/mizban.cdx.json (CycloneDX 1.6) and docs/licences.md. The lock says which
packages, in which versions, with which hashes and because of whom; the licences are those that
the installed packages state, where some of them state it in words of their own.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import uuid
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "docs" / "licences.md"
BILL: Final = ROOT / "var" / "mizban.cdx.json"
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)\s*(?:;\s*([^\\]*?))?\s*\\?$")
_HASH: Final = re.compile(r"^\s+--hash=sha256:([0-9a-f]{64})")
_BECAUSE: Final = re.compile(r"^    # (?:via |  )(?:-r )?([A-Za-z0-9._-]+)")
_OURSELVES: Final = "mizban"

# As packages word it, and as SPDX does.
_SPDX: Final = {
    "2-clause BSD": "BSD-2-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# Where a package states its licence in a text, in two words, or too vaguely, as its text has it.
_READ_IN_ITS_TEXT: Final = {
    "colorama": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "jalali-core": "LGPL-2.1-or-later",
    "kiwisolver": "BSD-3-Clause",
    "matplotlib": "LicenseRef-Matplotlib",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "python-stdnum": "LGPL-2.1-or-later",
    "segno": "BSD-3-Clause",
    "uvloop": "Apache-2.0 OR MIT",
}
# Nothing here binds the desk's own code, or whoever runs it. The LGPL asks that its libraries can
# be exchanged, as they can: they are installed beside the desk, unchanged, and imported.
ALLOWED: Final = frozenset(
    (
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC"),
        *("LGPL-2.1-or-later", "LGPL-3.0-only", "LicenseRef-Matplotlib", "MIT", "MIT-0"),
        *("MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib", "any-OSI"),
    )
)


@dataclass
class Package:
    """One line of a lock."""

    name: str
    version: str
    marker: str
    hashes: list[str] = field(default_factory=list)
    because_of: list[str] = field(default_factory=list)

    @property
    def purl(self) -> str:
        """Name it as all tools do."""
        return f"pkg:pypi/{self.name.lower().replace('_', '-')}@{self.version}"


def locked(lock: Path) -> list[Package]:
    """Read a lock file, whose every line is known to this."""
    packages: list[Package] = []
    for line in lock.read_text("utf-8").splitlines():
        if pinned := _PINNED.match(line):
            packages.append(Package(pinned[1], pinned[2], (pinned[3] or "").strip()))
        elif hashed := _HASH.match(line):
            packages[-1].hashes.append(hashed[1])
        elif because := _BECAUSE.match(line):
            packages[-1].because_of.append(because[1])
        elif line.strip() != "# via":
            raise ValueError(f"{lock}: {line!r} is no line of a lock")
    return packages


def licence_of(name: str) -> str:
    """Say under which licence a package is, in SPDX; "unknown" where it does not say."""
    if name in _READ_IN_ITS_TEXT:
        return _READ_IN_ITS_TEXT[name]
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "unknown"
    classified = [
        str(line).rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or []
        if line.startswith("License :: OSI Approved :: ")
    ]
    stated = str(about["License-Expression"] or about["License"] or "").strip()
    stated = stated.partition("\n")[0]  # where the whole text stands, its title
    for said in (stated, *classified):
        spdx = _SPDX.get(said, said)
        if set(atoms(spdx)) <= ALLOWED and spdx:
            return spdx
    return stated or "unknown"


def atoms(expression: str) -> list[str]:
    """Name the licences in an expression."""
    return [word for word in re.split(r"[\s()]+", expression) if word not in {"AND", "OR", ""}]


def bill() -> dict[str, Any]:
    """List what the desk runs with, as CycloneDX has it; the same lock gives the same bill."""
    lock = ROOT / "requirements.lock"
    packages = locked(lock)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ourselves = f"pkg:generic/{_OURSELVES}@{project['version']}"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    needed: dict[str, list[str]] = {}
    for package in packages:
        for name in package.because_of:
            needed.setdefault(name, []).append(package.purl)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ourselves,
                "name": _OURSELVES,
                "version": project["version"],
                "description": project["description"],
            },
            "properties": [{"name": "mizban:lock:sha256", "value": digest}],
        },
        "components": [_component(package) for package in packages],
        "dependencies": [
            {"ref": ourselves, "dependsOn": sorted(needed.get(_OURSELVES, []))},
            *(
                {"ref": package.purl, "dependsOn": sorted(needed.get(package.name, []))}
                for package in packages
            ),
        ],
    }


def _component(package: Package) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
        "licenses": [{"expression": licence_of(package.name)}],
    }
    if package.marker:
        found["properties"] = [{"name": "mizban:marker", "value": package.marker}]
    return found


def page() -> str:
    """Write the page of licences."""
    run = locked(ROOT / "requirements.lock")
    names = {package.name for package in run}
    dev = [one for one in locked(ROOT / "requirements-dev.lock") if one.name not in names]
    lines = [
        "# Licences",
        "",
        "What the desk is made of beside its own code, and under which licence each part is",
        "(SPDX). `make sbom` writes this page from the lock files and from what the installed",
        "packages state; a test compares the two, and fails for a licence that is unknown or",
        "would bind the desk's own code. Those under the LGPL are installed beside the desk,",
        "unchanged, and can be exchanged; so are those under the MPL.",
        "",
        "## What it runs with",
        "",
        *_table(run),
        "",
        "## What it is developed and tested with, and is not shipped",
        "",
        *_table(dev),
    ]
    return "\n".join(lines) + "\n"


def _table(packages: list[Package]) -> list[str]:
    rows = sorted({(one.name, licence_of(one.name)) for one in packages})
    return ["| Package | Licence |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)]


def main() -> None:
    """Write both files."""
    BILL.parent.mkdir(exist_ok=True)
    BILL.write_text(json.dumps(bill(), indent=2) + "\n", "utf-8")
    PAGE.write_text(page(), "utf-8")
    print(f"{BILL.relative_to(ROOT)} and {PAGE.relative_to(ROOT)} are written.")


if __name__ == "__main__":
    main()
