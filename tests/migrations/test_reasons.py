"""What staff had written is sealed at the first start; the ledger loses what it had of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import alembic.command
import pytest
from sqlalchemy import LargeBinary, column, insert, select, table, update
from sqlalchemy.exc import DBAPIError

from bot.citizens.model import CitizenId
from bot.citizens.use_cases import bans_on
from bot.kit.database import Database, Moment
from bot.kit.migrating import migration_config, on_connection
from bot.kit.resealing import keys_in_use, take_up_keys
from bot.kit.sqlite import database_path
from bot.wallet import use_cases as wallet
from bot.wallet.repository import OperationRepository
from bot.wallet.tables import payout_event, transfer
from bot.workshops.tables import workshop_event

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

SARA = CitizenId(990_000_001)
SAID = "Mother Mahin of Sepidar Lane asked"
AT = datetime(2026, 11, 1, 8, tzinfo=UTC)
LATER = datetime(2027, 11, 1, 8, tzinfo=UTC)
_KINDS: dict[type, Any] = {datetime: Moment(), bytes: LargeBinary()}


def _note(reason: str, reference: str) -> dict[str, str]:
    return {"actor": "staff:1", "at": AT.isoformat(), "reason": reason, "reference": reference}


def _moved(
    id_: int, code: str, key: str, reason: str, reference: str
) -> tuple[dict[str, Any], ...]:
    """A transfer of before, and the answer that its key has."""
    journal = f"J{id_}"
    between = {"credit": "wallet:1:credit@kanoon", "debit": "expense:sla@kanoon"}
    parts = {"amount_rial": 5, "code": code, "hold_id": None, "id": id_, "reverses_id": None}
    answer = {
        "id": journal,
        "kind": "Journal",
        "note": _note(reason, reference),
        "transfers": [{**between, **parts, "seq": 1}],
    }
    row = {"id": id_, "journal_id": journal, "seq": 1, "code": code, "amount_rial": 5}
    said = {"reference": reference, "reason": reason, "actor": "staff:1", "at": AT}
    done = {"key": key, "op": "move", "fingerprint": "f", "journal_id": journal, "at": AT}
    written = json.dumps(answer, ensure_ascii=False).encode()
    return (
        {**row, "debit_id": 1, "credit_id": 2, **said},
        {**done, "answer": written, "is_refusal": False},
    )


_MOVED = [
    _moved(1, "service_credit", "credit:12:1", SAID, "case:12"),
    _moved(2, "payout_returned", "payout:1:returned_late", f"AB-CD: {SAID}", "payout:1"),
    _moved(3, "sent_back", "bankline:1:back", SAID, "bankline:1"),
    _moved(4, "fee", "fee:1", "A workshop", "registration:1"),
]
_SUMS = {"kind": "asset", "is_no_overdraft": False}
_NOTHING = {"debits_rial": 0, "credits_rial": 0, "held_rial": 0}
_OFFICE = {"office_id": "kanoon"}
_THEIRS = {**_OFFICE, "citizen_id": SARA}
_PAYOUT = {"code": "PAYOUT", "key": "k", "amount_rial": 5, "iban": b"", "owner": b""}
_LINE = {"kind": "bank", "reference": "R", "amount_rial": 5, "is_in": True, "booked_on": AT.date()}
_EVENT = {
    "workshop_id": 1,
    "entity": "workshop",
    "entity_id": 1,
    "act": "cancel",
    "actor": "staff:1",
}
_LEARNT = {"question": "?", "answer": "!", "facet": "list", "author_id": 1}
OLD: dict[str, list[dict[str, Any]]] = {
    "account": [{"id": id_, "code": f"a{id_}", **_SUMS, **_NOTHING} for id_ in (1, 2)],
    "transfer": [one for one, _done in _MOVED],
    "operation": [done for _one, done in _MOVED],
    "ban": [{**_THEIRS, "reason": SAID, "banned_by": 1, "banned_at": AT, "until": LATER}],
    "credit_proposal": [
        {
            "id": 1,
            **_THEIRS,
            "subject": "case:12",
            "amount_rial": 5,
            "reason": SAID,
            "state": "proposed",
            "proposed_by": 1,
            "proposed_at": AT,
        }
    ],
    "top_up": [
        {
            "id": 1,
            **_THEIRS,
            "code": "TOPUP",
            "way": "bank",
            "amount_rial": 5,
            "state": "pending",
            "created_at": AT,
            "expires_at": LATER,
            "reference": "R",
            "reason": SAID,
        }
    ],
    "payout": [
        {
            "id": 1,
            **_THEIRS,
            **_PAYOUT,
            "iban_index": b"",
            "iban_tail": "",
            "state": "rejected",
            "needs_second": False,
            "requested_at": AT,
            "changed_at": AT,
            "reason": SAID,
        }
    ],
    "payout_event": [
        {"payout_id": 1, "from_state": "requested", "to_state": state, "actor": "x", "at": AT}
        | {"reason": reason}
        for state, reason in (("rejected", SAID), ("review", None))
    ],
    "bank_line": [
        {"id": 1, **_OFFICE, **_LINE, "state": "suspense", "file_id": 1, "taken_at": AT}
        | {"reason": SAID}
    ],
    "workshop_event": [
        {**_EVENT, "state_to": "cancelled_by_office", "at": AT, "reason": reason}
        for reason in (SAID, None)
    ],
    "learnt_answer": [
        {**_OFFICE, **_LEARNT, "key": "k", "version": 1, "state": "rejected"}
        | {"drafted_at": AT, "reason": SAID}
    ],
}
WITH_REASON = len(OLD) - 3


def _live(connection: Connection) -> None:
    config = migration_config(connection)
    alembic.command.upgrade(config, "0037")
    for name, rows in OLD.items():
        columns = [column(key, _KINDS.get(type(value))) for key, value in rows[0].items()]
        connection.execute(insert(table(name, *columns)), rows)
    connection.commit()
    alembic.command.upgrade(config, "head")


def _unbound(connection: Connection) -> None:
    """Let rows refer to what is not there: what a workshop is like is no matter here."""
    is_file = connection.dialect.name == "sqlite"
    words = "PRAGMA foreign_keys = OFF" if is_file else "SET session_replication_role = replica"
    cursor = connection.connection.cursor()  # before anything begins, or a file does not listen
    cursor.execute(words)
    cursor.close()
    _live(connection)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    url = f"sqlite+aiosqlite:///{tmp_path / 'old.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("server").database()
    on_connection(url, _unbound)
    return url


async def test_reasons_of_before_are_sealed_and_read_as_they_were(
    url: str, tmp_path: Path
) -> None:
    database = Database.open(url)
    await take_up_keys(database, tmp_path / "keyring.json")
    async with database.reading() as tx:
        assert await keys_in_use(tx) == {1: WITH_REASON}
        (ban,) = await bans_on(tx, citizen_id=SARA, now=AT)
        (credit,) = [await wallet.find_proposal(tx, proposal_id=1)]
        assert {ban.reason, credit.reason} == {SAID}
        ledger = await tx.execute(select(transfer.c.reason).order_by(transfer.c.id))
        assert [row.reason for row in ledger] == [
            *("credit:12:1", "AB-CD", "bankline:1"),
            "A workshop",
        ]
        for key in ("credit:12:1", "payout:1:returned_late", "bankline:1:back"):
            done = await OperationRepository(tx).find(key)
            assert done is not None
            assert SAID not in str(done.answer)
    await database.close()
    if (path := database_path(url)) is not None:
        left = b"".join(one.read_bytes() for one in path.parent.glob("old*"))
        assert SAID.encode() not in left


@pytest.mark.parametrize(
    ("of_table", "values"),
    [
        (payout_event, {"reason": b"\x01" * 40, "actor": "another"}),
        (payout_event, {"reason": b"readable"}),
        (workshop_event, {"reason": None}),
        (workshop_event, {"reason": b"\x01" * 40, "act": "publish"}),
        (workshop_event, {"state_to": "open"}),
        (transfer, {"reason": "another"}),
    ],
)
async def test_the_guards_stand_as_before(
    url: str, tmp_path: Path, of_table: Any, values: dict[str, object]
) -> None:
    database = Database.open(url)
    await take_up_keys(database, tmp_path / "keyring.json")
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.transaction() as tx:
            await tx.execute(update(of_table).values(values))
    await database.close()
