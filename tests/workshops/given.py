"""Workshops in a database, brought to where a test begins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.citizens.model import CitizenId, Learner
from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.model import Balance, Bucket, Move, TransferCode
from bot.wallet.rules import account_code, wallet_code
from bot.workshops import use_cases as workshops
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    Registration,
    RegistrationId,
    RegistrationState,
    Slot,
    Workshop,
    WorkshopId,
)
from tests.calendar.support import at
from tests.workshops.support import (
    CALENDAR,
    NOW,
    OFFICE,
    OFFICER,
    OPENS,
    SARA,
    details,
    learner,
)

TERMS = "دوربین روشن باشد و از هدست استفاده شود."
DATES = ("1405/08/23 17:00", "1405/08/30 17:00", "1405/09/07 17:00", "1405/09/14 17:00")
_keys = iter(range(1, 10**9))


async def given_draft(tx: Transaction, dates: Sequence[str] = DATES, **wanted: Any) -> Workshop:
    """A draft with terms and sessions, in which nothing is lacking."""
    made = await workshops.draft(tx, details=details(**wanted), actor=OFFICER, now=NOW)
    await workshops.set_terms(tx, workshop_id=made.id, text=TERMS, actor=OFFICER, now=NOW)
    await workshops.set_sessions(
        tx,
        workshop_id=made.id,
        slots=[Slot(at(written), 90) for written in dates],
        calendar=CALENDAR,
        actor=OFFICER,
        now=NOW,
    )
    return await workshops.workshop(tx, workshop_id=made.id, actor=Actor.staff(OFFICER))


async def given_published(
    tx: Transaction, dates: Sequence[str] = DATES, **wanted: Any
) -> Workshop:
    made = await given_draft(tx, dates, **wanted)
    return await workshops.publish(
        tx, workshop_id=made.id, calendar=CALENDAR, actor=OFFICER, now=NOW
    )


async def given_open(tx: Transaction, dates: Sequence[str] = DATES, **wanted: Any) -> Workshop:
    made = await given_published(tx, dates, **wanted)
    opened = await workshops.open_due(tx, office_id=OFFICE, now=OPENS)
    assert made.id in {one.id for one in opened}
    return await found(tx, made.id)


async def found(tx: Transaction, workshop_id: WorkshopId) -> Workshop:
    return await workshops.workshop(tx, workshop_id=workshop_id, actor=Actor.staff(OFFICER))


async def given_money(
    tx: Transaction, amount_rial: int, citizen_id: CitizenId = SARA, *, credit_rial: int = 0
) -> None:
    """Cash, and service credit, in a wallet at the office."""
    number = next(_keys)
    words = {"reference": f"given:{number}", "reason": "شارژ", "actor": "clock", "now": NOW}
    target = wallet_code(OFFICE, citizen_id, Bucket.CASH)
    gateway = account_code(OFFICE, "gateway")
    if amount_rial:
        await wallet.move(
            tx,
            key=f"given:{number}",
            moves=[Move(gateway, target, amount_rial, TransferCode.TOP_UP)],
            **words,  # type: ignore[arg-type]
        )
    if credit_rial:
        await wallet.grant_service_credit(
            tx,
            key=f"given-credit:{number}",
            office_id=OFFICE,
            citizen_id=citizen_id,
            amount_rial=credit_rial,
            **words,  # type: ignore[arg-type]
        )


async def begun(
    tx: Transaction,
    workshop: Workshop,
    *learners: Learner,
    payer_id: CitizenId = SARA,
    now: datetime = OPENS,
) -> list[RegistrationId]:
    """Drafts whose terms are accepted."""
    drafts = await workshops.begin(
        tx,
        workshop_id=workshop.id,
        learners=learners or [learner(guardian_id=payer_id)],
        payer_id=payer_id,
        policy=DEFAULT_POLICY,
        now=now,
    )
    ids = [one.id for one in drafts]
    await workshops.accept_terms(
        tx,
        registration_ids=ids,
        payer_id=payer_id,
        terms_version=workshop.terms_version,
        message_id=44,
        now=now,
    )
    return ids


async def held(
    tx: Transaction,
    workshop: Workshop,
    *learners: Learner,
    payer_id: CitizenId = SARA,
    now: datetime = OPENS,
    **wanted: Any,
) -> tuple[Registration, ...]:
    ids = await begun(tx, workshop, *learners, payer_id=payer_id, now=now)
    return await workshops.take_places(
        tx, registration_ids=ids, payer_id=payer_id, policy=DEFAULT_POLICY, now=now, **wanted
    )


async def confirmed(
    tx: Transaction,
    workshop: Workshop,
    *learners: Learner,
    payer_id: CitizenId = SARA,
    now: datetime = OPENS,
    credit_rial: int = 0,
) -> tuple[Registration, ...]:
    """Places that are paid for, from a wallet that holds just as much."""
    places = await held(tx, workshop, *learners, payer_id=payer_id, now=now)
    if not workshop.fee_rial:
        return places
    cash_rial = workshop.fee_rial * len(places) - credit_rial
    await given_money(tx, cash_rial, payer_id, credit_rial=credit_rial)
    return await workshops.confirm(
        tx, registration_ids=[one.id for one in places], payer_id=payer_id, now=now
    )


async def waits(
    tx: Transaction,
    workshop: Workshop,
    *learners: Learner,
    payer_id: CitizenId = SARA,
    now: datetime = OPENS,
    is_auto_accept: bool = False,
) -> tuple[Registration, ...]:
    ids = await begun(tx, workshop, *learners, payer_id=payer_id, now=now)
    return await workshops.join_line(
        tx,
        registration_ids=ids,
        payer_id=payer_id,
        is_auto_accept=is_auto_accept,
        policy=DEFAULT_POLICY,
        now=now,
    )


async def state_of(tx: Transaction, registration: Registration) -> RegistrationState:
    _, one = await workshops.registration(
        tx, registration_id=registration.id, actor=Actor.staff(OFFICER)
    )
    return one.state


async def balance(tx: Transaction, citizen_id: CitizenId = SARA) -> Balance:
    return await wallet.balance(tx, office_id=OFFICE, citizen_id=citizen_id)


async def escrow_rial(tx: Transaction, workshop: Workshop) -> int:
    """What waits in the escrow of a workshop, in both buckets."""
    return sum([await standing(tx, f"escrow:{workshop.id}:{bucket}") for bucket in Bucket])


async def standing(tx: Transaction, name: str) -> int:
    rows = await tx.exec_driver_sql(
        f"SELECT credits_rial - debits_rial FROM account WHERE code = '{name}@{OFFICE}'"  # noqa: S608 - a name of ours
    )
    return int(rows.scalar() or 0)


def family(count: int, payer_id: CitizenId = SARA, first: int = 1) -> list[Learner]:
    """Brothers and sisters."""
    return [learner(first + number, guardian_id=payer_id) for number in range(count)]


async def rows_of(database: Database) -> dict[str, list[Any]]:
    """All that is kept of workshops and money, to be compared."""
    tables = (
        "workshop",
        "workshop_terms",
        "workshop_event",
        "workshop_session",
        "registration",
        "waiting_entry",
        "workshop_consent",
        "make_up",
        "make_up_entitlement",
        "attendance",
        "account",
        "transfer",
        "operation",
    )
    async with database.reading() as tx:
        return {
            name: list(await tx.exec_driver_sql(f"SELECT * FROM {name}"))  # noqa: S608 - a table of ours
            for name in tables
        }
