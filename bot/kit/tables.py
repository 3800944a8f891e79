"""The tables of the clock and of keys, and which columns are sealed with them.

A room declares its sealed columns beside its tables; what seals everything anew when the keys
change finds them all here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    Integer,
    LargeBinary,
    String,
    Table,
    TypeDecorator,
)
from sqlalchemy.types import TypeEngine, UserDefinedType

from bot.kit.database import Moment, metadata

if TYPE_CHECKING:
    from bot.kit.crypto import Keyring

# Which slot of the clock each job had last: nobody has the same slot of a job again.
firing = Table(
    "firing",
    metadata,
    Column("job", String(40), primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("fired_at", Moment, nullable=False),
)

# One row for each key that sealed anything, to tell at start whether the right keys are here.
key_check = Table(
    "key_check",
    metadata,
    Column("key_id", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary(64), nullable=False),
    Column("index_digest", LargeBinary(16), nullable=False),
    CheckConstraint("key_id BETWEEN 1 AND 65535", name="key_id_in_range"),
)

# With which key every row of a column is sealed, at least; without a row here it may be readable.
sealed_column = Table(
    "sealed_column",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("key_id", Integer, nullable=False),
    CheckConstraint("key_id BETWEEN 1 AND 65535", name="key_id_in_range"),
)


class Sealed(TypeDecorator[bytes]):
    """Sealed bytes in a column that was declared for readable values before.

    SQLite keeps any value in any column, and would have to make a table anew to declare another
    type, with all the tables that refer to it: there the column stays declared as it was.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, before: str | int) -> None:
        super().__init__()
        self.before = f"VARCHAR({before})" if isinstance(before, int) else before

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Say what the column is declared as."""
        is_file = dialect.name == "sqlite"
        return dialect.type_descriptor(_Declared(self.before) if is_file else LargeBinary())


class _Declared(UserDefinedType[bytes]):
    """What is declared, whatever is kept."""

    cache_ok = True

    def __init__(self, declared: str) -> None:
        self.declared = declared

    def get_col_spec(self, **_: object) -> str:
        """Write it as in a CREATE TABLE."""
        return self.declared


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of which nobody reads anything without the keys.

    Each value is bound to its row: to what stands in `bound_to` there, which never changes and is
    known before the row is written. An empty text stays empty, for it says nothing.
    """

    column: Column[Any]
    bound_to: tuple[Column[Any], ...]

    @property
    def name(self) -> str:
        """Say which it is, such as "payout.iban"."""
        return f"{self.column.table.name}.{self.column.name}"

    def seal(self, keyring: Keyring, value: str | bytes, *row: object) -> bytes:
        """Seal a value for the row that these name."""
        return keyring.seal(value, column=self.name, row=self._place(row)) if value else b""

    def seal_any(self, keyring: Keyring, value: str | None, *row: object) -> bytes | None:
        """Seal a value, if there is one."""
        return None if value is None else self.seal(keyring, value, *row)

    def open(self, keyring: Keyring, sealed: bytes, *row: object) -> str:
        """Open the text that was sealed for this row. Raises WrongKey."""
        return self.open_bytes(keyring, sealed, *row).decode()

    def open_any(self, keyring: Keyring, sealed: bytes | None, *row: object) -> str | None:
        """Open the text that was sealed, if any was. Raises WrongKey."""
        return None if sealed is None else self.open(keyring, sealed, *row)

    def open_bytes(self, keyring: Keyring, sealed: bytes, *row: object) -> bytes:
        """Open what was sealed for this row, whatever it is. Raises WrongKey."""
        if not sealed:
            return b""
        return keyring.open_bytes(sealed, column=self.name, row=self._place(row))

    def _place(self, row: tuple[object, ...]) -> str:
        assert len(row) == len(self.bound_to), (self.name, row)
        return ":".join(map(_written, row))


SEALED_COLUMNS: Final[dict[str, SealedColumn]] = {}


def sealed(column: Column[Any], *bound_to: Column[Any]) -> SealedColumn:
    """Declare a sealed column, with the columns that name a row."""
    declared = SealedColumn(column, bound_to)
    SEALED_COLUMNS[declared.name] = declared
    return declared


def _written(part: object) -> str:
    return part.astimezone(UTC).isoformat() if isinstance(part, datetime) else str(part)
