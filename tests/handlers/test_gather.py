"""The people of a group of updates are recalled at once, and never as they were before."""

from dataclasses import replace

import pytest

from bot.catalogue import use_cases as catalogue
from bot.catalogue.model import AskedQuestion
from bot.citizens import use_cases as citizens
from bot.citizens.model import Citizen, CitizenId
from bot.kit.database import Transaction
from bot.messenger.contract import RawUpdate
from handlers.callback_data.desk import DeskVerb
from tests.handlers.desk_support import GROUP_ID, OFFICER, SARA, Officer, register
from tests.handlers.support import DeskUnderTest, Visitor


def _asked(visitor: Visitor) -> RawUpdate:
    return {"update_id": 1, "message": visitor.message(text="سلام")}


async def _text(desk: DeskUnderTest, tx: Transaction, raw: RawUpdate) -> object:
    outcome = await desk.edge.answer(tx, raw, desk.now)
    (message,) = outcome.messages
    return message.params["text"]


async def _choose_english(desk: DeskUnderTest, tx: Transaction, visitor: Visitor) -> None:
    citizen = Citizen(CitizenId(visitor.id))
    await citizens.choose_language(tx, citizen=citizen, language="en", now=desk.now)


async def test_each_person_of_a_group_is_answered_in_their_own_language(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    reza = desk.person(101)
    async with desk.database.transaction() as tx:
        await _choose_english(desk, tx, sara)
        await desk.edge.gather(tx, [_asked(sara), _asked(reza)])
        english = await _text(desk, tx, _asked(sara))
        persian = await _text(desk, tx, _asked(reza))
    assert "Hello" in str(english)
    assert "سلام" in str(persian)


@pytest.mark.parametrize("updates_of_sara", [0, 2])
async def test_a_change_inside_the_group_counts_at_once(
    desk: DeskUnderTest, sara: Visitor, updates_of_sara: int
) -> None:
    async with desk.database.transaction() as tx:
        await desk.edge.gather(tx, [_asked(sara)])
        await desk.edge.gather(tx, [_asked(sara)] * updates_of_sara)
        await _choose_english(desk, tx, sara)
        gathered_before = await _text(desk, tx, _asked(sara))
        recalled = await _text(desk, tx, _asked(sara))
    assert gathered_before == recalled


async def test_an_update_without_an_author_or_with_an_odd_one_is_passed_over(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    odd: list[RawUpdate] = [
        {"update_id": 1},
        {"update_id": 2, "message": "text"},
        {"update_id": 3, "message": {"from": {"id": 2**70}}},
    ]
    async with desk.database.transaction() as tx:
        await desk.edge.gather(tx, [*odd, _asked(sara)])
        assert await _text(desk, tx, _asked(sara))


async def test_whom_an_office_waits_for_is_known_from_the_group(desk: DeskUnderTest) -> None:
    await desk.open_desk(GROUP_ID)
    officer = await Officer.at(desk, OFFICER)
    (prompt,) = await officer.press(await officer.card(await register(desk)), DeskVerb.ASK)
    await officer.reply(prompt, "شماره کارگاه چیست؟")
    awaited, other = desk.person(SARA), desk.person(SARA + 1)
    async with desk.database.transaction() as tx:
        await desk.edge.gather(tx, [_asked(awaited), _asked(other)])
        offered = await desk.edge.answer(tx, _asked(awaited), desk.now)
        plain = await desk.edge.answer(tx, _asked(other), desk.now)
    labels = [str(outcome.messages[0].params) for outcome in (offered, plain)]
    assert "km:" in labels[0]
    assert "km:" not in labels[1]


async def test_a_topic_noted_at_the_end_takes_nothing_back_that_was_chosen_meanwhile(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    id_ = CitizenId(sara.id)
    async with desk.database.transaction() as tx:
        speaking = Citizen(id_).speaking_of("kanoon", "wallet", desk.now)
        await _choose_english(desk, tx, sara)
        await desk.edge.note(tx, [speaking, speaking], desk.now)
        known = await citizens.recall(tx, citizen_id=id_)
    assert known == replace(speaking, language="en")


async def test_a_question_is_kept_with_its_group(desk: DeskUnderTest, sara: Visitor) -> None:
    asked = {"update_id": 1, "message": sara.message(text="ناهار می‌دهید؟")}
    async with desk.database.transaction() as tx:
        outcome = await desk.edge.answer(tx, asked, desk.now)
        (question,) = [one for one in outcome.notes if isinstance(one, AskedQuestion)]
        await desk.edge.note(tx, outcome.notes, desk.now)
        assert await catalogue.asked_question(tx, question_id=question.id) == question
