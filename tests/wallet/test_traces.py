"""A refusal leaves no trace, and a failure between any two statements neither."""

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    AlreadyReversed,
    HoldResolved,
    InsufficientFunds,
    IsReversal,
    KeyReused,
    MoreThanHeld,
    NoSuchHold,
    NoSuchJournal,
    ReferenceHeld,
)
from bot.wallet.model import (
    Hold,
    HoldId,
    HoldState,
    Journal,
    JournalId,
    Move,
    Note,
    Transfer,
    TransferCode,
    TransferId,
)
from bot.wallet.repository.operations import read_answer, written_answer
from tests.wallet.by_hand import TABLES, is_file, rows_of
from tests.wallet.support import (
    NOW,
    REZA,
    grant,
    hold,
    pay,
    post,
    reverse,
    said,
    top_up,
    void,
)

_CODE = re.compile(r"\b[2-9A-Z]{10}\b")
_STATEMENTS_MAX = 60


@dataclass(frozen=True)
class Given:
    """Two wallets with a little of everything."""

    paid: Journal
    undone: Journal
    undoing: Journal
    held: Hold
    resolved: Hold


Act = Callable[[Transaction, Given], Awaitable[Any]]


async def prepare(tx: Transaction) -> Given:
    await top_up(tx, 500)
    await grant(tx, 300)
    await top_up(tx, 50, REZA, key="used")
    paid, undone = await pay(tx, 350), await pay(tx, 50)
    undoing = await reverse(tx, undone)
    held, resolved = await hold(tx, 100, reference="held"), await hold(tx, 10)
    return Given(paid, undone, undoing, held, await void(tx, resolved))


async def contents(url: str, *, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every row of the ledger, with the codes that are drawn at random left out."""
    names = (*TABLES, "sqlite_sequence") if is_file(url) else TABLES
    rows = await rows_of(url, *(name for name in names if name not in but))
    return {name: [_CODE.sub("CODE", row) for row in rows[name]] for name in rows}


REFUSED: dict[type[DeskError], Act] = {
    InsufficientFunds: lambda tx, _: pay(tx, 1_000, REZA, workshop_id=99),
    KeyReused: lambda tx, _: pay(tx, 1, key="used"),
    ReferenceHeld: lambda tx, _: hold(tx, 1, reference="held"),
    HoldResolved: lambda tx, given: post(tx, given.resolved, 5),
    MoreThanHeld: lambda tx, given: post(tx, given.held, 101),
    NoSuchHold: lambda tx, _: wallet.void_hold(
        tx, key="k", hold_id=HoldId(404), reason="واریز", actor="staff:1", now=NOW
    ),
    NoSuchJournal: lambda tx, _: wallet.reverse(tx, journal_id=JournalId("2222222222"), **said()),
    AlreadyReversed: lambda tx, given: reverse(tx, given.undone),
    IsReversal: lambda tx, given: reverse(tx, given.undoing),
}


@pytest.mark.parametrize("refusal", REFUSED, ids=lambda refusal: refusal.__name__)
async def test_a_refusal_leaves_no_trace(
    database: Database, database_url: str, refusal: type[DeskError]
) -> None:
    async with database.transaction() as tx:
        given = await prepare(tx)
    before = await contents(database_url)
    with pytest.raises(refusal):
        async with database.transaction() as tx:
            await REFUSED[refusal](tx, given)
    assert await contents(database_url) == before


@pytest.mark.parametrize("refusal", REFUSED, ids=lambda refusal: refusal.__name__)
async def test_a_refusal_that_is_kept_leaves_nothing_but_its_answer(
    database: Database, database_url: str, refusal: type[DeskError]
) -> None:
    async with database.transaction() as tx:
        given = await prepare(tx)
    before = await contents(database_url)
    async with database.transaction() as tx:
        with pytest.raises(refusal):
            await REFUSED[refusal](tx, given)
    after = await contents(database_url)
    added = [row for row in after["operation"] if row not in before["operation"]]
    assert len(added) == (0 if refusal in (KeyReused, NoSuchHold) else 1)
    assert all(f'"kind":"{refusal.__name__}"' in row for row in added)
    assert {**after, "operation": []} == {**before, "operation": []}


async def test_of_two_accounts_the_first_is_given_back_when_the_second_lacks_money(
    database: Database, database_url: str
) -> None:
    """The fee waits in two escrow accounts, and one of them has been emptied."""
    async with database.transaction() as tx:
        await top_up(tx, 500)
        await grant(tx, 300)
        paid = await pay(tx, 350)
        earned = Move("escrow:12:cash@kanoon", "revenue@kanoon", 50, TransferCode.DELIVERED)
        await wallet.move(tx, moves=[earned], **said())
    before = await contents(database_url, but=("operation",))
    async with database.transaction() as tx:
        with pytest.raises(InsufficientFunds) as refused:
            await reverse(tx, paid)
    assert (refused.value.needed_rial, refused.value.available_rial) == (50, 0)
    assert await contents(database_url, but=("operation",)) == before


class Broken(Exception):  # noqa: N818 - what happened, not what it is
    """A defect."""


ACTS: dict[str, Act] = {
    "top_up": lambda tx, _: top_up(tx, 70, key="k", reference="r"),
    "pay": lambda tx, _: pay(tx, 60, key="k", reference="r", workshop_id=77),
    "grant": lambda tx, _: grant(tx, 70, REZA, key="k", reference="r"),
    "reverse": lambda tx, given: reverse(tx, given.paid, key="k", reference="r"),
    "hold": lambda tx, _: hold(tx, 20, key="k", reference="r"),
    "post": lambda tx, given: post(tx, given.held, 60, key="k"),
    "void": lambda tx, given: void(tx, given.held, key="k"),
}


@pytest.mark.about_a_file("begins each time anew from a copy of the file")
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_a_failure_between_any_two_statements_leaves_no_trace_and_is_done_once_at_last(
    database: Database, database_url: str, tmp_path: Path, act: Act
) -> None:
    async with database.transaction() as tx:
        given = await prepare(tx)
    await database.tidy()
    original, reference = Path(database_url.partition(":///")[2]), tmp_path / "reference.sqlite3"
    expected = await undisturbed(original, reference, act, given)
    before = await contents(database_url)
    tried = tmp_path / "tried.sqlite3"
    url = f"sqlite+aiosqlite:///{tried}"
    for length in range(1, _STATEMENTS_MAX):
        shutil.copy(original, tried)
        has_failed = await fails(url, act, given, length)
        if has_failed:
            assert await contents(url) == before, length
            await live(url, act, given)
        await live(url, act, given)
        assert await contents(url) == expected, length
        if not has_failed:
            assert length > 6
            return
    raise AssertionError("the sweep did not reach its end")


@pytest.mark.about_a_server("the other one of these is about a file")
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_a_failure_between_any_two_statements_leaves_no_trace_on_a_server(
    database: Database, database_url: str, act: Act
) -> None:
    """A server does not take back the numbers it gave out: what is left may differ in them."""
    async with database.transaction() as tx:
        given = await prepare(tx)
    before = await contents(database_url)
    for length in range(1, _STATEMENTS_MAX):
        if not await fails(database_url, act, given, length):
            assert length > 6
            break
        assert await contents(database_url) == before, length
    await live(database_url, act, given)
    await ensure_right(database_url)
    after = await contents(database_url)
    assert len(after["operation"]) == len(before["operation"]) + 1


async def undisturbed(original: Path, path: Path, act: Act, given: Given) -> dict[str, list[str]]:
    shutil.copy(original, path)
    url = f"sqlite+aiosqlite:///{path}"
    await live(url, act, given)
    await ensure_right(url)
    return await contents(url)


async def live(url: str, act: Act, given: Given) -> None:
    """Open the records anew, and act."""
    async with opened(url) as door:
        await door.attempt(lambda tx: act(tx, given))


async def ensure_right(url: str) -> None:
    async with opened(url) as door, door.reading() as tx:
        assert await wallet.audit(tx) == []


async def fails(url: str, act: Act, given: Given, length: int) -> bool:
    """Act with a failure at the n-th event: a statement after the first, or the commit."""
    left = length

    def burn(*call: Any) -> None:
        nonlocal left
        left -= not (len(call) > 2 and call[2].startswith("BEGIN"))
        if left == 0:
            left = -1
            raise Broken

    async with opened(url) as door:
        engine = door._engine.sync_engine
        event.listen(engine, "before_cursor_execute", burn)
        event.listen(engine, "commit", burn)
        try:
            await door.attempt(lambda tx: act(tx, given))
        except Broken:
            return True
    return False


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    door = Database.open(url)
    try:
        yield door
    finally:
        await door.close()


texts = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable())
notes = st.builds(Note, texts, texts, texts, st.datetimes(timezones=st.just(NOW.tzinfo)))
numbers = st.integers(1, 2**53)
transfers = st.builds(
    Transfer,
    numbers.map(TransferId),
    numbers,
    st.sampled_from(TransferCode),
    texts,
    texts,
    numbers,
    st.none() | numbers.map(TransferId),
    st.none() | numbers.map(HoldId),
)
answers = (
    st.builds(Journal, texts.map(JournalId), notes, st.lists(transfers, min_size=1).map(tuple))
    | st.builds(
        Hold,
        numbers.map(HoldId),
        texts,
        numbers,
        numbers,
        st.sampled_from(HoldState),
        notes,
        st.none() | notes.map(lambda note: note.at),
    )
    | st.builds(InsufficientFunds, numbers, numbers)
    | st.builds(MoreThanHeld, numbers, numbers)
    | st.builds(ReferenceHeld, texts)
    | st.builds(HoldResolved, texts)
    | st.builds(AlreadyReversed, texts)
    | st.builds(IsReversal, texts)
    | st.builds(NoSuchJournal, texts)
)


@given(answer=answers)
def test_an_answer_is_read_as_it_was_written_to_the_byte(answer: Any) -> None:
    written = written_answer(answer)
    again = read_answer(written)
    assert type(again) is type(answer)
    assert written_answer(again) == written
    if isinstance(answer, DeskError):
        assert vars(again) == vars(answer)
    else:
        assert again == answer
