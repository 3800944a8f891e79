"""What is made just before it is sent: what is in such a file lies in no queue (ADR 0009)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.cases import use_cases as cases
from bot.citizens import use_cases as citizens
from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role
from bot.digests import use_cases as digests
from bot.kit.clock import now
from bot.kit.words import language_of
from bot.wallet import use_cases as wallet
from bot.wallet.errors import NoSuchBatch
from bot.wallet.model import BatchId, StatementSpan
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchRegistration
from bot.workshops.model import CLOCK, RegistrationId, RegistrationState
from handlers.callback_data.digests import ReportFormat
from handlers.files.own_records import as_json, own_records
from handlers.files.posters import poster
from handlers.views.office import report
from handlers.views.office.catalogue_book import BOOK_FILE
from handlers.views.office.report import REPORT_FILE
from handlers.views.papers.posters import POSTER_FILE
from handlers.views.rights.own_page import OwnPage
from handlers.views.rights.seeing import OWN_JSON, OWN_PAGE
from handlers.views.wallet import payout_batch
from handlers.views.wallet.payout_files import BATCH_FILE
from handlers.views.wallet.statement_files import StatementPaper, as_page, as_xlsx
from handlers.views.workbook.writing import workbook
from handlers.views.workshops.calendar_file import CALENDAR_FILE, calendar_file
from handlers.views.workshops.workshop_sheet import SHEET_FILE, template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.kit.database import Database
    from handlers.context import Shared


@dataclass(frozen=True)
class Files:
    """Makes the files of the desk, each from what stands in the records at that moment."""

    desk: Shared
    database: Database

    async def make(self, kind: str, id_: str | int, more: Mapping[str, object]) -> bytes | None:
        """Make a file of a kind; None where there is nothing to make it of any more."""
        makers = {"statement_xlsx": as_xlsx, "statement_page": as_page}
        if kind in makers:
            return await self._statement(CitizenId(int(id_)), more, makers[kind])
        if kind in (OWN_PAGE, OWN_JSON):
            return await self._own_records(kind, CitizenId(int(id_)), more)
        if kind == CALENDAR_FILE:
            return await self._calendar(RegistrationId(int(id_)), more)
        return await self._made_for_staff(kind, id_, more)

    async def _made_for_staff(
        self, kind: str, id_: str | int, more: Mapping[str, object]
    ) -> bytes | None:
        if kind == BATCH_FILE:
            return await self._payout_batch(BatchId(int(id_)), more)
        if kind == REPORT_FILE:
            return await self._report(str(id_), more)
        if kind == POSTER_FILE:
            return await self._poster(str(id_), more)
        if kind == BOOK_FILE:
            return await self._workbook(str(id_), more)
        if kind == SHEET_FILE:
            words = self.desk.words_of(language_of(str(id_), self.desk.default_language))
            return await asyncio.to_thread(template, words)
        return None

    async def _poster(self, matter: str, more: Mapping[str, object]) -> bytes | None:
        published = self.desk.catalogue.find(str(more["office"]))
        if published is None:
            return None
        words = self.desk.words_of(language_of(str(more["language"]), self.desk.default_language))
        return await poster(
            self.database, words, published, matter=matter, link=self.desk.link, now=now()
        )

    async def _workbook(self, office_id: str, more: Mapping[str, object]) -> bytes | None:
        """Write what an office publishes now, and its workshops as its staff know them."""
        published = self.desk.catalogue.find(office_id)
        if published is None:
            return None
        words = self.desk.words_of(language_of(str(more["language"]), self.desk.default_language))
        async with self.database.reading() as tx:
            offered = await workshops.offered(tx, office_id=office_id)
        return await asyncio.to_thread(workbook, words, published, published.change, offered)

    async def _payout_batch(self, id_: BatchId, more: Mapping[str, object]) -> bytes | None:
        """Make a file for the bank, for somebody who is of the office's finance at this moment."""
        reader_id = CitizenId(int(str(more["for"])))
        async with self.database.reading() as tx:
            try:
                batch = await wallet.find_batch(tx, batch_id=id_)
                roles = (await citizens.roles_of_all(tx, citizen_ids=[reader_id])).get(reader_id)
                citizens.ensure_role(roles or (), batch.office_id, (Role.FINANCE,))
            except (NoSuchBatch, StaffOnly):
                return None
            rows = await wallet.batch_rows(tx, batch=batch, keyring=self.desk.keyring)
        published = self.desk.catalogue.find(batch.office_id)
        if published is None:
            return None
        words = self.desk.words_of(language_of(str(more["language"]), self.desk.default_language))
        return await asyncio.to_thread(payout_batch.as_xlsx, words, published, batch, rows)

    async def _calendar(
        self, registration_id: RegistrationId, more: Mapping[str, object]
    ) -> bytes | None:
        """Make a calendar of the sessions as they stand now; where it meets is for who is in."""
        async with self.database.reading() as tx:
            try:
                workshop, registration = await workshops.registration(
                    tx, registration_id=registration_id, actor=CLOCK
                )
            except NoSuchRegistration:
                return None
            sessions = await workshops.sessions(tx, workshop_id=workshop.id)
        words = self.desk.words_of(language_of(str(more["language"]), self.desk.default_language))
        is_in = registration.state is RegistrationState.CONFIRMED
        return calendar_file(words, workshop, sessions, now=now(), with_place=is_in)

    async def _report(self, office_id: str, more: Mapping[str, object]) -> bytes | None:
        """Make a report of the cases of some days, for somebody who manages the office now."""
        published = self.desk.catalogue.find(office_id)
        if published is None:
            return None
        reader_id = CitizenId(int(str(more["for"])))
        first, last = (date.fromisoformat(str(more[name])) for name in ("first", "last"))
        period = digests.day_period(first, last)
        async with self.database.reading() as tx:
            roles = (await citizens.roles_of_all(tx, citizen_ids=[reader_id])).get(reader_id)
            try:
                citizens.ensure_role(roles or (), office_id, (Role.MANAGER,))
            except StaffOnly:
                return None
            rows = await cases.export_rows(
                tx, office_id=office_id, since=period.since, until=period.until, now=now()
            )
        words = self.desk.words_of(language_of(str(more["language"]), self.desk.default_language))
        form = ReportFormat(str(more["form"]))

        def written() -> bytes:
            return report.written(report.table(words, published, rows), form)

        return await asyncio.to_thread(written)

    async def _own_records(
        self, kind: str, citizen_id: CitizenId, more: Mapping[str, object]
    ) -> bytes:
        """Make a file of all that is kept of a person."""
        desk = self.desk
        office_ids = [one.office.id for one in desk.catalogue.offices]
        async with self.database.reading() as tx:
            records = await own_records(
                tx, citizen_id=citizen_id, office_ids=office_ids, keyring=desk.keyring, now=now()
            )
        if kind == OWN_JSON:
            return await asyncio.to_thread(as_json, records)
        words = desk.words_of(language_of(str(more["language"]), desk.default_language))
        return await asyncio.to_thread(OwnPage(words, desk.catalogue, records, now()).written)

    async def _statement(
        self,
        citizen_id: CitizenId,
        more: Mapping[str, object],
        written: Callable[[StatementPaper], bytes],
    ) -> bytes | None:
        published = self.desk.catalogue.find(str(more["office"]))
        if published is None:
            return None
        since = None if more["since"] is None else datetime.fromisoformat(str(more["since"]))
        span = StatementSpan(since, datetime.fromisoformat(str(more["until"])))
        async with self.database.reading() as tx:
            statement = await wallet.statement_between(
                tx, office_id=published.office.id, citizen_id=citizen_id, span=span
            )
        words = self.desk.words_of(language_of(str(more["language"]), self.desk.default_language))
        paper = StatementPaper(words, published, statement, citizen_id)
        return await asyncio.to_thread(written, paper)
