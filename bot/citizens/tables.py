"""The table of people who chose a language or an office, or just read of a service."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from bot.kit.database import Moment, metadata

citizen = Table(
    "citizen",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8)),
    Column("office_id", String(24)),
    Column("topic_office_id", String(24)),
    Column("topic_service_id", String(24)),
    Column("topic_at", Moment, index=True),
    Column("changed_at", Moment, nullable=False),
)
