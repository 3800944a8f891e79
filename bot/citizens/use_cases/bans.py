"""Who may not write to an office for a while; their money and what is theirs stay open to them.

A ban shuts out what gives an office work: new cases, words in cases, and new places in workshops.
It never shuts anybody out of reading, of their wallet and payouts, of leaving a workshop, of
rating, or of their rights; so there is nothing that has to be unlocked to be fair (ADR 0034).
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.citizens.errors import Banned, BanUnreadable, NotBanned, NotToBeBanned
from bot.citizens.model import Ban
from bot.citizens.repository import BanRepository, StaffRepository
from bot.citizens.use_cases.staff import record
from bot.kit.digits import latin_digits
from bot.kit.identity import masked
from bot.kit.text import cut, strip_bidi
from bot.kit.tracking import ALPHABET

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId, Staff
    from bot.kit.database import Transaction

DAYS_MAX: Final = 90
DAYS_USUAL: Final = 7
BANS_SHOWN_MAX: Final = 20
_REASON_UNITS: Final = range(3, 201)
_CODE_SIGNS: Final = 7
_CODE: Final = re.compile(rf"P[- ]?([{ALPHABET}]{{{_CODE_SIGNS}}})")
_LIKE_A_NUMBER: Final = re.compile(r"[-+]?[0-9]|nan\b|inf", re.IGNORECASE)
_DAYS: Final = re.compile(r"([0-9]{1,3})\s+(\S.*)", re.DOTALL)


async def ban(
    tx: Transaction, *, citizen_id: CitizenId, typed: str, actor: Staff, now: datetime
) -> Ban:
    """Let an office take nothing new from a person for some days, for a reason they are told.

    `typed` is "7 reason", or the reason alone, which means a week. Who is banned already is banned
    anew. Raises BanUnreadable and NotToBeBanned.
    """
    days, reason = _read(typed)
    held = await StaffRepository(tx).roles([citizen_id])
    if any(one.office_id == actor.office_id for one in held) or citizen_id == actor.id:
        raise NotToBeBanned
    bans = BanRepository(tx)
    before = await bans.find(citizen_id, actor.office_id, now)
    until = now + timedelta(days=days)
    banned = Ban(citizen_id, actor.office_id, reason, actor.id, now, until)
    await bans.save(banned)
    await record(
        tx,
        actor=actor,
        action="ban",
        subject=f"person:{await person_code(tx, citizen_id=citizen_id)}",
        note=reason,
        between=(_until(before), _until(banned)),
        now=now,
    )
    return banned


async def lift_ban(tx: Transaction, *, citizen_id: CitizenId, actor: Staff, now: datetime) -> Ban:
    """Let a person write again before their ban is over. Raises NotBanned."""
    bans = BanRepository(tx)
    banned = await bans.find(citizen_id, actor.office_id, now)
    if banned is None:
        raise NotBanned
    await bans.remove(citizen_id, actor.office_id)
    code = await person_code(tx, citizen_id=citizen_id)
    between = (_until(banned), None)
    await record(
        tx, actor=actor, action="unban", subject=f"person:{code}", between=between, now=now
    )
    return banned


async def ensure_welcome(
    tx: Transaction, *, citizen_id: CitizenId, office_id: str, now: datetime
) -> None:
    """Refuse something new of whom the office takes nothing new for now. Raises Banned."""
    banned = await BanRepository(tx).find(citizen_id, office_id, now)
    if banned is not None:
        raise Banned(office_id, banned.until, banned.reason)


async def bans_of(tx: Transaction, *, office_id: str, now: datetime) -> list[Ban]:
    """List the bans of an office that go on, the first to end first."""
    return await BanRepository(tx).of_office(office_id, now, limit=BANS_SHOWN_MAX)


async def bans_on(tx: Transaction, *, citizen_id: CitizenId, now: datetime) -> list[Ban]:
    """List the bans of a person that go on, for the person themselves."""
    return await BanRepository(tx).of_citizen(citizen_id, now)


async def forget_bans(tx: Transaction, *, now: datetime) -> None:
    """Forget the bans that are over; what staff did stays in the audit, with a code for a name."""
    await BanRepository(tx).forget_over(now)


async def person_code(tx: Transaction, *, citizen_id: CitizenId) -> str:
    """Say the code by which staff name a person; the first who asks draws it."""
    bans = BanRepository(tx)
    code = await bans.code_of(citizen_id)
    while code is None:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(_CODE_SIGNS))
        await bans.name(citizen_id, f"P-{drawn}")
        code = await bans.code_of(citizen_id)
    return code


async def code_of(tx: Transaction, *, citizen_id: CitizenId) -> str | None:
    """Say by which code staff name a person, if anybody ever asked."""
    return await BanRepository(tx).code_of(citizen_id)


async def person_of(tx: Transaction, *, code: str) -> CitizenId | None:
    """Find whom a code names."""
    return await BanRepository(tx).named(code)


def read_person_code(typed: str) -> str | None:
    """Read a person's code as it was typed, in any case and with any digits."""
    found = _CODE.fullmatch(latin_digits(strip_bidi(typed)).strip().upper())
    return None if found is None else f"P-{found[1]}"


def _until(banned: Ban | None) -> datetime | None:
    return None if banned is None else banned.until


def _read(typed: str) -> tuple[int, str]:
    found = _DAYS.fullmatch(latin_digits(typed).strip())
    days = DAYS_USUAL if found is None else int(found[1])
    said = typed.strip() if found is None else typed.strip().split(maxsplit=1)[1]
    reason = masked(" ".join(strip_bidi(said).split()))
    if found is None and _LIKE_A_NUMBER.match(latin_digits(strip_bidi(said))):
        raise BanUnreadable(DAYS_MAX)  # a number of days that was mistyped is no reason
    if not 1 <= days <= DAYS_MAX or len(reason) not in _REASON_UNITS:
        raise BanUnreadable(DAYS_MAX)
    return days, cut(reason, _REASON_UNITS[-1])
