"""Who did what: for an office as a whole, or about one case, payout, workshop or person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, filters

from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.cases.model import CaseId
from bot.citizens import use_cases as citizens
from bot.citizens.errors import NothingToAudit
from bot.citizens.model import Role
from bot.kit.digits import latin_digits
from bot.kit.text import strip_bidi
from bot.kit.tracking import code_in, shown
from bot.wallet import use_cases as wallet
from bot.wallet.errors import NoSuchPayout
from handlers.adding import Application, add_buttons
from handlers.callback_data import number_in
from handlers.callback_data.members import AuditOfPressed, AuditPressed
from handlers.context import pressed
from handlers.staff.access import MANAGERS, acting_for, offices_of, staff_action
from handlers.views.office import audit as views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import AuditEntry, CitizenId
    from handlers.context import DeskContext

_WORKSHOP = re.compile(r"[wW]?-?([0-9]{1,18})")


@dataclass(frozen=True)
class _Sieve:
    """What is asked about: these subjects, and whatever this person did."""

    about: str  # as a button says it
    subjects: tuple[str, ...]
    by: CitizenId | None = None


def add(application: Application) -> None:
    """Add the command and its buttons."""
    new = filters.UpdateType.MESSAGE & ~filters.FORWARDED
    where = new & (filters.ChatType.GROUPS | filters.ChatType.PRIVATE)
    application.add_handler(CommandHandler("audit", show_audit, filters=where))
    add_buttons(application, (AuditPressed, turn_audit), (AuditOfPressed, turn_sifted))


@staff_action(*MANAGERS)
async def show_audit(update: Update, context: DeskContext) -> None:
    """Answer /audit with the latest that was done for each office here, or about one thing."""
    typed = " ".join(context.args or ())
    for published in await offices_of(update, context, MANAGERS):
        sieve = await _sieve(context, typed, published.office.id) if typed else None
        await _show(context, published, None, sieve, is_page=False)


@staff_action(*MANAGERS)
async def turn_audit(update: Update, context: DeskContext) -> None:
    """Answer a button that leads to what was done earlier."""
    asked = AuditPressed.unpack(pressed(update))
    published, _staff = await acting_for(update, context, asked.office_id, MANAGERS)
    before_id = number_in(asked.before_id) or None
    await _show(context, published, before_id, None, is_page=True)


@staff_action(*MANAGERS)
async def turn_sifted(update: Update, context: DeskContext) -> None:
    """Answer a button that leads to what was done earlier about the same thing."""
    asked = AuditOfPressed.unpack(pressed(update))
    published, _staff = await acting_for(update, context, asked.office_id, MANAGERS)
    sieve = await _sieve(context, asked.about, asked.office_id)
    before_id = number_in(asked.before_id) or None
    await _show(context, published, before_id, sieve, is_page=True)


async def _show(
    context: DeskContext,
    published: OfficeCatalogue,
    before_id: int | None,
    sieve: _Sieve | None,
    *,
    is_page: bool,
) -> None:
    unit = context.unit
    entries = await citizens.audit_of(
        unit.tx,
        office_id=published.office.id,
        limit=views.ENTRIES_ON_A_PAGE + 1,
        before_id=before_id,
        subjects=None if sieve is None else sieve.subjects,
        by=None if sieve is None else sieve.by,
    )
    page = views.AuditPage(
        entries,
        await _codes(context, entries),
        about="" if sieve is None else sieve.about,
        end=await citizens.chain_head(unit.tx),
    )
    context.reply(views.audit_page(context.words, published, page, is_page=is_page))


async def _sieve(context: DeskContext, typed: str, office_id: str) -> _Sieve:
    """Understand what is asked about; of another office it is as good as nothing.

    Raises NothingToAudit for what is no code and no number.
    """
    plain, tx = latin_digits(strip_bidi(typed)).strip(), context.unit.tx
    person = citizens.read_person_code(plain)
    if person is not None:
        by = await citizens.person_of(tx, code=person)
        roles = () if by is None else tuple(f"staff:{by}:{role}" for role in Role)
        return _Sieve(person, (f"person:{person}", *roles), by)
    workshop = _WORKSHOP.fullmatch(plain)
    if workshop is not None:
        return _Sieve(f"w{workshop[1]}", (f"workshop:{workshop[1]}",))
    code = code_in(plain)
    if code is None:
        raise NothingToAudit
    subjects = [*await _case(context, code), *await _payout(context, code, office_id)]
    return _Sieve(shown(code), tuple(subjects))


async def _case(context: DeskContext, code: str) -> list[str]:
    unit = context.unit
    try:
        sight = await cases.sight(unit.tx, code=code, citizen_id=unit.citizen.id)
    except NoSuchCase:
        return []
    return [f"case:{sight.dossier.case.id}"]


async def _payout(context: DeskContext, code: str, office_id: str) -> list[str]:
    try:
        payout = await wallet.find_payout(context.unit.tx, code=code, office_id=office_id)
    except NoSuchPayout:
        return []
    return [payout.reference]


async def _codes(context: DeskContext, entries: Sequence[AuditEntry]) -> dict[str, str]:
    """Find the tracking codes of the cases that something was done to."""
    codes = {}
    for subject in {entry.subject for entry in entries if entry.subject.startswith("case:")}:
        case_id = CaseId(int(subject.removeprefix("case:")))
        try:
            dossier = await cases.dossier(context.unit.tx, case_id=case_id)
        except NoSuchCase:
            continue
        codes[subject] = shown(dossier.case.tracking_code)
    return codes
