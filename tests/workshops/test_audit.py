"""The audit finds whatever somebody did to workshops behind their back."""

from dataclasses import dataclass

import pytest

from bot.calendar.model import OfficeCalendar
from bot.calendar.rules import with_closure
from bot.kit.auditing import Finding
from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import DEFAULT_POLICY, Actor, CancelReason, Invariant
from tests.calendar.support import closed
from tests.wallet.by_hand import by_hand, is_file, tamper
from tests.workshops.given import (
    begun,
    confirmed,
    family,
    given_draft,
    given_money,
    given_open,
    held,
    waits,
)
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    DAY,
    FEE,
    MANAGER,
    MINA,
    OFFICE,
    OPENS,
    REZA,
    SARA,
    learner,
)
from tests.worlds import settled

KEPT, ESCROW, FAIR = Invariant.APPEND_ONLY, Invariant.ESCROW_WHOLE, Invariant.PLACES_FAIR
BACK, CONSENTED, TOLD = Invariant.FEE_BACK_ONCE, Invariant.CONSENTED, Invariant.STATES_TOLD
_DATES = ("1405/08/24 17:00", "1405/09/01 17:00", "1405/09/08 17:00", "1405/09/15 17:00")

# In workshop 1 one place is paid for and two are waited for, one of them was asked and left.
# Workshop 2 fell short, workshop 3 was cancelled with a debt, workshop 4 is a draft.
# What stands for a number in a statement below.
_OF = "(SELECT min(id) FROM registration WHERE workshop_id = {} AND state = '{}')"
NUMBERS = {
    ":paid": _OF.format(1, "confirmed"),
    ":credited": _OF.format(2, "credited"),
    ":dropped": _OF.format(1, "dropped"),
    ":last_turn": "(SELECT max(id) FROM waiting_entry WHERE workshop_id = 1)",
}


@dataclass(frozen=True)
class Deed:
    """What somebody does, and what the audit says to it."""

    statements: tuple[str, ...]
    expected: frozenset[Invariant]

    def against(self, url: str) -> list[str]:
        """Write it for a database; a server minds its constraints unless they are gone."""
        written = list(self.statements)
        for name, query in NUMBERS.items():
            written = [statement.replace(name, query) for statement in written]
        unconstrained = [one for one in written if " DROP CONSTRAINT " in one]
        return [one for one in written if one not in unconstrained or not is_file(url)]


def deed(expected: set[Invariant], *statements: str) -> Deed:
    return Deed(statements, frozenset(expected))


_EVENT = (
    "INSERT INTO workshop_event (workshop_id, entity, entity_id, act, state_from, state_to, actor,"
    " at) SELECT workshop_id, entity, {}, '{}', state_from, '{}', actor, at FROM workshop_event"
    " WHERE entity = 'waiting_entry' AND act = 'offer' AND id = (SELECT min(id) FROM"
    " workshop_event WHERE entity = 'waiting_entry' AND act = 'offer')"
)

TAMPERED: dict[str, Deed] = {
    "a place is dropped and its money stays": deed(
        {ESCROW, BACK, FAIR, TOLD}, "UPDATE registration SET state = 'dropped' WHERE id = :paid"
    ),
    "a place that was dropped comes back": deed(
        {ESCROW, BACK, FAIR, TOLD},
        "UPDATE registration SET state = 'confirmed' WHERE id = :dropped",
    ),
    "a fee was not what was paid": deed(
        {ESCROW}, "UPDATE registration SET fee_rial = fee_rial + 1 WHERE id = :paid"
    ),
    "somebody else paid": deed({ESCROW}, "UPDATE registration SET payer_id = 41 WHERE id = :paid"),
    "the journal is another's": deed(
        {ESCROW, BACK},
        "ALTER TABLE registration DROP CONSTRAINT ck_registration_paid_when_confirmed",
        "CREATE TABLE mixed AS SELECT * FROM registration",
        "UPDATE registration SET journal_id = NULL",
        (
            "UPDATE registration SET journal_id = (SELECT journal_id FROM mixed WHERE"
            " mixed.state = 'dropped') WHERE id = :paid"
        ),
        "DROP TABLE mixed",
    ),
    "the journal is not there": deed(
        {ESCROW}, "UPDATE registration SET journal_id = 'NOWHERE222' WHERE id = :paid"
    ),
    "money is taken out of an escrow": deed(
        {ESCROW},
        "UPDATE account SET debits_rial = debits_rial + 5 WHERE code LIKE 'escrow:1:cash@%'",
    ),
    "money waits for a workshop that there is not": deed(
        {ESCROW},
        "INSERT INTO account VALUES (990, 'escrow:77:cash@kanoon', 'liability', TRUE, 0, 5, 0)",
    ),
    "a workshop that fell short keeps a place": deed(
        {ESCROW, BACK, FAIR, TOLD},
        "UPDATE registration SET state = 'confirmed' WHERE id = :credited",
    ),
    "a fee that went back is said to be earned": deed(
        {BACK, TOLD}, "UPDATE registration SET state = 'completed' WHERE id = :credited"
    ),
    "more places are counted": deed(
        {FAIR}, "UPDATE workshop SET taken_count = taken_count + 1 WHERE id = 3"
    ),
    "fewer places are counted": deed(
        {FAIR}, "UPDATE workshop SET taken_count = taken_count - 1 WHERE id = 3"
    ),
    "more places are taken than there are": deed(
        {FAIR},
        "ALTER TABLE workshop DROP CONSTRAINT ck_workshop_not_oversold",
        "UPDATE workshop SET places = taken_count - 1, quorum = 0 WHERE id = 1",
    ),
    "there are more places and who waits is not asked": deed(
        {FAIR}, "UPDATE workshop SET places = places + 2 WHERE id = 1"
    ),
    "somebody waits where registration is over": deed(
        {FAIR, TOLD}, "UPDATE workshop SET state = 'closed' WHERE id = 1"
    ),
    "a turn is for more than wait in it": deed(
        {FAIR}, "UPDATE waiting_entry SET size = size + 1 WHERE id = :last_turn"
    ),
    "a later one was asked before": deed(
        {FAIR, TOLD},
        _EVENT.format(":last_turn", "offer", "offered"),
        _EVENT.format(":last_turn - 1", "offer", "offered"),
    ),
    "one is asked who came later than one who waits": deed(
        {FAIR},
        _EVENT.format(":last_turn + 7", "offer", "offered"),
    ),
    "a learner has two places": deed(
        {FAIR},
        "DROP INDEX uq_registration_active",
        (
            "UPDATE registration SET learner_id = (SELECT learner_id FROM registration WHERE"
            " id = :paid) WHERE waiting_entry_id = :last_turn"
        ),
    ),
    "terms were never accepted": deed(
        {CONSENTED}, "DELETE FROM workshop_consent WHERE registration_id = :paid"
    ),
    "other words were accepted": deed(
        {CONSENTED},
        "UPDATE workshop_consent SET terms_sha256 = 'x' WHERE registration_id = :paid",
    ),
    "a workshop stands elsewhere": deed(
        {TOLD}, "UPDATE workshop SET state = 'paused' WHERE id = 1"
    ),
    "a session is over that never began": deed(
        {TOLD},
        (
            "UPDATE workshop_session SET state = 'held' WHERE id = (SELECT min(id) FROM"
            " workshop_session WHERE workshop_id = 1)"
        ),
    ),
    "a debt is forgotten": deed({TOLD}, "UPDATE make_up SET state = 'credited'"),
    "a turn is ended": deed(
        {TOLD}, "UPDATE waiting_entry SET state = 'left' WHERE id = :last_turn"
    ),
    "the last line of the history is removed": deed(
        {KEPT, TOLD},
        (
            "DELETE FROM workshop_event WHERE id = (SELECT max(id) FROM workshop_event"
            " WHERE entity = 'registration')"
        ),
    ),
}


async def given_workshops(tx: Transaction) -> None:
    opened = await given_open(tx, places=2, quorum=1)
    assert opened.id == 1
    await confirmed(tx, opened, credit_rial=200_000)
    (dropped,) = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
    await waits(tx, opened, *family(2, MINA, first=20), payer_id=MINA)
    (asked,) = await waits(tx, opened, learner(8, REZA), payer_id=REZA)
    await waits(tx, opened, learner(9, REZA), payer_id=REZA)
    words = {"calendar": CALENDAR, "now": OPENS}
    await workshops.drop(
        tx,
        registration_id=dropped.id,
        actor=Actor.citizen(REZA),
        policy=DEFAULT_POLICY,
        **words,  # type: ignore[arg-type]
    )
    await leave(tx, 1, MINA)
    await given_short(tx)
    gone = await given_open(tx, _DATES)
    assert gone.id == 3
    await confirmed(tx, gone, learner(9))
    await workshops.cancel(
        tx,
        workshop_id=gone.id,
        actor=MANAGER,
        reason="نبود مربی",
        policy=DEFAULT_POLICY,
        now=OPENS,
    )
    await given_draft(tx)
    assert asked


async def leave(tx: Transaction, workshop_id: int, payer_id: int) -> None:
    """Let the first of somebody's turns in a line end."""
    line = await workshops.waiting_line(tx, workshop_id=workshop_id)  # type: ignore[arg-type]
    turn = next(one for one in line if one.payer_id == payer_id)
    await workshops.leave_line(
        tx,
        entry_id=turn.id,
        actor=Actor.citizen(turn.payer_id),
        calendar=CALENDAR,
        policy=DEFAULT_POLICY,
        now=OPENS,
    )


async def given_short(tx: Transaction) -> None:
    """A workshop that fell short, of which one place was paid for."""
    short = await given_open(tx, _DATES, closes_at=CLOSES - 5 * DAY)
    assert short.id == 2
    await confirmed(tx, short, learner(30), credit_rial=FEE)
    await held(tx, short, learner(31, REZA), payer_id=REZA)
    over = CLOSES - 5 * DAY
    await workshops.expire_holds(
        tx, office_id=OFFICE, calendar=CALENDAR, policy=DEFAULT_POLICY, now=over
    )
    await workshops.close_due(tx, office_id=OFFICE, now=over)
    await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=over)
    await workshops.fail_quorum(tx, workshop_id=short.id, actor=MANAGER, now=over)


async def findings(database: Database, calendar: OfficeCalendar = CALENDAR) -> list[Finding]:
    async with database.reading() as tx:
        return await workshops.audit(tx, calendars={OFFICE: calendar}, now=OPENS)


@pytest.fixture
async def kept(database: Database, database_url: str) -> Database:
    async def make() -> None:
        async with database.transaction() as tx:
            await given_workshops(tx)

    await settled(database_url, "workshops that are audited", make)
    return database


async def test_where_there_is_nothing_nothing_is_wrong(database: Database) -> None:
    assert await findings(database) == []


async def test_workshops_that_nobody_touched_are_right(kept: Database) -> None:
    assert await findings(kept) == []
    async with kept.reading() as tx:
        assert await wallet.audit(tx) == []


@pytest.mark.parametrize("name", TAMPERED)
async def test_whatever_is_done_behind_their_back_is_found(
    kept: Database, database_url: str, name: str
) -> None:
    done = TAMPERED[name]
    await tamper(database_url, *done.against(database_url))
    expected = set(done.expected)
    if not is_file(database_url):
        expected -= {KEPT}  # What was undone leaves gaps there too.
    assert {one.invariant for one in await findings(kept)} == expected


async def test_a_guard_that_is_gone_is_found(kept: Database, database_url: str) -> None:
    statement = "DROP TRIGGER workshop_consent_refuses_delete"
    async with by_hand(database_url) as tx:
        await tx.exec_driver_sql(
            statement if is_file(database_url) else f"{statement} ON workshop_consent"
        )
    assert [str(one) for one in await findings(kept)] == [
        "I4 append only: trigger workshop_consent_refuses_delete: expected there, found gone."
    ]


async def test_a_session_on_a_day_that_closed_is_found_and_one_on_a_day_off_is_not(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await given_open(tx)
    assert await findings(database) == []
    (found,) = await findings(database, with_closure(CALENDAR, closed("1405/08/30")))
    assert found.invariant is Invariant.ON_OPEN_DAYS
    assert str(found) == (
        "I14 on open days: session 2: expected an open day, found 2026-11-21, closed."
    )
    async with database.transaction() as tx:
        (_first, second, *_rest) = await workshops.sessions(tx, workshop_id=1)  # type: ignore[arg-type]
        await workshops.cancel_session(
            tx,
            session_id=second.id,
            why=CancelReason.OTHER,
            actor=MANAGER,
            reason="برف",
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
    assert await findings(database, with_closure(CALENDAR, closed("1405/08/30"))) == []


async def test_who_is_too_many_for_what_is_free_waits_rightly(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=2, quorum=1)
        await confirmed(tx, opened)
        await waits(tx, opened, *family(2, MINA, first=20), payer_id=MINA)
        await begun(tx, opened, learner(40, REZA), payer_id=REZA)
        await given_money(tx, FEE, SARA)
    assert await findings(database) == []


async def test_a_finding_is_one_plain_line(kept: Database, database_url: str) -> None:
    await tamper(
        database_url,
        "UPDATE account SET credits_rial = credits_rial + 7 WHERE code LIKE 'escrow:1:credit@%'",
    )
    (found,) = await findings(kept)
    assert str(found) == (
        "I8 escrow whole: in escrow:1:credit@kanoon: expected 200000, found 200007."
    )


async def test_what_is_found_of_a_kind_is_bounded_and_read_to_its_end(
    kept: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.workshops.use_cases.auditing._PAGE", 1)
    assert await findings(kept) == []
    await tamper(database_url, "UPDATE registration SET fee_rial = fee_rial + 1")
    found = [one.invariant for one in await findings(kept)]
    assert found.count(ESCROW) == 4
    monkeypatch.setattr("bot.workshops.use_cases.auditing._FINDINGS_MAX", 2)
    assert [one.invariant for one in await findings(kept)].count(ESCROW) == 2
