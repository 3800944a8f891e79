"""The life of a citizen at the desk, with words and numbers that are found nowhere else."""

from bot.calendar import use_cases as calendars
from bot.citizens.model import CitizenId
from bot.kit.database import Transaction
from bot.kit.jalali import tehran_day
from bot.outbox import use_cases as outbox
from bot.surveys import use_cases as surveys
from bot.surveys.model import SurveyKind
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import DEFAULT_POLICY, Actor, CheckItem, Sieve
from handlers.callback_data.payouts import PayoutVerb
from tests.cases.support import rows_of
from tests.handlers import payout_support as payouts
from tests.handlers.citizen_support import register
from tests.handlers.desk_support import Officer
from tests.handlers.registering_support import (
    SARA_ID,
    given_learner,
    given_workshop,
    registered,
    registrations,
    sound,
)
from tests.handlers.support import DeskUnderTest, Said, Visitor

WORDS = "نشانهٔ یکتا: معلم بدقول بود"
COMMENT = "نظر یکتای من"
CHILD = "بهارکیکتا"
BANK_REFERENCE = "771199220033"
FEE = 30_000  # less than is paid out
ERASE = "rt:e"
ERASE_SURELY = "rt:g"


async def press(person: Visitor, data: str) -> Said:
    return sound(await person.press_data(data))


async def a_life(desk: DeskUnderTest) -> Visitor:
    """Everything that is kept of a person, each of it at its end or free to go."""
    workshop = await given_workshop(desk, fee_rial=FEE)
    finance, *_ = await payouts.staffed(desk)
    sara = desk.person(SARA_ID)
    await press(sara, "l:fa")
    await press(sara, "o:kanoon")
    receipt = await register(sara, WORDS)
    await register(sara, f"{WORDS}، بی‌نام", is_anonymous=True)
    await rated(desk, receipt)
    learner = await given_learner(desk, name=CHILD)
    _person, _page = await registered(desk, workshop, learner=learner)
    (place,) = await registrations(desk)
    await prepared(desk, place.workshop_id, place.id)
    async with desk.database.transaction() as tx:
        calendar = await calendars.calendar_of(
            tx,
            office_id="kanoon",
            hours=desk.shared.catalogue.published_by("kanoon").hours,
            today=tehran_day(desk.now),
        )
        await workshops.drop(
            tx,
            registration_id=place.id,
            actor=Actor.citizen(CitizenId(SARA_ID)),
            calendar=calendar,
            now=desk.now,
            policy=DEFAULT_POLICY,
        )
        await workshops.subscribe(
            tx,
            citizen_id=CitizenId(SARA_ID),
            office_id="kanoon",
            sieve=Sieve(age=7, province="تهران"),
            now=desk.now,
        )
    await paid_out(desk, finance)
    await desk.person(SARA_ID).say("کلاس‌ها چند جلسه است؟")
    return sara


async def paid_out(desk: DeskUnderTest, finance: Officer) -> None:
    """A payout of all but the fee that came back, up to what the bank says."""
    await payouts.give(desk, SARA_ID, cash=5_000_000)
    sara = desk.person(SARA_ID)
    receipt = await payouts.tap(sara, await payouts.up_to_review(sara, "500000 تومان"), "wyc")
    payout = await payouts.payout_in(desk, receipt, SARA_ID)
    await payouts.approved(finance, payout)
    await payouts.exported(finance)
    await payouts.act(finance, payout, PayoutVerb.PAID, BANK_REFERENCE)
    assert (await payouts.balance_of(desk, SARA_ID)).cash_rial == FEE


async def rated(desk: DeskUnderTest, receipt: Said) -> None:
    """A rating with a comment, and one that is not asked for yet."""
    async with desk.database.transaction() as tx:
        for resolution in (1, 2):
            await surveys.plan(
                tx,
                kind=SurveyKind.RATING,
                subject="case:1",
                resolution=resolution,
                office_id="kanoon",
                service_id=None,
                citizen_id=CitizenId(SARA_ID),
                officer_id=None,
                due_at=desk.now,
            )
        first, _second = await surveys.due(tx, now=desk.now, limit=9)
        await surveys.mark_asked(tx, survey_id=first.id, now=desk.now)
        one = {"survey_id": first.id, "citizen_id": CitizenId(SARA_ID), "now": desk.now}
        await surveys.rate(tx, **one, score=2)
        await surveys.comment(tx, **one, text=COMMENT)
        await outbox.note_subject(
            tx, chat_id=SARA_ID, message_id=receipt.message_id, about="case:1", now=desk.now
        )


async def prepared(desk: DeskUnderTest, workshop_id: int, registration_id: int) -> None:
    async with desk.database.transaction() as tx:
        session = (await workshops.sessions(tx, workshop_id=workshop_id))[0]
        await workshops.note_check(
            tx,
            session_id=session.id,
            registration_id=registration_id,
            item=CheckItem.CAMERA,
            is_ready=False,
            payer_id=CitizenId(SARA_ID),
            now=desk.now,
        )


async def erase(person: Visitor) -> Said:
    """Both steps; gives what was said last."""
    await press(person, ERASE)
    asked = await press(person, ERASE_SURELY)
    (data,) = [data for data in asked.presses if data.startswith("rte:")]
    return await press(person, data)


async def everything(tx: Transaction) -> str:
    """All rows as one text, sealed values as bytes."""
    return repr(await rows_of(tx))


async def faults(desk: DeskUnderTest) -> list[object]:
    async with desk.database.reading() as tx:
        return [*await wallet.audit(tx)]
