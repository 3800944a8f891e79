"""The audit of workshops: places, lines, fees, consents and dates, looked at from outside.

What a use case took care of is not trusted here: places are counted, fees followed into the ledger
and back, and who was promoted before whom is read from the history.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bot.kit.auditing import finding
from bot.wallet import use_cases as wallet
from bot.wallet.model import Bucket
from bot.wallet.rules import escrow_code, wallet_code
from bot.workshops.model import Entity, Invariant, RegistrationState
from bot.workshops.repository import AuditRepository, SessionRepository, WorkshopRepository
from bot.workshops.rules import money, planning
from bot.workshops.use_cases.term import TO_TAKE_PLACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.kit.auditing import Finding
    from bot.kit.database import Transaction
    from bot.wallet.model import Journal, JournalId
    from bot.workshops.model import PaidPlace

_FINDINGS_MAX: Final = 100  # of a kind
_PAGE: Final = 500
_GIVEN_BACK: Final = (
    RegistrationState.DROPPED,
    RegistrationState.MOVED,
    RegistrationState.CREDITED,
)


async def audit(
    tx: Transaction, *, calendars: Mapping[str, OfficeCalendar], now: datetime
) -> list[Finding]:
    """Look for whatever is wrong with workshops; nothing found means that all is right.

    At most some hundred findings of a kind are named. Read it in one moment of the database, and
    beside the audit of the ledger, whose sums it takes for granted.
    """
    repository = AuditRepository(tx, limit=_FINDINGS_MAX)
    found = await _guards(repository)
    found += await _fees(tx, repository)
    found += await _places(repository, now)
    found += await _named(repository)
    found += await _histories(repository)
    for office_id, calendar in calendars.items():
        found += await _dates(tx, office_id, calendar, now)
    return found


async def _guards(repository: AuditRepository) -> list[Finding]:
    """Check I4: nobody could change what was said, accepted or done, and no line is gone."""
    found = [
        finding(Invariant.APPEND_ONLY, f"trigger {name}", "there", "gone")
        for name in await repository.missing_guards()
    ]
    gone = await repository.events_gone()
    if gone:
        found.append(finding(Invariant.APPEND_ONLY, "lines removed from histories", 0, gone))
    return found


async def _fees(tx: Transaction, repository: AuditRepository) -> list[Finding]:
    """Check I8 and I13: each fee is where its place says, and the escrows hold no other rial."""
    found: list[Finding] = []
    owed: Counter[str] = Counter()
    after = 0
    while page := await repository.paid_places(after, limit=_PAGE):
        after = page[-1].id
        paid = await wallet.find_fees(tx, journal_ids=[place.journal_id for place in page])
        for place in page:
            if len(found) < _FINDINGS_MAX:
                found += _of_fee(place, paid)
            if place.state is RegistrationState.CONFIRMED and place.journal_id in paid:
                journal, _reversed_count = paid[place.journal_id]
                owed.update({one.credit: one.amount_rial for one in journal.transfers})
    standing = await wallet.escrows(tx)
    wrong = [
        code for code in sorted(owed.keys() | standing) if owed[code] != standing.get(code, 0)
    ]
    found += [
        finding(Invariant.ESCROW_WHOLE, f"in {code}", owed[code], standing.get(code, 0))
        for code in wrong[:_FINDINGS_MAX]
    ]
    return found


def _of_fee(place: PaidPlace, paid: Mapping[JournalId, tuple[Journal, int]]) -> Iterator[Finding]:
    name = f"registration {place.id}"
    if place.journal_id not in paid:
        yield finding(Invariant.ESCROW_WHOLE, name, "a journal that paid for it", "none")
        return
    journal, reversed_count = paid[place.journal_id]
    if not _is_payment(place, journal):
        paid_so = "its fee, from who pays for it to its workshop"
        yield finding(Invariant.ESCROW_WHOLE, name, paid_so, f"journal {journal.id}")
    whole = len(journal.transfers)
    if place.state is RegistrationState.REMOVED:
        expected: tuple[int, ...] = (0, whole)
    else:
        expected = (whole,) if place.state in _GIVEN_BACK else (0,)
    if reversed_count not in expected:
        said = f"given back {'once' if whole in expected else 'never'}, for it is {place.state}"
        yield finding(
            Invariant.FEE_BACK_ONCE, name, said, f"{reversed_count} of {whole} transfers reversed"
        )


def _is_payment(place: PaidPlace, journal: Journal) -> bool:
    ways = {
        (
            wallet_code(place.office_id, place.payer_id, bucket),
            escrow_code(place.office_id, place.workshop_id, bucket),
        )
        for bucket in Bucket
    }
    return (
        all((one.debit, one.credit) in ways for one in journal.transfers)
        and sum(one.amount_rial for one in journal.transfers) == place.fee_rial
        and journal.note.reference == money.reference_of(place.id)
    )


async def _places(repository: AuditRepository, now: datetime) -> list[Finding]:
    """Check I12 where numbers are compared, or two things named."""
    found: list[Finding] = []
    for number, taken, counted, places in await repository.places_taken_otherwise():
        where = f"places taken in workshop {number}"
        if taken != counted:
            found.append(finding(Invariant.PLACES_FAIR, where, taken, counted))
        if taken > places:
            found.append(finding(Invariant.PLACES_FAIR, where, f"at most {places}", taken))
    found += [
        finding(
            Invariant.PLACES_FAIR,
            f"learner {learner_id} in workshop {number}",
            "one registration that has not ended",
            "several",
        )
        for number, learner_id in await repository.learners_twice()
    ]
    found += [
        finding(Invariant.PLACES_FAIR, f"turn {number}", "asked, for there is room", "waiting")
        for number in await repository.left_waiting(now)
    ]
    return found


async def _named(repository: AuditRepository) -> list[Finding]:
    """Check I8, I12 and I15 where whatever is wrong has a number and is simply not so."""
    kinds = (
        (
            Invariant.ESCROW_WHOLE,
            "registration",
            "no confirmed place in a workshop that is over",
            repository.places_in_what_is_over,
        ),
        (
            Invariant.PLACES_FAIR,
            "turn",
            "over, for nobody can register any more",
            repository.lines_of_closed,
        ),
        (
            Invariant.PLACES_FAIR,
            "turn",
            "as many registrations as it is for",
            repository.turns_of_others,
        ),
        (
            Invariant.PLACES_FAIR,
            "turn",
            "asked before whoever came later",
            repository.overtaken,
        ),
        (
            Invariant.CONSENTED,
            "registration",
            "a version of the terms that was accepted",
            repository.without_consent,
        ),
    )
    return [
        finding(invariant, f"{name} {number}", expected, "something else")
        for invariant, name, expected, wrong in kinds
        for number in await wrong()
    ]


async def _histories(repository: AuditRepository) -> list[Finding]:
    """Check I18: everything stands where its history says."""
    return [
        finding(
            Invariant.STATES_TOLD,
            f"{entity.value.replace('_', ' ')} {number}",
            "where its last step led",
            "elsewhere",
        )
        for entity in Entity
        for number in await repository.elsewhere_than_history(entity)
    ]


async def _dates(
    tx: Transaction, office_id: str, calendar: OfficeCalendar, now: datetime
) -> list[Finding]:
    """Check I14: no planned session ahead lies on a closed day; days off may have been chosen."""
    shown = await WorkshopRepository(tx).in_states(office_id, TO_TAKE_PLACE)
    sessions = await SessionRepository(tx).of_all([one.id for one in shown])
    wrong = [
        (session, closed)
        for workshop in shown
        for session, closed in planning.displaced(sessions.get(workshop.id, []), calendar, now)
    ]
    return [
        finding(
            Invariant.ON_OPEN_DAYS, f"session {session.id}", "an open day", f"{closed.day}, closed"
        )
        for session, closed in wrong[:_FINDINGS_MAX]
    ]
