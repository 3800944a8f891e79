"""Sample workshops of the trial messenger, made once, as if they had been announced before.

They are made by the same use cases as real ones, at moments of the past; what time does to them
is left to the rounds.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from bot.calendar import use_cases as calendars
from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.clock import TEHRAN
from bot.kit.content import ContentFaulty, read, validated
from bot.kit.errors import StartRefused
from bot.kit.jalali import tehran_day
from bot.wallet import use_cases as wallet
from bot.wallet.model import Bucket, Move, TransferCode
from bot.wallet.rules import account_code, wallet_code
from bot.workshops import use_cases as workshops
from bot.workshops.model import DEFAULT_POLICY, Details, Plan, WorkshopState
from handlers.jobs.cast import seat

if TYPE_CHECKING:
    from bot.calendar.model import OfficeCalendar
    from bot.catalogue.model import Catalogue
    from bot.citizens.model import Learner
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction
    from bot.workshops.model import Workshop
    from handlers.jobs.cast import Cast

_GUARDIAN: Final = CitizenId(9_000_000_001)  # nobody of the trial messenger
_EVERY_DAY: Final = frozenset(range(7))
_FILE: Final = Path(__file__).resolve().parents[2] / "data" / "samples" / "workshops.yaml"
_LINK: Final = "https://kpf.ir/lms"


@dataclass(frozen=True)
class Sample:
    """A sample of the file; days are counted from the first start."""

    title: str
    description: str
    subject: str
    province: str | None
    age_min: int
    age_max: int
    fee_rial: int
    places: int
    quorum: int
    opens_in_days: int
    closes_in_days: int
    first_session_in_days: int
    hours: tuple[time, time]
    session_count: int
    taken: int


@dataclass(frozen=True)
class Samples:
    """The whole file."""

    office: str
    learners: tuple[str, ...]
    terms: str
    workshops: tuple[Sample, ...]


_SAMPLES: Final = TypeAdapter(Samples)


def load_samples(path: Path) -> Samples:
    """Read the file; raises StartRefused with every fault of it."""
    try:
        return validated(read(path), _SAMPLES)
    except ContentFaulty as error:
        raise StartRefused(error.faults) from None


async def set_up_trial(
    tx: Transaction, cast: Cast, catalogue: Catalogue, keyring: Keyring, now: datetime
) -> None:
    """Seat the cast of the trial messenger, and show them the sample workshops."""
    await seat(tx, cast, catalogue, now)
    maker = CitizenId(cast.people[Role.OFFICER][0])
    samples = await asyncio.to_thread(load_samples, _FILE)
    await show_samples(tx, samples, maker=maker, catalogue=catalogue, keyring=keyring, now=now)


async def show_samples(
    tx: Transaction,
    samples: Samples,
    *,
    maker: CitizenId,
    catalogue: Catalogue,
    keyring: Keyring,
    now: datetime,
) -> None:
    """Make the samples, unless the office has a workshop already."""
    published = catalogue.find(samples.office)
    every = tuple(WorkshopState)
    if published is None or await workshops.count(tx, office_id=samples.office, states=every):
        return
    staff = Staff(maker, samples.office, Role.OFFICER, "")
    await calendars.seed_holidays(tx, today=tehran_day(now))
    calendar = await calendars.calendar_of(
        tx, office_id=samples.office, hours=published.hours, today=tehran_day(now)
    )
    for sample in samples.workshops:
        workshop = await _made(
            tx, sample, terms=samples.terms, staff=staff, calendar=calendar, now=now
        )
        names = samples.learners[: sample.taken]
        await _taken(tx, sample, names, workshop, keyring=keyring, now=now)


async def _made(
    tx: Transaction,
    sample: Sample,
    *,
    terms: str,
    staff: Staff,
    calendar: OfficeCalendar,
    now: datetime,
) -> Workshop:
    """Announce a sample a little before its registration opens."""
    today, starts = tehran_day(now), sample.hours[0]
    at = min(now, _moment(today, sample.opens_in_days) - timedelta(hours=1))
    details = Details(
        title=sample.title,
        description=sample.description,
        subject=sample.subject,
        province=sample.province,
        age_min=sample.age_min,
        age_max=sample.age_max,
        fee_rial=sample.fee_rial,
        places=sample.places,
        quorum=sample.quorum,
        opens_at=_moment(today, sample.opens_in_days),
        closes_at=_moment(today, sample.closes_in_days),
        online_link=_LINK,
    )
    workshop = await workshops.draft(tx, details=details, actor=staff, now=at, is_sample=True)
    await workshops.set_terms(tx, workshop_id=workshop.id, text=terms, actor=staff, now=at)
    plan = Plan(
        first_on=today + timedelta(days=sample.first_session_in_days),
        weekdays=_EVERY_DAY,
        starts=starts,
        minutes=_minutes(sample.hours[1]) - _minutes(starts),
        session_count=sample.session_count,
    )
    proposal = workshops.propose_sessions(plan, calendar=calendar, now=at)
    await workshops.set_sessions(
        tx,
        workshop_id=workshop.id,
        slots=proposal.slots,
        calendar=calendar,
        actor=staff,
        now=at,
    )
    shown = await workshops.publish(
        tx, workshop_id=workshop.id, calendar=calendar, actor=staff, now=at
    )
    if sample.opens_in_days < 0:
        await workshops.open_due(tx, office_id=staff.office_id, now=shown.opens_at)
    return shown


async def _taken(
    tx: Transaction,
    sample: Sample,
    names: tuple[str, ...],
    workshop: Workshop,
    *,
    keyring: Keyring,
    now: datetime,
) -> None:
    """Register sample learners, each with a fee that was paid in before."""
    at = workshop.opens_at + timedelta(hours=1)
    born_on = tehran_day(now) - timedelta(days=366 * (sample.age_min + 1))
    for name in names:
        learner = await citizens.add_learner(
            tx,
            guardian_id=_GUARDIAN,
            given_name=name,
            born_on=born_on,
            is_self=False,
            keyring=keyring,
            now=at,
        )
        if sample.fee_rial:
            await _pay_in(tx, workshop, learner, at)
        await _register(tx, workshop, learner, at)


async def _register(tx: Transaction, workshop: Workshop, learner: Learner, at: datetime) -> None:
    begun = await workshops.begin(
        tx,
        workshop_id=workshop.id,
        learners=[learner],
        payer_id=_GUARDIAN,
        policy=DEFAULT_POLICY,
        now=at,
    )
    ids = [one.id for one in begun]
    await workshops.accept_terms(
        tx,
        registration_ids=ids,
        payer_id=_GUARDIAN,
        terms_version=1,
        message_id=None,
        now=at,
    )
    await workshops.take_places(
        tx, registration_ids=ids, payer_id=_GUARDIAN, policy=DEFAULT_POLICY, now=at
    )
    if workshop.fee_rial:
        await workshops.confirm(tx, registration_ids=ids, payer_id=_GUARDIAN, now=at)


async def _pay_in(tx: Transaction, workshop: Workshop, learner: Learner, at: datetime) -> None:
    office_id = workshop.office_id
    paid_in = Move(
        account_code(office_id, "gateway"),
        wallet_code(office_id, _GUARDIAN, Bucket.CASH),
        workshop.fee_rial,
        TransferCode.TOP_UP,
    )
    await wallet.move(
        tx,
        key=f"sample:{workshop.id}:{learner.id}",
        moves=[paid_in],
        reference=f"sample:{learner.id}",
        reason="sample",
        actor="clock",
        now=at,
    )


def _moment(today: date, days: int) -> datetime:
    return datetime.combine(today + timedelta(days=days), time(), TEHRAN)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
