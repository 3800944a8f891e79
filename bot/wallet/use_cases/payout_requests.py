"""A citizen asks for their money: their account is sealed, and the money is held (KN-17)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.kit.tracking import new_code, shown
from bot.wallet import rules
from bot.wallet.errors import InsufficientFunds, KeyReused, TooManyPayouts
from bot.wallet.model import (
    AMOUNT_RIAL_MAX,
    KEY_LENGTH_MAX,
    PAYOUTS_OPEN_MAX,
    Bucket,
    PayoutEvent,
    PayoutState,
)
from bot.wallet.repository import PayoutRepository
from bot.wallet.use_cases.holds import hold
from bot.wallet.use_cases.looking import balance
from bot.wallet.use_cases.posting import locked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction
    from bot.wallet.model import Payout, PayoutPolicy

_IBAN_COLUMN: Final = "payout.iban"
_LATELY: Final = timedelta(days=1)
_OWNER_COLUMN: Final = "payout.owner"
_INDEX_COLUMN: Final = "payout.iban_index"
_TAIL_LENGTH: Final = 4
_ASKED: Final = ("office_id", "citizen_id", "amount_rial")


async def request_payout(
    tx: Transaction,
    *,
    key: str,
    office_id: str,
    citizen_id: CitizenId,
    amount_rial: int,
    iban: str,
    owner_name: str,
    policy: PayoutPolicy,
    keyring: Keyring,
    now: datetime,
) -> Payout:
    """Ask for cash to be paid to an account; it is held from now on, and not to be spent.

    The same key again gives the same payout; a refusal is not kept under it. Raises
    IbanUnreadable, OwnerUnreadable, PayoutTooSmall, TooManyPayouts, InsufficientFunds, KeyReused.
    """
    assert 0 < len(key) <= KEY_LENGTH_MAX
    account, owner = rules.iban_of(iban), rules.owner_of(owner_name)
    asked = {
        "key": key,
        "office_id": office_id,
        "citizen_id": citizen_id,
        "amount_rial": amount_rial,
        "iban_index": keyring.index(account, column=_INDEX_COLUMN),
    }
    earlier = await _asked_before(tx, asked)
    if earlier is not None:
        return earlier
    rules.ensure_payout_amount(amount_rial, policy)
    if amount_rial > AMOUNT_RIAL_MAX:
        standing = await balance(tx, office_id=office_id, citizen_id=citizen_id)
        raise InsufficientFunds(amount_rial, standing.withdrawable_rial)
    written = {**asked, "code": new_code(), "iban_tail": account[-_TAIL_LENGTH:]}
    async with tx.begin_nested():
        # Of several at once, each waits here for the one before, and counts it.
        await locked(tx, [rules.wallet_code(office_id, citizen_id, Bucket.CASH)])
        written["needs_second"] = await takes_two(
            tx,
            office_id=office_id,
            citizen_id=citizen_id,
            amount_rial=amount_rial,
            policy=policy,
            now=now,
        )
        await _write_down(tx, written, account=account, owner=owner, keyring=keyring, now=now)
    made = await _asked_before(tx, asked)
    assert made is not None
    return made


async def takes_two(
    tx: Transaction,
    *,
    office_id: str,
    citizen_id: CitizenId,
    amount_rial: int,
    policy: PayoutPolicy,
    now: datetime,
) -> bool:
    """Say whether a request of so much takes two people to approve, with what was asked lately."""
    lately_rial = await PayoutRepository(tx).asked_since(office_id, citizen_id, now - _LATELY)
    return rules.needs_second(amount_rial, lately_rial, policy)


def open_account(payout: Payout, keyring: Keyring) -> tuple[str, str]:
    """Open the account's number and its owner's name, for who must see them; keep neither.

    Both are empty once they are forgotten: long after the payout, or with its citizen.
    """
    if not payout.iban:
        return "", ""
    return (
        keyring.open(payout.iban, column=_IBAN_COLUMN, row=payout.id),
        keyring.open(payout.owner, column=_OWNER_COLUMN, row=payout.id),
    )


async def _asked_before(tx: Transaction, asked: Mapping[str, Any]) -> Payout | None:
    found = await PayoutRepository(tx).by_key(asked["key"])
    if found is None:
        return None
    payout, index = found
    is_same = index == asked["iban_index"] and all(
        getattr(payout, name) == asked[name] for name in _ASKED
    )
    if not is_same:
        raise KeyReused(asked["key"])
    return payout


async def _write_down(
    tx: Transaction,
    written: Mapping[str, Any],
    *,
    account: str,
    owner: str,
    keyring: Keyring,
    now: datetime,
) -> None:
    """Write a request down, and hold its money; nothing happens where its key has been used."""
    payouts = PayoutRepository(tx)
    payout_id = await payouts.add(written, now)
    if payout_id is None:
        return
    citizen_id, office_id = written["citizen_id"], written["office_id"]
    held = await hold(
        tx,
        key=f"payout:{payout_id}:hold",
        office_id=office_id,
        citizen_id=citizen_id,
        amount_rial=written["amount_rial"],
        reference=f"payout:{payout_id}",
        reason=shown(written["code"]),
        actor=f"citizen:{citizen_id}",
        now=now,
    )
    if await payouts.count_open(office_id, citizen_id) > PAYOUTS_OPEN_MAX:
        raise TooManyPayouts(PAYOUTS_OPEN_MAX)
    await payouts.complete(
        payout_id,
        hold_id=held.id,
        iban=keyring.seal(account, column=_IBAN_COLUMN, row=payout_id),
        owner=keyring.seal(owner, column=_OWNER_COLUMN, row=payout_id),
    )
    event = PayoutEvent(None, PayoutState.REQUESTED, f"citizen:{citizen_id}", None, now)
    await payouts.add_event(payout_id, event)
