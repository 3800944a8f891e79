"""The table of questions that were asked, without who asked them."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, String, Table

from bot.catalogue.model import Outcome
from bot.kit.database import metadata

_OUTCOMES = ", ".join(f"'{outcome.value}'" for outcome in Outcome)

asked_question = Table(
    "asked_question",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("asked_on", Date, nullable=False),
    Column("office_id", String(24)),
    Column("text", String(1000), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("entry_id", String(64)),
    CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
    Index("ix_asked_question_outcome_asked_on", "outcome", "asked_on"),
)
