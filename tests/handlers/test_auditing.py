"""A manager reads who did what: of the office, of a case, a payout, a workshop, a person."""

import re
from enum import StrEnum

import pytest

from bot.calendar.model import HolidayState
from bot.cases.model import CaseState
from bot.catalogue.model import LearntState
from bot.citizens import use_cases as citizens
from bot.citizens.errors import NothingToAudit
from bot.citizens.model import AuditEntry, CitizenId, Role, Staff
from bot.kit.tracking import shown
from bot.kit.words import Language
from bot.wallet.model import BankFileState, LineState, PayoutState, ProposalState, TopUpState
from bot.workshops.model import (
    MakeUpState,
    Presence,
    RegistrationState,
    SessionState,
    WaitingState,
    WorkshopState,
)
from handlers.jobs.audits import audit
from handlers.views.office.audit_states import between_in_words
from tests.handlers.conftest import Shipped
from tests.handlers.desk_support import GROUP_ID, MANAGER, OFFICER, Officer, register
from tests.handlers.support import NOW, DeskUnderTest, Said, plain

ACTOR = Staff(CitizenId(OFFICER), "kanoon", Role.OFFICER, "امید")


@pytest.fixture
async def manager(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID)
    await desk.make_staff(OFFICER, Role.OFFICER)
    return await Officer.at(desk, MANAGER, role=Role.MANAGER)


async def did(desk: DeskUnderTest, subject: str, note: str, office_id: str = "kanoon") -> None:
    async with desk.database.transaction() as tx:
        actor = Staff(ACTOR.id, office_id, ACTOR.role, ACTOR.name)
        await citizens.record(
            tx,
            actor=actor,
            action="ended",
            subject=subject,
            note=note,
            between=("open", "closed"),
            now=desk.now,
        )


async def read(manager: Officer, about: str) -> list[Said]:
    mark = [{"type": "bot_command", "offset": 0, "length": 6}]
    return await manager.visitor.send(text=f"/audit {about}", entities=mark)


def of_kanoon(said: list[Said]) -> str:
    return plain(said[0].text)


async def test_it_is_read_by_the_code_of_a_case(desk: DeskUnderTest, manager: Officer) -> None:
    first, second = await register(desk), await register(desk)
    await did(desk, f"case:{first.id}", "mine")
    await did(desk, f"case:{second.id}", "other")
    code = shown(first.tracking_code)
    text = of_kanoon(await read(manager, code.lower()))
    assert code in text
    assert "mine" in text
    assert "other" not in text
    assert "باز، نوبت ماست ← بسته شد" in text


@pytest.mark.parametrize("typed", ["w12", "W12", "12", "۱۲", "w-12"])
async def test_it_is_read_by_the_number_of_a_workshop(
    desk: DeskUnderTest, manager: Officer, typed: str
) -> None:
    await did(desk, "workshop:12", "mine")
    await did(desk, "workshop:1", "other")
    text = of_kanoon(await read(manager, typed))
    assert "mine" in text
    assert "other" not in text
    assert "w12" in text


async def test_it_is_read_by_the_code_of_a_colleague(
    desk: DeskUnderTest, manager: Officer
) -> None:
    await did(desk, "case:1", "by the officer")
    async with desk.database.transaction() as tx:
        code = await citizens.person_code(tx, citizen_id=ACTOR.id)
        boss = Staff(CitizenId(MANAGER), "kanoon", Role.MANAGER, "Boss")
        await citizens.record(
            tx, actor=boss, action="ended", subject="case:2", note="by the manager", now=desk.now
        )
    mark = [{"type": "bot_command", "offset": 0, "length": 6}]
    listed = await manager.visitor.send(text="/staff", entities=mark)
    assert code in listed[0].text, "here it is found"
    text = of_kanoon(await read(manager, code))
    assert "by the officer" in text
    assert "by the manager" not in text


async def test_pages_keep_to_what_was_asked_about(desk: DeskUnderTest, manager: Officer) -> None:
    for number in range(25):
        await did(desk, "workshop:3", f"mine {number}")
        await did(desk, "workshop:4", f"other {number}")
    said = (await read(manager, "w3"))[0]
    seen = plain(said.text)
    for _ in range(2):
        (data,) = [one for one in said.presses if one.split(":")[2] != "0"]
        (said,) = await manager.visitor.press_data(data, message_id=said.message_id)
        seen += plain(said.text)
    assert all(f"mine {number}»" in seen for number in range(25))
    assert "other" not in seen


async def test_another_office_is_as_good_as_nothing(desk: DeskUnderTest) -> None:
    await desk.open_desk(GROUP_ID, "kanoon")
    await desk.open_desk(-1002, "mazandaran")
    other = await Officer.at(desk, 5005, "mazandaran", role=Role.MANAGER, group_id=-1002)
    case = await register(desk)
    await did(desk, f"case:{case.id}", "of kanoon")
    await did(desk, "workshop:1", "of kanoon")
    for about in (shown(case.tracking_code), "w1", "P-2345678", "w99999"):
        text = of_kanoon(await read(other, about))
        assert "of kanoon" not in text
        assert "چیزی" in text, about


@pytest.mark.parametrize("typed", ["what", "P-", "w", "1" * 40, "K7M29", "'; --", "\u202e"])
async def test_what_is_no_code_is_explained(
    desk: DeskUnderTest, manager: Officer, typed: str
) -> None:
    await read(manager, typed)
    assert isinstance(desk.refused[-1], NothingToAudit)


STATES = [
    ("ended", "case:1", CaseState),
    ("credit.approved", "case:1", ProposalState),
    ("payout.paid", "payout:1", PayoutState),
    ("topup.verified", "topup:K7M29", TopUpState),
    ("workshop.publish", "workshop:1", WorkshopState),
    ("session.cancel", "workshop:1", SessionState),
    ("registration.remove", "workshop:1", RegistrationState),
    ("waiting_entry.leave", "workshop:1", WaitingState),
    ("make_up.credit", "workshop:1", MakeUpState),
    ("session.note_attendance", "workshop:1", Presence),
    ("approve_answer", "learnt:1", LearntState),
    ("holiday.confirmed", "holiday:1", HolidayState),
    ("bank.imported", "bankfile:1", BankFileState),
    ("bank.sent_back", "bankline:1", LineState),
    ("join", "role:officer", Role),
]


@pytest.mark.parametrize(("action", "subject", "states"), STATES)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_state_is_said_in_words(
    shipped: Shipped, action: str, subject: str, states: type[StrEnum], language: Language
) -> None:
    words = shipped.words[language]
    for state in states:
        entry = AuditEntry(
            NOW, "kanoon", ACTOR.id, ACTOR.role, action, subject, before=None, after=state.value
        )
        told = plain(between_in_words(entry, words))
        assert "<code>" not in between_in_words(entry, words), state
        assert language == "en" or not re.search("[a-z_]{3,}", told), told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, "2026-11-24", "— ← ۳ آذر ۱۴۰۵"),
        ("2026-11-24/2026-11-25", None, "۳ آذر ۱۴۰۵ … ۴ آذر ۱۴۰۵ ← —"),
        (None, "2026-11-29T09:00Z", "— ← ۸ آذر ۱۴۰۵، ساعت ۱۲:۳۰"),
        ("3", "0", "۳ ← ۰"),
        ("<b>", "no such state", "<b> ← no such state"),
    ],
)
def test_days_moments_and_counts_are_said_as_people_read_them(
    shipped: Shipped, before: str | None, after: str | None, told: str
) -> None:
    entry = AuditEntry(NOW, "kanoon", ACTOR.id, ACTOR.role, "x", "x:1", before=before, after=after)
    assert plain(between_in_words(entry, shipped.words["fa"])) == told


async def test_the_end_of_the_chain_stands_under_the_page(
    desk: DeskUnderTest, manager: Officer
) -> None:
    await did(desk, "case:1", "x")
    async with desk.database.reading() as tx:
        head = await citizens.chain_head(tx)
    assert head.digest[:6].hex() in of_kanoon(await read(manager, ""))


@pytest.mark.about_a_file("drops the guards as a file names them")
async def test_the_audit_of_every_night_looks_at_the_chain_and_the_outbox(
    desk: DeskUnderTest, manager: Officer
) -> None:
    assert manager
    await did(desk, "case:1", "x")
    async with desk.database.transaction() as tx:
        assert await audit(tx, desk.shared.catalogue, now=desk.now) == []
        for verb in ("update", "delete", "replace"):
            await tx.exec_driver_sql(f"DROP TRIGGER audit_refuses_{verb}")
        await tx.exec_driver_sql("UPDATE audit SET action = 'y' WHERE subject = 'case:1'")
        found = await audit(tx, desk.shared.catalogue, now=desk.now)
    assert [one.invariant.name for one in found] == ["CHAINED"]
