"""What a ledger allows: which accounts there are, which way money flows, what is exact.

Nothing here knows a database. What a caller can get wrong only by a defect is asserted; what a
person can cause is refused.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import orjson

from bot.wallet.errors import (
    AlreadyReversed,
    HoldResolved,
    InsufficientFunds,
    IsReversal,
    MoreThanHeld,
)
from bot.wallet.model import (
    AMOUNT_RIAL_MAX,
    KEY_LENGTH_MAX,
    MOVES_MAX,
    NAME_LENGTH_MAX,
    REASON_LENGTH_MAX,
    AccountKind,
    AccountShape,
    Bucket,
    Delta,
    Entry,
    HoldState,
    Move,
    TransferCode,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bot.citizens.model import CitizenId
    from bot.wallet.model import (
        Account,
        Hold,
        Journal,
        Note,
        Operation,
        TransferId,
    )

_ASSET = AccountShape(AccountKind.ASSET, is_no_overdraft=False)
_OWED = AccountShape(AccountKind.LIABILITY, is_no_overdraft=True)

# The one list of accounts: each kind of code, and what it says.
_SHAPES: Final = {
    "gateway": _ASSET,
    "bank": _ASSET,
    "debt": _ASSET,
    "suspense": _OWED,
    "wallet:cash": _OWED,
    "wallet:credit": _OWED,
    "escrow:cash": _OWED,
    "escrow:credit": _OWED,
    "revenue": AccountShape(AccountKind.INCOME, is_no_overdraft=True),
    "expense:sla": AccountShape(AccountKind.EXPENSE, is_no_overdraft=False),
}
_UNOWNED: Final = frozenset({"gateway", "bank", "suspense", "revenue", "expense:sla"})
_OWNER: Final = re.compile(r"(wallet|escrow|debt):([1-9][0-9]{0,18})(?::(cash|credit))?")
_OFFICE: Final = re.compile(r"[a-z][a-z0-9-]{1,23}")

# The one list of ways: from which kind of account to which, for which reason. Service credit
# never turns into cash, and nobody's money into somebody else's: there is no way for either.
_WAYS: Final = {
    TransferCode.TOP_UP: {("gateway", "wallet:cash"), ("bank", "wallet:cash")},
    TransferCode.UNMATCHED: {("bank", "suspense"), ("gateway", "suspense")},
    TransferCode.MATCHED: {("suspense", "wallet:cash")},
    TransferCode.SENT_BACK: {("suspense", "bank")},
    TransferCode.FEE: {("wallet:cash", "escrow:cash"), ("wallet:credit", "escrow:credit")},
    TransferCode.DELIVERED: {("escrow:cash", "revenue"), ("escrow:credit", "revenue")},
    TransferCode.SERVICE_CREDIT: {("expense:sla", "wallet:credit")},
    TransferCode.PAYOUT: {("wallet:cash", "bank")},
    TransferCode.PAYOUT_RETURNED: {("bank", "wallet:cash")},
    TransferCode.SETTLEMENT: {("bank", "gateway")},
    TransferCode.CHARGEBACK: {("debt", "gateway"), ("debt", "bank")},
    TransferCode.DEBT_PAID: {("wallet:cash", "debt")},
}


def account_code(office_id: str, name: str) -> str:
    """Name an account of an office: "bank" is "bank@kanoon"; no office sees another's money."""
    assert _OFFICE.fullmatch(office_id), office_id
    assert "@" not in name, name
    return f"{name}@{office_id}"


def office_of(code: str) -> str:
    """Name the office whose account it is."""
    return code.rpartition("@")[2]


def wallet_code(office_id: str, citizen_id: CitizenId, bucket: Bucket) -> str:
    """Name the account of a citizen's bucket."""
    assert citizen_id > 0
    return account_code(office_id, f"wallet:{citizen_id}:{bucket}")


def escrow_code(office_id: str, workshop_id: int, bucket: Bucket) -> str:
    """Name the account where the fees of a workshop wait that came from a bucket."""
    assert workshop_id > 0
    return account_code(office_id, f"escrow:{workshop_id}:{bucket}")


def find_class(code: str) -> str | None:
    """Name the kind of account without whose it is, such as "wallet:cash", if there is one."""
    local, _at, office_id = code.partition("@")
    owned = _OWNER.fullmatch(local)
    name = local if owned is None else ":".join(part for part in owned.group(1, 3) if part)
    is_whole = (owned is None) == (name in _UNOWNED) and _OFFICE.fullmatch(office_id) is not None
    return name if is_whole and name in _SHAPES else None


def class_of(code: str) -> str:
    """Name the kind of an account that there must be."""
    name = find_class(code)
    assert name is not None, code
    return name


def shape_of(code: str) -> AccountShape:
    """Say what kind of account a code names, and whether it may be overdrawn."""
    return _SHAPES[class_of(code)]


def ensure_way(move: Move) -> None:
    """Assert that money may flow so at all; a way that is not listed is a defect."""
    ensure_amount(move.amount_rial)
    assert is_way(move.code, move.debit, move.credit), move


def is_way(code: TransferCode, debit: str, credit: str) -> bool:
    """True where money may flow from one account to another for a reason, in one office."""
    is_within = office_of(debit) == office_of(credit)
    return is_within and (find_class(debit), find_class(credit)) in _WAYS.get(code, ())


def ensure_amount(amount_rial: int) -> None:
    """Assert that an amount is a whole number of rials that a ledger can bear."""
    assert type(amount_rial) is int, amount_rial
    assert 0 < amount_rial <= AMOUNT_RIAL_MAX, amount_rial


def ensure_sayable(key: str, note: Note) -> None:
    """Assert that what is kept for ever is there, and fits."""
    assert 0 < len(key) <= KEY_LENGTH_MAX
    assert 0 < len(note.reference) <= NAME_LENGTH_MAX
    assert 0 < len(note.actor) <= NAME_LENGTH_MAX
    assert 0 < len(note.reason) <= REASON_LENGTH_MAX
    assert note.at.tzinfo is not None


def fingerprint(operation: Operation, *values: object) -> str:
    """Digest what is asked for: the same key must always ask for the same.

    Who asks, when, and in which words is no part of it: of two officers who confirm the same
    payment, the second gets the answer of the first.
    """
    return sha256(orjson.dumps([operation, *values])).hexdigest()


def deltas(entries: Sequence[Entry]) -> dict[str, Delta]:
    """Add up what entries change, an account at a time."""
    assert 0 < len(entries) <= MOVES_MAX
    changes: dict[str, Delta] = {}
    for entry in entries:
        move, hold = entry.move, entry.hold
        before = changes.get(move.debit, Delta())
        changes[move.debit] = Delta(
            before.debits_rial + move.amount_rial,
            before.credits_rial,
            before.released_rial + (0 if hold is None else hold.amount_rial),
        )
        before = changes.get(move.credit, Delta())
        changes[move.credit] = Delta(
            before.debits_rial, before.credits_rial + move.amount_rial, before.released_rial
        )
    assert sum(change.debits_rial - change.credits_rial for change in changes.values()) == 0
    return changes


def parts_of_fee(amount_rial: int, *, credit_rial: int, cash_rial: int) -> dict[Bucket, int]:
    """Say how much of a fee each bucket pays: service credit first, which buys nothing else.

    Raises InsufficientFunds where both together are not enough.
    """
    assert amount_rial > 0
    assert credit_rial >= 0
    assert cash_rial >= 0
    if credit_rial + cash_rial < amount_rial:
        raise InsufficientFunds(amount_rial, credit_rial + cash_rial)
    from_credit = min(amount_rial, credit_rial)
    parts = {Bucket.CREDIT: from_credit, Bucket.CASH: amount_rial - from_credit}
    return {bucket: part for bucket, part in parts.items() if part > 0}


def ensure_open(hold: Hold) -> None:
    """Refuse to resolve a hold twice."""
    if hold.state is not HoldState.OPEN:
        raise HoldResolved(hold.note.reference)


def ensure_covered(hold: Hold, amount_rial: int) -> None:
    """Refuse to take more than was held; nothing at all is not posted but voided."""
    assert amount_rial > 0
    if amount_rial > hold.amount_rial:
        raise MoreThanHeld(amount_rial, hold.amount_rial)


def reversal_of(journal: Journal, reversed_ids: AbstractSet[TransferId]) -> list[Entry]:
    """Turn every transfer of a journal round, the last one first, each by the same amount.

    Raises IsReversal and AlreadyReversed.
    """
    if any(transfer.reverses_id is not None for transfer in journal.transfers):
        raise IsReversal(journal.id)
    if any(transfer.id in reversed_ids for transfer in journal.transfers):
        raise AlreadyReversed(journal.id)
    return [
        Entry(
            Move(one.credit, one.debit, one.amount_rial, TransferCode.REVERSAL),
            reverses_id=one.id,
        )
        for one in reversed(journal.transfers)
    ]


def in_order(accounts: Mapping[str, Account], changes: Mapping[str, Delta]) -> list[str]:
    """Name the accounts in the one order in which all change them, so that none wait in a ring."""
    return sorted(changes, key=lambda code: accounts[code].id)
