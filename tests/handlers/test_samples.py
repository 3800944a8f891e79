"""The workshops of the trial messenger: made up, marked as such, and in every state."""

from datetime import timedelta

from sqlalchemy import select

from bot.citizens.model import Role
from bot.kit.crypto import Keyring
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import DEFAULT_POLICY, WorkshopState
from bot.workshops.tables import registration, workshop
from handlers.jobs.cast import Cast
from handlers.jobs.samples import set_up_trial
from handlers.views.office.digest_workshops import workshops_section
from tests.handlers.support import GROUP_ID, NOW, DeskUnderTest

CAST = Cast({role: (2000 + place, role.value) for place, role in enumerate(Role)}, GROUP_ID)


async def set_up(desk: DeskUnderTest, keyring: Keyring) -> None:
    async with desk.database.transaction() as tx:
        await set_up_trial(tx, CAST, desk.shared.catalogue, keyring, NOW)


async def test_the_samples_are_made_once_and_are_marked(desk: DeskUnderTest) -> None:
    keyring = Keyring.drawn()
    await set_up(desk, keyring)
    async with desk.database.reading() as tx:
        before = [*await tx.execute(select(workshop).order_by(workshop.c.id))]
    await set_up(desk, keyring)
    async with desk.database.reading() as tx:
        assert [*await tx.execute(select(workshop).order_by(workshop.c.id))] == before
    assert len(before) == 6
    assert all(row.is_sample for row in before)


async def test_time_brings_the_samples_into_every_state_and_the_money_is_right(
    desk: DeskUnderTest,
) -> None:
    await set_up(desk, Keyring.drawn())
    async with desk.database.transaction() as tx:
        later = NOW + timedelta(seconds=10)
        await workshops.close_due(tx, office_id="kanoon", now=later)
        await workshops.check_quorums(tx, office_id="kanoon", policy=DEFAULT_POLICY, now=later)
    async with desk.database.reading() as tx:
        states = set(await tx.scalars(select(workshop.c.state)))
        taken = (
            await tx.execute(select(registration).where(registration.c.state == "confirmed"))
        ).all()
        assert not await wallet.audit(tx)
    assert {
        WorkshopState.OPEN,
        WorkshopState.PUBLISHED,
        WorkshopState.CONFIRMED,
        WorkshopState.QUORUM_FAILED_PENDING,
    } <= states
    assert len(taken) == 9


async def test_the_digest_names_what_is_to_be_seen_to(desk: DeskUnderTest) -> None:
    await set_up(desk, Keyring.drawn())
    async with desk.database.transaction() as tx:
        later = NOW + timedelta(seconds=10)
        await workshops.close_due(tx, office_id="kanoon", now=later)
        await workshops.check_quorums(tx, office_id="kanoon", policy=DEFAULT_POLICY, now=later)
        found = await workshops.notable(tx, office_id="kanoon", now=later)
    said = workshops_section(desk.shared.words["fa"], found)
    (line,) = [line for line in said.splitlines() if "عکاسی" in line]
    assert "۱ نفر از حد نصاب ۶؛ تصمیم با مدیر است" in line
    assert "مهلت ثبت‌نام" not in line, "it is over"
    assert "سفال" not in said
    assert workshops_section(desk.shared.words["fa"], []) == ""
