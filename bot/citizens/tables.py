"""The table of people who chose a language or an office."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from bot.kit.database import Moment, metadata

citizen = Table(
    "citizen",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8)),
    Column("office_id", String(24)),
    Column("changed_at", Moment, nullable=False),
)
