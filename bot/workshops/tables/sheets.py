"""Sheets with workshops that officers sent, until they are opened."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from bot.kit.database import Moment, metadata

workshop_sheet = Table(
    "workshop_sheet",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("file_id", String(255), nullable=False),
    Column("sent_by", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("opened_at", Moment, index=True),
    sqlite_autoincrement=True,
)
