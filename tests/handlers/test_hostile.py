"""Texts that are meant to do harm, or that nobody meant at all."""

import asyncio
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.handlers.support import DeskUnderTest, Visitor, faults_of

HOSTILE = {
    "emoji": "🧨" * 2048,
    "one long word": "ا" * 4096,
    "NUL": "هزینه\0چقدر است؟",
    "only NUL": "\0",
    "lone surrogates": "هزینه \ud800 دوره \udfff",
    "only a lone surrogate": "\udc00",
    "bidi overrides": "\u202eهزینه \u2066\u2067\u202d" * 100,
    "zalgo": "ه" + "\u0327\u0300\u0489" * 1200,
    "html": "<b>هزینه</i><script>alert(1)</script>&amp;<a href='tg://user?id=1'>",
    "braces": "{office} {} {0} %s %(office)s {words.__class__}",
    "sql": "'; DROP TABLE citizen; --",
    "blank": "   \n\t ",
    "half-spaces": "\u200c" * 4096,
    "digits": "9" * 4096,
    "ten digits many times": "1234567890 " * 370,
    "slash inside": "هزینه /start",
    "a slash alone": "/",
    "a command in Persian": "/شروع",
    "regular expression bait": "a" * 2000 + "!" + " -" * 1000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_text_gets_a_clear_answer_in_no_time(
    desk: DeskUnderTest, sara: Visitor, text: str
) -> None:
    begun = time.perf_counter()
    (said,) = await sara.send(text=text)
    assert time.perf_counter() - begun < 2
    assert not faults_of(said)
    assert any(data.startswith(("home", "o:", "x:")) for data in said.presses)
    for data in said.presses:
        if data.startswith(("m:", "x:")):
            (after,) = await sara.press_data(data)
            assert not faults_of(after)
    await desk.edge.prepare([{"update_id": 1, "message": sara.message(text=text)}])


@pytest.mark.parametrize(
    "raw",
    [
        {"update_id": 1},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": "text"},
        {"update_id": 1, "message": {"text": 5}},
        {"update_id": 1, "message": {"text": None}},
        {"update_id": 1, "message": []},
    ],
    ids=str,
)
async def test_preparing_bears_updates_of_any_shape(
    desk: DeskUnderTest, raw: dict[str, object]
) -> None:
    await desk.edge.prepare([raw] * 40)
    said = await desk.person().say("/start")
    assert said.presses


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(min_size=1, max_size=300))
@example(text="\ud83d\ude00")
@example(text="۰۹۱۲")
async def test_whatever_is_written_there_is_one_answer(desk: DeskUnderTest, text: str) -> None:
    (said,) = await desk.person().send(text=text)
    assert not faults_of(said)


async def test_a_name_in_a_profile_is_never_repeated(desk: DeskUnderTest) -> None:
    content = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 5, "type": "private", "first_name": "<b>"},
        "from": {"id": 5, "is_bot": False, "first_name": "<b>\u202e{office}"},
        "text": "/start",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }
    (said,) = await desk.receive("message", content)
    assert not faults_of(said)
    assert "\u202e" not in said.text


async def test_many_people_at_once_are_each_answered_in_their_own_language(
    desk: DeskUnderTest,
) -> None:
    people = [desk.person(number, "en" if number % 2 else "fa") for number in range(1, 21)]
    answers = await asyncio.gather(*(person.say("/start") for person in people))
    for person, said in zip(people, answers, strict=True):
        assert said.params["chat_id"] == person.id
        assert said.text.startswith("Welcome") is (person.language_code == "en")
