from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.catalogue import use_cases
from bot.catalogue.errors import (
    AgreementOver,
    AnswerTooLong,
    CircularIncomplete,
    CircularTaken,
    IssuedAfterDispatch,
    NotYetDispatched,
    PersonalDataInAnswer,
    ReferenceMissing,
)
from bot.catalogue.model import EndReason
from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff

if TYPE_CHECKING:
    from bot.catalogue.model import Circular
    from bot.kit.database import Database, Transaction

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
DAY = timedelta(days=1)
MANAGER = Staff(CitizenId(12), "mazandaran", Role.MANAGER, "B")
OFFICER = Staff(CitizenId(11), "mazandaran", Role.OFFICER, "A")


async def given_circular(tx: Transaction, **changes: Any) -> Circular:
    said: dict[str, Any] = {
        "office_id": "mazandaran",
        "number": "۱۲/۳۴۵",
        "issued_on": date(2026, 11, 18),
        "dispatched_at": NOW - DAY,
        "service_ids": ["periodic-test"],
        "summary": "کارت ملی دیگر لازم نیست.",
        "actor": OFFICER,
        "now": NOW,
    }
    return await use_cases.enter_circular(tx, **(said | changes))


async def number_at(tx: Transaction, at: datetime) -> int:
    version = await use_cases.version_at(
        tx, office_id="mazandaran", service_id="periodic-test", at=at
    )
    return version.number


async def test_a_circular_holds_from_its_dispatch_on_and_does_not_reach_back(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        assert await number_at(tx, NOW) == 1
        circular = await given_circular(tx)
        assert await number_at(tx, circular.dispatched_at) == 2
        assert await number_at(tx, circular.dispatched_at - timedelta(seconds=1)) == 1
        first, second = await use_cases.versions_of(
            tx, office_id="mazandaran", service_id="periodic-test"
        )
        assert (first.circular, second.circular) == (None, circular)
        others = await use_cases.versions_of(
            tx, office_id="mazandaran", service_id="guild-skill-cert"
        )
        assert [version.number for version in others] == [1]
        assert await use_cases.circulars_of(tx, office_id="mazandaran", limit=5) == [circular]


async def test_one_entered_late_takes_its_place_in_time_and_no_number_from_another(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await given_circular(tx, dispatched_at=NOW - DAY)
        await given_circular(tx, number="2", dispatched_at=NOW - 3 * DAY, issued_on=None)
        assert [await number_at(tx, NOW - days * DAY) for days in (4, 2, 0)] == [1, 3, 2]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"number": " "}, CircularIncomplete),
        ({"summary": " "}, CircularIncomplete),
        ({"service_ids": []}, CircularIncomplete),
        ({"summary": "ب" * 1001}, AnswerTooLong),
        ({"summary": "به ۰۹۱۲۳۴۵۶۷۸۹ زنگ بزنید"}, PersonalDataInAnswer),
        ({"dispatched_at": NOW + DAY}, NotYetDispatched),
        ({"issued_on": date(2026, 11, 22)}, IssuedAfterDispatch),
        ({"actor": Staff(CitizenId(1), "kanoon", Role.MANAGER, "X")}, StaffOnly),
        ({"actor": Staff(CitizenId(1), "mazandaran", Role.FINANCE, "X")}, StaffOnly),
    ],
)
async def test_a_circular_that_cannot_be_is_refused(
    database: Database, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    async with database.transaction() as tx:
        with pytest.raises(refusal):
            await given_circular(tx, **changes)
        assert await number_at(tx, NOW) == 1


async def test_a_number_is_entered_once_in_an_office(database: Database) -> None:
    async with database.transaction() as tx:
        await given_circular(tx)
        with pytest.raises(CircularTaken):
            await given_circular(tx)
        assert await number_at(tx, NOW) == 2
        elsewhere = Staff(CitizenId(3), "kanoon", Role.MANAGER, "C")
        await given_circular(tx, office_id="kanoon", actor=elsewhere)


async def ended(tx: Transaction, **changes: Any) -> object:
    said: dict[str, Any] = {
        "office_id": "mazandaran",
        "agreement_id": "mz-sla",
        "reason": EndReason.CIRCULAR,
        "document_ref": "۱۲/۳۴۵",
        "ended_on": date(2026, 11, 21),
        "actor": MANAGER,
        "now": NOW,
    }
    return await use_cases.end_agreement(tx, **(said | changes))


async def test_an_agreement_ends_once_by_a_document_and_by_a_manager(database: Database) -> None:
    async with database.transaction() as tx:
        assert await use_cases.agreement_end(tx, "mazandaran") is None
        with pytest.raises(ReferenceMissing):
            await ended(tx, document_ref=" ")
        with pytest.raises(StaffOnly):
            await ended(tx, actor=OFFICER)
        kept = await ended(tx)
        assert await use_cases.agreement_end(tx, "mazandaran") == kept
        assert await use_cases.agreement_end(tx, "mazandaran", "another") is None
        assert await use_cases.agreement_end(tx, "kanoon") is None
        with pytest.raises(AgreementOver):
            await ended(tx, reason=EndReason.PROCEDURE)
