"""What was said, accepted or done stays as it was, and what cannot be is not kept."""

import pytest
from sqlalchemy.exc import DBAPIError

from bot.kit.database import Database
from bot.workshops import use_cases as workshops
from bot.workshops.model import DEFAULT_POLICY
from tests.workshops.given import confirmed, given_draft, given_open, held, rows_of, waits
from tests.workshops.support import MANAGER, OPENS, REZA, learner

KEPT = (
    "UPDATE workshop_terms SET text = 'x'",
    "DELETE FROM workshop_terms",
    "UPDATE workshop_event SET actor = 'clock'",
    "DELETE FROM workshop_event WHERE id = 1",
    "UPDATE workshop_consent SET terms_sha256 = 'x'",
    "DELETE FROM workshop_consent",
)
REPLACED = (
    "REPLACE INTO workshop_terms SELECT * FROM workshop_terms",
    "REPLACE INTO workshop_event SELECT * FROM workshop_event",
    "REPLACE INTO workshop_consent SELECT * FROM workshop_consent",
)
IMPOSSIBLE = (
    "UPDATE workshop SET taken_count = places + 1 WHERE places IS NOT NULL",
    "UPDATE workshop SET taken_count = -1",
    "UPDATE workshop SET state = 'soul'",
    "UPDATE workshop SET fee_rial = -1",
    "UPDATE workshop SET fee_rial = NULL WHERE state = 'open'",
    "UPDATE workshop SET quorum = places + 1 WHERE state = 'open'",
    "UPDATE workshop SET closes_at = opens_at WHERE state = 'open'",
    "UPDATE workshop SET drop_until = NULL WHERE state = 'open'",
    "UPDATE workshop SET terms_version = 0 WHERE state = 'open'",
    "UPDATE workshop SET settled_at = made_at WHERE state = 'open'",
    "UPDATE workshop SET state = 'quorum_failed_pending' WHERE state = 'open'",
    "UPDATE workshop_session SET number = 0",
    "UPDATE workshop_session SET minutes = 0",
    "UPDATE workshop_session SET cancel_reason = 'other' WHERE state = 'planned'",
    "UPDATE workshop_session SET cancel_reason = NULL WHERE state = 'cancelled_by_office'",
    "UPDATE registration SET state = 'soul'",
    "UPDATE registration SET fee_rial = -1",
    "UPDATE registration SET expires_at = NULL WHERE state = 'held'",
    "UPDATE registration SET state = 'confirmed' WHERE state = 'held'",
    "UPDATE registration SET journal_id = NULL WHERE state = 'confirmed'",
    "UPDATE registration SET state = 'expired' WHERE state = 'confirmed'",
    "UPDATE registration SET moved_from_id = id",
    (
        "INSERT INTO registration (workshop_id, learner_id, payer_id, state, fee_rial, made_at,"
        " is_bank_awaited) SELECT workshop_id, learner_id, payer_id, 'draft', 0, made_at,"
        " is_bank_awaited FROM registration WHERE state = 'confirmed'"
    ),
    "UPDATE waiting_entry SET size = 0",
    "UPDATE waiting_entry SET state = 'offered'",
    "UPDATE make_up SET state = 'scheduled'",
    "UPDATE make_up SET due_at = owed_at",
    "UPDATE make_up SET new_session_id = session_id",
)


@pytest.fixture
async def kept(database: Database) -> Database:
    async with database.transaction() as tx:
        await given_draft(tx)
        opened = await given_open(tx, places=2, quorum=1)
        await confirmed(tx, opened)
        await held(tx, opened, learner(7, REZA), payer_id=REZA)
        await waits(tx, opened, learner(8, REZA), payer_id=REZA)
        gone = await given_open(tx)
        await confirmed(tx, gone, learner(9))
        await workshops.cancel(
            tx,
            workshop_id=gone.id,
            actor=MANAGER,
            reason="نبود مربی",
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
    return database


async def refused(database: Database, statement: str) -> str:
    before = await rows_of(database)
    with pytest.raises(DBAPIError) as error:
        async with database.transaction() as tx:
            await tx.exec_driver_sql(statement)
    assert await rows_of(database) == before
    return str(error.value)


async def test_what_was_said_accepted_and_done_stays(kept: Database) -> None:
    for statement in KEPT:
        assert "append-only" in await refused(kept, statement), statement


@pytest.mark.about_a_file("there is no such statement on a server")
async def test_nor_is_it_replaced(kept: Database) -> None:
    for statement in REPLACED:
        assert "append-only" in await refused(kept, statement), statement


async def test_what_cannot_be_is_not_kept(kept: Database) -> None:
    for statement in IMPOSSIBLE:
        assert "constraint" in await refused(kept, statement), statement
