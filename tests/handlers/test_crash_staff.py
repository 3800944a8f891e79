"""Fail at the n-th statement of what staff do: no trace is left, and the next try does it once.

Each run looks at other statements; a storm (`FAULTS=long`) at all of them.
"""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest

from bot.citizens.model import Role
from handlers.callback_data.desk import DeskVerb
from handlers.callback_data.top_ups import TopUpVerb
from handlers.callback_data.workshop_sessions import SessionVerb
from tests.faults.scale import IS_LONG, PATIENCE, chance, many
from tests.handlers import (
    test_circulars,
    test_credit,
    test_fee_back,
    test_learning,
    test_members,
    test_vouching,
    test_workshop_removing,
    test_workshop_sessions,
    top_up_support,
    workshop_support,
)
from tests.handlers.crash_support import Broken, Died, Update, hold, sweep_update
from tests.handlers.desk_support import MANAGER, OFFICER, SARA, Officer, register
from tests.handlers.registering_support import given_workshop
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said

pytestmark = pytest.mark.timeout(PATIENCE)

_LINK, _NONCE = "invitation-of-this-test-0001", b"n"


class _Alike:
    """Draws alike in every run, so that what two runs leave behind can be compared."""

    def token_urlsafe(self, length: int) -> str:
        return _LINK if length > 20 else "o" * length

    def token_hex(self, length: int) -> str:
        return "0" * 2 * length

    def urandom(self, length: int) -> bytes:
        return _NONCE * length


@pytest.fixture(autouse=True)
def _same_draws(desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.shared.keyring.current, "its keys are drawn at random before"
    drawn = _Alike()
    for room in ("use_cases.staff", "use_cases.dialogues"):
        monkeypatch.setattr(f"bot.citizens.{room}.secrets", drawn)
    monkeypatch.setattr("bot.catalogue.use_cases.learning.secrets", drawn)
    monkeypatch.setattr("bot.kit.crypto.os", drawn)


@dataclass
class Office:
    """An officer and a manager at the desk of an office."""

    desk: DeskUnderTest
    officer: Officer
    manager: Officer

    @classmethod
    async def of(cls, desk: DeskUnderTest) -> "Office":
        await desk.open_desk(GROUP_ID, "kanoon")
        officer = await Officer.at(desk, OFFICER, group_id=GROUP_ID)
        manager = await Officer.at(desk, MANAGER, role=Role.MANAGER, group_id=GROUP_ID)
        return cls(desk, officer, manager)

    async def press(self, who: Officer, data: str, said: Said | None = None) -> Update:
        number = 77 if said is None else said.message_id
        return await self.hold(who.visitor.press_data(data, message_id=number))

    async def hold(self, deed: Coroutine[Any, Any, object]) -> Update:
        return await hold(self.desk, deed)


def _with(said: Said, prefix: str) -> str:
    return next(data for data in said.presses if data.split(":")[0] == prefix)


async def to_withdraw_a_closure(office: Office) -> Update:
    await register(office.desk)
    preview = await office.officer.visitor.say("/close kanoon 1405/09/03 سرمای شدید")
    await office.officer.visitor.press_data(_with(preview, "cly"), message_id=preview.message_id)
    (asked,) = await office.officer.visitor.press_data("clw:kanoon:1")
    return await office.press(office.officer, _with(asked, "cly"), asked)


async def to_propose_credit(office: Office) -> Update:
    prompt = await test_credit.prompted(office.officer, await test_credit.claim(office.desk))
    return await office.hold(office.officer.reply(prompt, test_credit.TYPED))


async def to_approve_credit(office: Office) -> Update:
    card = await test_credit.proposed(office.officer, await test_credit.claim(office.desk))
    return await office.press(office.manager, _with(card, "wca"), card)


async def to_reject_credit(office: Office) -> Update:
    card = await test_credit.proposed(office.officer, await test_credit.claim(office.desk))
    *_, prompt = await office.manager.visitor.press_data(_with(card, "wcr"))
    return await office.hold(office.manager.reply(prompt, "جلسه برگزار شده بود"))


async def to_ban(office: Office) -> Update:
    card = await office.manager.card(await register(office.desk))
    return await office.hold(office.manager.reply(card, "/ban 7 توهین به همکاران"))


async def to_lift_a_ban(office: Office) -> Update:
    card = await office.manager.card(await register(office.desk))
    (done,) = await office.manager.reply(card, "/ban 7 توهین به همکاران")
    return await office.press(office.manager, _with(done, "mbl"), done)


async def to_invite(office: Office) -> Update:
    return await office.press(office.manager, "mbr:kanoon:finance")


async def to_join(office: Office) -> Update:
    link = await test_members.given_link(office.desk)
    return await office.hold(office.desk.person(SARA).say(f"/start {link}"))


async def to_withdraw_links(office: Office) -> Update:
    await test_members.given_link(office.desk)
    return await office.press(office.manager, "mbw:kanoon")


async def to_dismiss(office: Office) -> Update:
    return await office.press(office.manager, f"mbx:kanoon:{OFFICER}:officer")


async def to_move_the_desk(office: Office) -> Update:
    manager = Officer.outsider(office.desk, MANAGER, -4_004)
    return await office.hold(manager.visitor.say("/desk kanoon"))


async def to_issue_a_circular(office: Office) -> Update:
    said = await office.officer.visitor.say("/circular")
    said = await test_circulars.answer(office.officer, said, test_circulars.NUMBER)
    choice = await test_circulars.answer(office.officer, said, test_circulars.PAST)
    (choice,) = await office.officer.visitor.press_data(_with(choice, "cis"))
    (said,) = await office.officer.visitor.press_data(_with(choice, "cid"))
    preview = await test_circulars.answer(office.officer, said, test_circulars.SUMMARY)
    return await office.press(office.manager, _with(preview, "ciy"), preview)


async def to_end_an_agreement(office: Office) -> Update:
    (choice,) = await office.manager.visitor.press_data("ciao:kanoon")
    (asked,) = await office.manager.visitor.press_data(choice.presses[0])
    asked = await test_circulars.answer(office.manager, asked, test_circulars.REFERENCE)
    preview = await test_circulars.answer(office.manager, asked, "۱۴۰۵/۰۸/۳۰")
    return await office.press(office.manager, preview.presses[0], preview)


async def to_draft_an_answer(office: Office) -> Update:
    await office.desk.person(SARA).say(test_learning.PARKING)
    (page,) = await office.officer.visitor.press_data("ln:kanoon:0")
    (prompt,) = await office.officer.visitor.press_data(_with(page, "lnw"))
    return await office.hold(office.officer.reply(prompt, test_learning.ANSWER))


async def to_approve_an_answer(office: Office) -> Update:
    (card,) = await office.desk.receive(*await to_draft_an_answer(office))
    return await office.press(office.manager, _with(card, "lna"), card)


async def to_reject_a_top_up(office: Office) -> Update:
    (card,) = await _claimed(office)
    finance = await Officer.at(office.desk, 2_020, role=Role.FINANCE, group_id=GROUP_ID)
    *_, prompt = await top_up_support.press(finance, card, TopUpVerb.REJECT)
    return await office.hold(finance.reply(prompt, "واریزی با این شماره نیست"))


async def to_take_a_top_up_back(office: Office) -> Update:
    (card,) = await _claimed(office)
    finance = await Officer.at(office.desk, 2_020, role=Role.FINANCE, group_id=GROUP_ID)
    (card, *_) = await top_up_support.press(finance, card, TopUpVerb.VERIFY)
    *_, prompt = await top_up_support.press(office.manager, card, TopUpVerb.REVERSE)
    return await office.hold(office.manager.reply(prompt, "به نام دیگری بود"))


async def _claimed(office: Office) -> list[Said]:
    office.desk.shared.takes_payments = True
    await top_up_support.claimed(office.desk.person(SARA))
    return top_up_support.cards(office.desk)


async def to_cancel_a_session(office: Office) -> Update:
    workshop, *_ = await workshop_support.given_certain(office.desk)
    first = (await workshop_support.sessions_of(office.desk, workshop))[0]
    data = test_workshop_sessions.on(first, SessionVerb.CANCEL, "teacher_absent-y")
    return await office.press(office.officer, data)


async def to_cancel_a_workshop(office: Office) -> Update:
    workshop, *_ = await workshop_support.given_certain(office.desk)
    *_, prompt = await office.manager.visitor.press_data(f"dwa:{workshop.id}:k:")
    return await office.hold(office.manager.reply(prompt, "سیل آمده است"))


async def to_take_a_place_away(office: Office) -> Update:
    workshop, _place = await test_workshop_removing.given_place(office.desk)
    prompt = await test_workshop_removing.asked(office.manager, workshop)
    return await office.hold(office.manager.reply(prompt, test_workshop_removing.REASON))


async def to_give_a_fee_back(office: Office) -> Update:
    _workshop, sara = await test_fee_back.cancelled(office.desk)
    card = await test_fee_back.asked(office.desk, sara)
    return await office.press(office.manager, _with(card, "dwca"), card)


async def to_tell_a_whole_workshop(office: Office) -> Update:
    workshop, *_ = await workshop_support.given_certain(office.desk)
    *_, prompt = await office.officer.visitor.press_data(f"dwa:{workshop.id}:n:")
    (asked,) = await office.officer.reply(prompt, "خمیر سفال بیاورید")
    return await office.press(office.officer, _with(asked, "dwc"), asked)


async def to_pause_registration(office: Office) -> Update:
    workshop = await given_workshop(office.desk)
    return await office.press(office.officer, f"dwa:{workshop.id}:h:")


async def to_vouch_for_a_learner(office: Office) -> Update:
    await test_vouching.led_to_the_office(office.desk)
    (id_,) = await test_vouching.numbers(office.desk)
    return await office.hold(office.officer.visitor.say(f"/vouch ث-{id_} {test_vouching.REASON}"))


async def to_take_a_case(office: Office) -> Update:
    card = await office.officer.card(await register(office.desk))
    data = next(data for data in card.presses if f":{DeskVerb.TAKE.value}:" in data)
    return await office.press(office.officer, data, card)


async def to_note_something(office: Office) -> Update:
    card = await office.officer.card(await register(office.desk))
    return await office.hold(office.officer.reply(card, "/note با مرکز ساری هماهنگ شد"))


PREPARATIONS = [
    value for name, value in sorted(globals().items()) if name.startswith("to_")
]  # every one above


@pytest.mark.parametrize("prepare", PREPARATIONS)
async def test_a_failure_at_any_statement_leaves_no_trace_and_the_next_try_does_it_once(
    desk: DeskUnderTest, database_url: str, prepare: Callable[[Office], Awaitable[Update]]
) -> None:
    update, draw = await prepare(await Office.of(desk)), chance()
    for failure in (Died, Broken) if IS_LONG else (draw.choice((Died, Died, Broken)),):
        step = many(13, 1)
        first = draw.randint(1, step)
        count = await sweep_update(desk, database_url, update, failure, step=step, first=first)
        assert count > 8
    assert not desk.refused
