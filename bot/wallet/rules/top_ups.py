"""What may be paid in, how a bank's reference is read, and who decides about it."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from stdnum import luhn

from bot.citizens.errors import StaffOnly
from bot.kit.digits import latin_digits
from bot.kit.identity import is_iban
from bot.kit.text import strip_bidi
from bot.kit.tracking import read_code
from bot.wallet.errors import (
    BillNotAsWritten,
    NoSuchTopUp,
    NotInRials,
    OwnTopUp,
    ReferenceIsAccount,
    ReferenceUnreadable,
    SameVerifier,
    TopUpMoved,
    TopUpOutOfRange,
    TopUpReasonTooLong,
)
from bot.wallet.model import (
    AMOUNT_RIAL_MAX,
    CURRENCY,
    KEY_LENGTH_MAX,
    REASON_LENGTH_MAX,
    REFERENCE_LENGTH_MAX,
    REFERENCE_LENGTH_MIN,
    TopUpState,
    TopUpWay,
)

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

    from bot.citizens.model import CitizenId, Role, Staff
    from bot.wallet.model import TopUp, TopUpLimits

_PAYLOAD: Final = "topup:"
_BETWEEN: Final = re.compile(r"[\s\u00ad\u0640\u200b-\u200d\u2010-\u2015\u2060-\u2064\ufeff\-_./]")
_REFERENCE: Final = re.compile(r"[0-9A-Z]+")
_DIGITS_MIN: Final = 4  # a word is no reference
_CARD_DIGITS: Final = 16


def ensure_in_limits(amount_rial: int, limits: TopUpLimits) -> None:
    """Refuse what the office does not take at once."""
    if not limits.rial_min <= amount_rial <= limits.rial_max:
        raise TopUpOutOfRange(amount_rial, limits.rial_min, limits.rial_max)


def bare_reference(text: str) -> str:
    """Leave of a reference what tells it from others, as a person and a file both write it."""
    shown = latin_digits(strip_bidi(unicodedata.normalize("NFKC", text)))
    return _BETWEEN.sub("", shown).upper()


def read_reference(text: str) -> str:
    """Bring a bank's reference to its digits and capital letters, however it was typed.

    Raises ReferenceUnreadable, and ReferenceIsAccount for the number of a card or an account,
    which is nobody's proof and shall not be kept.
    """
    reference = bare_reference(text)
    is_fit = REFERENCE_LENGTH_MIN <= len(reference) <= REFERENCE_LENGTH_MAX
    digits_count = sum(sign.isdecimal() for sign in reference)
    if not is_fit or not _REFERENCE.fullmatch(reference) or digits_count < _DIGITS_MIN:
        raise ReferenceUnreadable(REFERENCE_LENGTH_MIN, REFERENCE_LENGTH_MAX)
    is_card = len(reference) == digits_count == _CARD_DIGITS and luhn.is_valid(reference)
    if is_card or is_iban(reference):
        raise ReferenceIsAccount
    return reference


def code_of_bill(payload: str) -> str | None:
    """Read the code from what a bill carries; None where it is no bill of ours."""
    code = payload.removeprefix(_PAYLOAD)
    return code if payload.startswith(_PAYLOAD) and read_code(code) == code else None


def ensure_payable(
    top_up: TopUp, *, citizen_id: CitizenId, amount_rial: int, currency: str, now: datetime
) -> None:
    """Refuse to let a bill be paid by anybody else, twice, too late, or otherwise than written.

    Whose it is somebody else's is as good as none (NoSuchTopUp).
    """
    if top_up.citizen_id != citizen_id or top_up.way is not TopUpWay.INVOICE:
        raise NoSuchTopUp
    if top_up.state not in (TopUpState.CREATED, TopUpState.PENDING):
        raise TopUpMoved(top_up.state)
    if top_up.expires_at <= now:
        raise TopUpMoved(TopUpState.EXPIRED)
    if (amount_rial, currency) != (top_up.amount_rial, CURRENCY):
        raise BillNotAsWritten


def is_bearable(amount_rial: int, currency: str) -> bool:
    """True for what the ledger can hold: whole rials, not more than one transfer moves."""
    return currency == CURRENCY and 0 < amount_rial <= AMOUNT_RIAL_MAX


def charge_key(provider: str, charge_id: str) -> str:
    """Name the key of a payment, by which it is posted once however often it is reported."""
    key = f"topup:{provider}:{charge_id}"
    if len(key) <= KEY_LENGTH_MAX:
        return key
    return f"topup:{provider}:{sha256(charge_id.encode()).hexdigest()}"[:KEY_LENGTH_MAX]


def ensure_handles(top_up: TopUp, actor: Staff, roles: tuple[Role, ...]) -> None:
    """Refuse anybody without the role, and everybody about their own money.

    What is another office's is as good as none (NoSuchTopUp).
    """
    if actor.office_id != top_up.office_id:
        raise NoSuchTopUp
    if actor.role not in roles:
        raise StaffOnly(roles)
    if actor.id == top_up.citizen_id:
        raise OwnTopUp


def ensure_state(top_up: TopUp, states: Container[TopUpState]) -> None:
    """Refuse what can be done no longer, saying where it stands."""
    if top_up.state not in states:
        raise TopUpMoved(top_up.state)


def ensure_claim(top_up: TopUp) -> None:
    """Refuse to decide about a bill: the gateway says whether it is paid."""
    if top_up.way is not TopUpWay.BANK:
        raise NoSuchTopUp


def ensure_own_claim(top_up: TopUp, citizen_id: CitizenId) -> None:
    """Refuse a citizen another's top-up, and a bill of their own, as if there were none."""
    if top_up.citizen_id != citizen_id:
        raise NoSuchTopUp
    ensure_claim(top_up)


def ensure_verifiable(top_up: TopUp) -> None:
    """Refuse what finance cannot have found: a bill, or money that is no rials."""
    if top_up.state is not TopUpState.UNMATCHED:
        ensure_claim(top_up)
    elif top_up.amount_rial == 0:
        raise NotInRials


def ensure_verifier_is_another(top_up: TopUp, actor: Staff) -> None:
    """Refuse that who verified a claim undoes it: of a mistake two people know."""
    if actor.id == top_up.decided_by:
        raise SameVerifier


def ensure_sayable_reason(reason: str) -> None:
    """Refuse a reason longer than a line of a statement."""
    assert reason
    if len(reason) > REASON_LENGTH_MAX:
        raise TopUpReasonTooLong(len(reason), REASON_LENGTH_MAX)
