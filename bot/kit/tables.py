"""One row for each key that sealed anything, to tell at start whether the right keys are here."""

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, Table

from bot.kit.database import metadata

key_check = Table(
    "key_check",
    metadata,
    Column("key_id", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary(64), nullable=False),
    Column("index_digest", LargeBinary(16), nullable=False),
    CheckConstraint("key_id BETWEEN 1 AND 65535", name="key_id_in_range"),
)
