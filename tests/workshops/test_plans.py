"""What is asked of waiting lines takes no longer for all that ever waited."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from bot.kit.database import Transaction
from bot.workshops.model import WorkshopId
from bot.workshops.repository import BrowsingRepository, FiguresRepository, WaitingRepository

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ONE = WorkshopId(1)
ASKED: dict[str, Callable[[Transaction], Awaitable[object]]] = {
    "the line": lambda tx: WaitingRepository(tx).line(ONE),
    "who waits": lambda tx: WaitingRepository(tx).count_waiting(ONE),
    "offers that are over": lambda tx: WaitingRepository(tx).lapsed("kanoon", NOW, limit=9),
    "what is open": lambda tx: BrowsingRepository(tx).upcoming(["kanoon"], NOW, limit=9),
    "figures of some": lambda tx: FiguresRepository(tx).waiting([ONE]),
}


@pytest.mark.about_a_file("asks SQLite how it goes about it")
@pytest.mark.parametrize("asked", ASKED)
async def test_only_those_in_line_are_read(
    plan_of: Callable[..., Awaitable[str]], asked: str
) -> None:
    plan = await plan_of(ASKED[asked])
    assert "INDEX ix_waiting_entry_" in plan
    assert "SCAN waiting_entry |" not in f"{plan} |"
