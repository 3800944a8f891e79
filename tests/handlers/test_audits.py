"""The ledger is audited once a night, and the admin chats hear of it only when it is not right."""

from datetime import UTC, datetime, timedelta

from bot.citizens.model import CitizenId
from bot.wallet import use_cases as wallet
from bot.wallet.model import Finding, Invariant
from handlers.jobs.audits import audit_ledger
from handlers.views.wallet.audit_alarm import alarm
from tests.handlers.desk_support import GROUP_ID
from tests.handlers.support import DeskUnderTest, faults_of, plain
from tests.wallet import support

OTHER_GROUP = GROUP_ID - 1
NIGHT = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)  # 02:00 of the 22nd in Tehran
SPOIL = "UPDATE account SET credits_rial = credits_rial + 1 WHERE code LIKE 'wallet:%'"


async def given_desk(desk: DeskUnderTest, *, spoilt: bool) -> None:
    await desk.open_desk(GROUP_ID, "kanoon")
    await desk.open_desk(OTHER_GROUP, "mazandaran")
    async with desk.database.transaction() as tx:
        await support.top_up(tx, 500, CitizenId(771_234_561))
        if spoilt:
            await tx.exec_driver_sql(SPOIL)


async def test_nobody_is_told_of_a_ledger_that_is_right(desk: DeskUnderTest) -> None:
    await given_desk(desk, spoilt=False)
    desk.now = NIGHT
    assert await desk.round(audit_ledger) == []
    async with desk.database.reading() as tx:
        assert not await wallet.is_audit_due(tx, now=NIGHT), "the night is done"


async def test_what_is_wrong_is_told_once_a_night_where_a_wallet_is_kept(
    desk: DeskUnderTest,
) -> None:
    await given_desk(desk, spoilt=True)
    desk.now = NIGHT - timedelta(minutes=1)
    await desk.round(audit_ledger)  # of the night before
    desk.now = NIGHT
    (said,) = await desk.round(audit_ledger)
    assert said.chat_id == GROUP_ID
    assert not faults_of(said)
    text = plain(said.text)
    assert "python -m bot audit" in text
    assert "wallet:•••:cash@kanoon" in text
    assert "771234561" not in text
    for hours in (1, 12, 23):
        desk.now = NIGHT + timedelta(hours=hours)
        assert await desk.round(audit_ledger) == []
    desk.now = NIGHT + timedelta(days=1)
    assert len(await desk.round(audit_ledger)) == 1, "it is wrong still"


async def test_a_desk_that_was_off_at_night_audits_when_it_is_back(desk: DeskUnderTest) -> None:
    await given_desk(desk, spoilt=True)
    desk.now = NIGHT + timedelta(hours=9)
    assert len(await desk.round(audit_ledger)) == 1
    assert await desk.round(audit_ledger) == []


async def test_lines_of_another_office_are_not_shown(desk: DeskUnderTest) -> None:
    published = desk.shared.catalogue.published_by("kanoon")
    findings = [
        Finding(Invariant.SUMS_KEPT, "account wallet:5:cash@mazandaran", "1", "2"),
        Finding(Invariant.CASH_WHOLE, "cash owed to people at mazandaran", "1", "2"),
        Finding(Invariant.CASH_WHOLE, "cash owed to people at kanoon", "1", "2"),
        *[Finding(Invariant.LISTED, f"transfer {number}", "1", "<b>") for number in range(200)],
    ]
    said = plain(alarm(desk.shared.words["fa"], published, findings).text)
    assert "mazandaran" not in said
    assert "at kanoon" in said
    assert "۲۰۳" in said
    assert len(said) < 1_500
