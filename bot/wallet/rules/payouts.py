"""What may happen to a payout, by whom, and how what is typed about it is read (KN-17).

One table says it all; whoever is not in it is refused. Nobody acts for the office on a payout to
themselves, and above the office's threshold two people approve.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from bot.kit.identity import masked, read_iban
from bot.kit.text import strip_bidi
from bot.wallet.errors import (
    IbanUnreadable,
    NoSuchPayout,
    OwnerUnreadable,
    OwnPayout,
    PayoutMoved,
    PayoutReasonUnreadable,
    PayoutTooSmall,
    SamePerson,
)
from bot.wallet.model import (
    OWNER_LENGTH_MAX,
    OWNER_LENGTH_MIN,
    PAYOUT_REASON_LENGTH_MAX,
    PayoutAct,
    PayoutState,
    PayoutStep,
)

if TYPE_CHECKING:
    from bot.citizens.model import CitizenId, Staff
    from bot.wallet.model import Payout, PayoutPolicy

_FINANCE: Final = (Role.FINANCE,)
_MANAGER: Final = (Role.MANAGER,)
_EITHER: Final = (Role.FINANCE, Role.MANAGER)
_CITIZEN: Final = ()

# The one table of steps. Where an act leads to two states, the first is for what needs a second.
PAYOUT_STEPS: Final = tuple(
    PayoutStep(PayoutState(begins), act, PayoutState(ends), roles)
    for begins, act, ends, roles in (
        ("requested", PayoutAct.WITHDRAW, "withdrawn", _CITIZEN),
        ("review", PayoutAct.WITHDRAW, "withdrawn", _CITIZEN),
        ("seconding", PayoutAct.WITHDRAW, "withdrawn", _CITIZEN),
        ("requested", PayoutAct.TAKE, "review", _EITHER),
        ("review", PayoutAct.APPROVE, "seconding", _FINANCE),
        ("review", PayoutAct.APPROVE, "approved", _FINANCE),
        ("seconding", PayoutAct.SECOND, "approved", _MANAGER),
        ("requested", PayoutAct.REJECT, "rejected", _EITHER),
        ("review", PayoutAct.REJECT, "rejected", _EITHER),
        ("seconding", PayoutAct.REJECT, "rejected", _EITHER),
        ("approved", PayoutAct.RECALL, "review", _MANAGER),
        ("approved", PayoutAct.EXPORT, "sent", _FINANCE),
        ("sent", PayoutAct.PAY, "paid", _EITHER),
        ("sent", PayoutAct.RETURN, "returned", _EITHER),
        ("paid", PayoutAct.RETURN_LATE, "returned_late", _EITHER),
        ("paid", PayoutAct.CORRECT, "paid", _MANAGER),
    )
)
_SIGNS_OF_NAMES: Final = frozenset(" -.'\u2019()\u200c")


def payout_roles(act: PayoutAct) -> tuple[Role, ...]:
    """Say in which roles one does that; nobody of the office withdraws for a citizen."""
    return next(step.roles for step in PAYOUT_STEPS if step.act is act)


def step_from(payout: Payout, act: PayoutAct) -> PayoutStep:
    """Say where an act leads from where the payout stands. Raises PayoutMoved."""
    for step in PAYOUT_STEPS:
        is_that = (step.begins, step.act) == (payout.state, act)
        if is_that and (step.ends is not PayoutState.SECONDING or payout.needs_second):
            return step
    raise PayoutMoved(payout.state)


def ensure_own_payout(payout: Payout, citizen_id: CitizenId) -> None:
    """Refuse a citizen another's payout, as if there were none."""
    if payout.citizen_id != citizen_id:
        raise NoSuchPayout


def ensure_payout_role(act: PayoutAct, office_id: str, actor: Staff) -> None:
    """Refuse whoever does not have the role at the office."""
    if actor.office_id != office_id or actor.role not in payout_roles(act):
        raise StaffOnly(payout_roles(act))


def payout_step(payout: Payout, act: PayoutAct, actor: Staff) -> PayoutStep:
    """Say where an act of somebody leads, or refuse it.

    Raises NoSuchPayout for another office's, StaffOnly, OwnPayout, PayoutMoved, and SamePerson.
    """
    if actor.office_id != payout.office_id:
        raise NoSuchPayout
    ensure_payout_role(act, payout.office_id, actor)
    if actor.id == payout.citizen_id:
        raise OwnPayout
    step = step_from(payout, act)
    if act is PayoutAct.SECOND and actor.id == payout.approved_by:
        raise SamePerson
    return step


def payout_signatures(act: PayoutAct, actor_id: CitizenId) -> dict[str, CitizenId | None]:
    """Say whose names an act writes on the payout, or strikes from it."""
    if act is PayoutAct.RECALL:
        return {"approved_by": None, "seconded_by": None}
    name = {
        PayoutAct.TAKE: "reviewer",
        PayoutAct.APPROVE: "approved_by",
        PayoutAct.SECOND: "seconded_by",
    }.get(act)
    return {} if name is None else {name: actor_id}


def ensure_payout_amount(amount_rial: int, policy: PayoutPolicy) -> None:
    """Refuse less than the office pays out."""
    least_rial = max(1, policy.payout_rial_min)
    if amount_rial < least_rial:
        raise PayoutTooSmall(amount_rial, least_rial)


def needs_second(amount_rial: int, asked_lately_rial: int, policy: PayoutPolicy) -> bool:
    """True for what two people approve; the threshold itself is still for one.

    What was asked for lately counts too, so that no sum is parted to pass one person alone.
    """
    return amount_rial + asked_lately_rial > policy.second_approver_above_rial


def iban_of(typed: str) -> str:
    """Read an account number. Raises IbanUnreadable."""
    iban = read_iban(typed)
    if iban is None:
        raise IbanUnreadable
    return iban


def owner_of(typed: str) -> str:
    """Read the name of an account's owner: letters, and what stands between them in names.

    Raises OwnerUnreadable.
    """
    name = _one_line(typed)
    letters_count = sum(sign.isalpha() for sign in name)
    is_fit = letters_count >= OWNER_LENGTH_MIN and len(name) <= OWNER_LENGTH_MAX
    if not is_fit or not all(_is_of_name(sign) for sign in name):
        raise OwnerUnreadable(OWNER_LENGTH_MAX)
    return name


def payout_reason(typed: str, length_max: int = PAYOUT_REASON_LENGTH_MAX) -> str:
    """Read a reason that the citizen is told; numbers of persons in it are not kept.

    Raises PayoutReasonUnreadable.
    """
    reason = _one_line(typed)
    if not 0 < len(reason) <= length_max:
        raise PayoutReasonUnreadable(len(reason), length_max)
    return masked(reason)


def _is_of_name(sign: str) -> bool:
    return sign.isalpha() or unicodedata.category(sign) == "Mn" or sign in _SIGNS_OF_NAMES


def _one_line(typed: str) -> str:
    readable = strip_bidi(typed).encode("utf-8", "ignore").decode()
    signs = (sign if sign.isprintable() or sign == "\u200c" else " " for sign in readable)
    return " ".join("".join(signs).split())
