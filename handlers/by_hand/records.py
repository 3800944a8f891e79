"""What an operator does from a shell beside a desk that runs: look, report, audit, invite.

To look changes nothing: what is printed of a digest counts as untold.
"""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from bot.calendar import use_cases as calendars
from bot.cases import use_cases as cases
from bot.catalogue.loader import load_catalogue, notes
from bot.citizens import use_cases as citizens
from bot.citizens.errors import SlowDown
from bot.digests import use_cases as digests
from bot.digests.model import DigestKind
from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.jalali import read_jalali, tehran_day
from bot.kit.keys import fitting_keyring
from bot.kit.opening import is_current, prepare_database
from bot.kit.resealing import ensure_sealed, is_sealed_with
from bot.kit.text import strip_bidi
from bot.kit.words import load_words
from handlers.callback_data.digests import ReportFormat
from handlers.jobs.audits import audit
from handlers.staff.members import INVITATION
from handlers.views.catalogue.proof import overlong_pages
from handlers.views.office import digests as views
from handlers.views.office import report as reports

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from datetime import date, datetime
    from pathlib import Path

    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.catalogue.search import Answerer
    from bot.citizens.model import Role
    from bot.kit.database import Transaction
    from bot.kit.words import Language, Words
    from handlers.reply import Reply

_TAG = re.compile(r"</?[a-z][^>]*>")


@dataclass(frozen=True)
class Records:
    """The records of one office, and the language to write in."""

    url: str
    published: OfficeCatalogue
    words: Words
    keys: Path

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """Look at one moment of them; raises StartRefused where the keys do not fit."""
        return _reading(self.url, self.keys)


@asynccontextmanager
async def _reading(url: str, keys: Path | None = None) -> AsyncIterator[Transaction]:
    database = Database.open(url)
    try:
        async with database.reading() as tx:
            if keys is not None:
                database.keyring = await fitting_keyring(tx, keys)
                await ensure_sealed(tx)
            yield tx
    finally:
        await database.close()


async def invite(
    url: str, catalogue_dir: Path, office_id: str, role: Role, *, now: datetime
) -> str:
    """Make an invitation, and give the payload with which it is accepted; raises StartRefused."""
    _published(load_catalogue(catalogue_dir), office_id)
    prepare_database(url)
    database = Database.open(url)
    try:
        async with database.transaction() as tx:
            token = await citizens.invite(
                tx, office_id=office_id, role=role, made_by=None, now=now
            )
    except SlowDown:
        raise StartRefused([f"{office_id}: too many of its invitations are unused."]) from None
    finally:
        await database.close()
    return f"{INVITATION}{token}"


def invited(payload: str, link: str | None) -> str:
    """Say how an invitation is accepted: by a link, or where there is none by what is sent."""
    if link is None:
        return (
            "Whoever sends this to the bot first has the role; once, for three days:\n"
            f"/start {payload}"
        )
    return f"Whoever opens this link first has the role; it works once, for three days:\n{link}"


def _published(catalogue: Catalogue, office_id: str) -> OfficeCatalogue:
    published = catalogue.find(office_id)
    if published is None:
        known = ", ".join(one.office.id for one in catalogue.offices)
        raise StartRefused([f"--office: there is no office {office_id}; there are {known}."])
    return published


def open_records(
    url: str,
    office_id: str,
    *,
    catalogue: Catalogue,
    locale_dir: Path,
    language: Language,
    keys: Path,
) -> Records:
    """Find the records of an office; raise StartRefused where there are none of this version."""
    published = _published(catalogue, office_id)
    _ensure_records(url)
    return Records(url, published, load_words(locale_dir)[language], keys)


def _ensure_records(url: str) -> None:
    if not is_current(url):
        fault = "there are no records of this version yet; start the desk once."
        raise StartRefused([f"database: {fault}"])


def days_between(first: str, last: str) -> tuple[date, date]:
    """Read two Jalali days that were typed; raise StartRefused for what are none."""
    typed = {"--from": first, "--to": last}
    days = {option: read_jalali(text) for option, text in typed.items()}
    faults = [
        f"{option}: {typed[option]} is no day; write it as 1405/08/01."
        for option, day in days.items()
        if day is None
    ]
    begin, end = days.values()
    if begin is None or end is None:
        raise StartRefused(faults)
    if end < begin:
        raise StartRefused(["--to: is before --from."])
    return begin, end


async def digest_text(records: Records, answerer: Answerer, *, weekly: bool, now: datetime) -> str:
    """Write what no digest has covered yet, as plain text."""
    published, kind = records.published, DigestKind.WEEKLY if weekly else DigestKind.DAILY
    office_id = published.office.id
    async with records.reading() as tx:
        figures = await digests.figures(
            tx,
            published=published,
            answerer=answerer,
            calendar=await calendars.calendar_of(
                tx, office_id=office_id, hours=published.hours, today=tehran_day(now)
            ),
            kind=kind,
            period=await digests.uncovered(tx, office_id=office_id, kind=kind, now=now),
            now=now,
        )
    return plain(views.digest(records.words, published, figures))


async def report_file(
    records: Records, days: tuple[date, date], form: str, *, now: datetime
) -> tuple[bytes, int]:
    """Make a report as a file of this form, and say how many cases are in it."""
    published, period = records.published, digests.day_period(*days)
    async with records.reading() as tx:
        rows = await cases.export_rows(
            tx,
            office_id=published.office.id,
            since=period.since,
            until=period.until,
            now=now,
        )
    table = reports.table(records.words, published, rows)
    return reports.written(table, ReportFormat(form)), len(rows)


async def audit_lines(url: str, catalogue: Catalogue, keys: Path, *, now: datetime) -> list[str]:
    """Name what is wrong with the records, a line each; StartRefused without them or the keys."""
    _ensure_records(url)
    async with _reading(url, keys) as tx:
        return [str(finding) for finding in await audit(tx, catalogue, now=now)]


async def chain_line(url: str) -> str:
    """Say where the audit of what staff did ends, to be compared with what was noted before."""
    async with _reading(url) as tx:
        end = await citizens.chain_head(tx)
    return f"The audit of what staff did ends at entry {end.number}: {end.digest[:6].hex()}"


async def keyring_line(url: str, path: Path) -> str:
    """Say how the keys are; raise StartRefused where the desk would not start with them."""
    async with _reading(url) as tx:
        keyring = await fitting_keyring(tx, path)
        is_whole = keyring is None or await is_sealed_with(tx, keyring)
    if keyring is None:
        return f"There are no keys yet: the desk draws {path} when it starts for the first time."
    line = f"The keys in {path} are in order; key {keyring.current} is the one for writing."
    rest = "Not everything is sealed with it yet; python -m bot keys rotate goes on with that."
    return line if is_whole else f"{line}\n{rest}"


def catalogue_lines(catalogue_dir: Path, locale_dir: Path, now: datetime) -> list[str]:
    """Say what is in the catalogue and what is incomplete; raise StartRefused for its faults."""
    catalogue = load_catalogue(catalogue_dir)
    overlong = overlong_pages(catalogue, load_words(locale_dir), tehran_day(now))
    if overlong:
        raise StartRefused(overlong)
    clause_count = sum(len(published.agreement.clauses) for published in catalogue.offices)
    service_count = sum(len(published.services) for published in catalogue.offices)
    return [
        *(f"note: {note}" for note in notes(catalogue)),
        (
            f"The catalogue is in order: {len(catalogue.offices)} offices, "
            f"{service_count} services, {clause_count} clauses."
        ),
    ]


def plain(reply: Reply) -> str:
    """Write a reply without tags and marks, its buttons as a last line."""
    text = unescape(_TAG.sub("", reply.text))
    labels = [button.label for row in reply.buttons for button in row]
    lines = [text, *([" | ".join(labels)] if labels else [])]
    return strip_bidi("\n\n".join(lines))
