"""Reading data/catalogue/: all that offices publish, checked before the desk starts.

Every fault is one plain line with file, line and field, so that an editor can mend it without
reading the program. What is only incomplete is no fault: `notes` lists it for `catalogue check`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.catalogue.model import Catalogue
from bot.catalogue.rules.checking import PARTS, checked
from bot.kit.content import Content, ContentFaulty, read
from bot.kit.errors import StartRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.catalogue.model import Agreement, OfficeCatalogue
    from bot.kit.content import Place


class _Part:
    """The files of one office, and what was found wrong in them."""

    def __init__(self, directory: Path) -> None:
        self.faults: list[str] = []
        self.contents: dict[str, Content] = {}
        for name in PARTS:
            try:
                self.contents[name] = read(directory / f"{name}.yaml")
            except ContentFaulty as error:
                self.faults.extend(error.faults)
        values = {name: content.value for name, content in self.contents.items()}
        found = checked(values, directory.name)
        for name, place, complaint in found.flaws:
            self.fault(name, place, complaint)
        self.agreement: Agreement | None = found.models.get("sla")
        self.published = found.published

    def fault(self, name: str, place: Place, complaint: str) -> None:
        self.faults.append(self.contents[name].fault(place, complaint))


def load_catalogue(directory: Path) -> Catalogue:
    """Read every office's folder; raises StartRefused with one line for each fault."""
    folders = sorted(path for path in directory.glob("*/") if not path.name.startswith("."))
    if not folders:
        raise StartRefused([f"{directory}: there is no office here; add a folder for each"])
    parts = [_Part(folder) for folder in folders]
    _check_clauses_shared(parts)
    faults = [fault for part in parts for fault in part.faults]
    if faults:
        raise StartRefused(faults)
    offices = tuple(part.published for part in parts if part.published is not None)
    return Catalogue(offices, _version(folders))


def _version(folders: list[Path]) -> str:
    """Name this edition of the catalogue by what its files say."""
    digest = hashlib.sha256()
    for folder in folders:
        for name in PARTS:
            digest.update(f"{folder.name}/{name}\0".encode())
            digest.update((folder / f"{name}.yaml").read_bytes())
    return digest.hexdigest()[:16]


def _check_clauses_shared(parts: list[_Part]) -> None:
    """A clause is quoted by its id alone, so two offices cannot share one."""
    owner: dict[str, str] = {}
    for part in parts:
        agreement = part.agreement
        for number, clause in enumerate(agreement.clauses if agreement is not None else ()):
            file = part.contents["sla"].name
            if owner.setdefault(clause.id, file) != file:
                complaint = f"is taken: '{clause.id}' stands in {owner[clause.id]}"
                part.fault("sla", ("clauses", number, "id"), complaint)


def notes(catalogue: Catalogue) -> list[str]:
    """List what is flagged or not stated, for editors to settle with the office."""
    found: list[str] = []
    for published in catalogue.offices:
        found.extend(_flags(published))
        if published.desk.is_sample:
            found.append(f"{published.office.id}/desk: its hours and targets are a sample")
        for service in published.services:
            found.extend(
                f"{published.office.id}/{service.id}: {field} is not stated"
                for field in _MANDATORY
                if getattr(service, field) is None
            )
            found.extend(
                f"{published.office.id}/{service.id}: form.{field} is not stated"
                for field in _MANDATORY_IN_FORM
                if getattr(service.form, field) is None
            )
            if not service.clauses and service.parent is None:
                found.append(f"{published.office.id}/{service.id}: rests on no clause")
    return found


_MANDATORY_IN_FORM = ("nature", "levels", "events", "start", "frequency", "contact")
_MANDATORY = (
    "code",
    "audience",
    "process",
    "documents",
    "fees",
    "usual_duration",
    "in_person_visits",
    "laws",
    "access",
)


def _flags(published: OfficeCatalogue) -> Iterator[str]:
    flagged = (
        *((url.id, url.flags) for url in published.office.urls),
        (published.agreement.id, published.agreement.flags),
        *((clause.id, clause.flags) for clause in published.agreement.clauses),
        *((service.id, service.flags) for service in published.services),
    )
    for name, flags in flagged:
        for flag in flags:
            yield f"{published.office.id}/{name}: {flag.code}: {flag.note.en}"
