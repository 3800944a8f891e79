"""The nights on which the ledger was audited, and how much was found."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, Table

from bot.kit.database import Moment, metadata

audited_night = Table(
    "audited_night",
    metadata,
    Column("night", Date, primary_key=True),
    Column("audited_at", Moment, nullable=False),
    Column("findings_count", Integer, nullable=False),
    CheckConstraint("findings_count >= 0", name="findings_counted"),
)
