"""Buttons that are forged, stale or garbled: one kind refusal, no effect, no defect."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.catalogue.errors import QuestionGone
from handlers.callback_data import Payload, StaleButton
from tests.handlers.support import DeskUnderTest, Visitor, faults_of

WRONG = ("", "0", "-1", "9999", str(2**63), str(2**63 - 1), str(2**64), "\0", "١", "²", "x" * 50)
SHIPPED_PARTS = {
    "o": ["kanoon"],
    "p": ["kanoon", "access"],
    "s": ["kanoon", "virtual-workshops"],
    "i": ["kanoon", "virtual-workshops"],
    "f": ["kanoon", "virtual-workshops", "cost"],
    "a": ["kanoon", "fees", "0"],
    "m": ["1", "no-such-entry"],
    "x": ["1"],
    "l": ["fa"],
    "g": ["help"],
    "home": [],
}
UNKNOWN = ["", ":", "home:1", "zz", "zz:1", "O:kanoon", " home", "home\n", "\0", "🙂" * 16]


def payload_classes(above: type[Payload] = Payload) -> list[type[Payload]]:
    """Every kind of button; what only others are made of has no prefix."""
    found = [kind for below in above.__subclasses__() for kind in payload_classes(below)]
    return found or ([above] if hasattr(above, "prefix") else [])


def test_every_kind_of_button_has_a_prefix_of_its_own() -> None:
    prefixes = [kind.prefix for kind in payload_classes()]
    assert len(prefixes) == len(set(prefixes))
    assert set(SHIPPED_PARTS) < set(prefixes)


def test_a_press_is_of_the_kind_whose_prefix_it_has_and_of_no_other() -> None:
    """Many prefixes begin like others: what begins alike is not the same."""
    kinds = payload_classes()
    for kind in kinds:
        for packed in (kind.prefix, f"{kind.prefix}:", f"{kind.prefix}:1:2"):
            assert [one for one in kinds if one.is_in(packed)] == [kind], packed
    assert not any(one.is_in(None) for one in kinds)


async def test_a_stranger_who_forges_a_button_of_cases_or_of_the_desk_changes_nothing(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    before = await desk.kept()
    kinds = [kind for kind in payload_classes() if kind.prefix not in SHIPPED_PARTS]
    assert len(kinds) > 20
    for kind in kinds:
        for wrong in WRONG:
            data = ":".join([kind.prefix, *(wrong for _ in kind.parts)])
            if len(data.encode()) <= 64:
                said = await sara.press_data(data)
                assert not [fault for message in said for fault in faults_of(message)]
                assert [call.method for call in desk.direct] == ["answerCallbackQuery"], data
    assert set(desk.heard) == {sara.id}, "nobody else heard of it"
    assert await desk.kept() == before


def forgeries() -> Iterator[str]:
    """Each kind of button with each part wrong in turn, and with too few or too many parts."""
    yield from UNKNOWN
    for prefix, parts in SHIPPED_PARTS.items():
        yield ":".join([prefix, *parts, "more"])
        yield ":".join([prefix, *parts, *("1" for _ in range(20))])
        if parts:
            yield ":".join([prefix, *parts[:-1]])
        for place in range(len(parts)):
            for wrong in WRONG:
                if (prefix, place) != ("a", 2) or not wrong.isascii() or not wrong.isdecimal():
                    yield ":".join([prefix, *parts[:place], wrong, *parts[place + 1 :]])


async def test_every_forged_button_is_refused_kindly_once_and_changes_nothing(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    before = await desk.kept()
    count = 0
    for data in forgeries():
        if len(data.encode()) > 64:
            continue
        (said,) = await sara.press_data(data)
        assert len(desk.refused) == count + 1, (data, said.text)
        assert isinstance(desk.refused[-1], StaleButton | QuestionGone), data
        assert not faults_of(said)
        assert "home" in said.buttons.values()
        assert [call.method for call in desk.direct] == ["answerCallbackQuery"]
        count += 1
    assert count > 100
    assert await desk.kept() == before


@pytest.mark.parametrize("page", ["99999999999999999999", "1", "0007"])
async def test_a_page_beyond_the_last_shows_the_last(sara: Visitor, page: str) -> None:
    (said,) = await sara.press_data(f"a:kanoon:termination:{page}")
    assert said.text == (await sara.press_data("a:kanoon:termination:0"))[0].text


async def test_what_a_stranger_may_ask_of_a_question_is_what_anybody_may(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    """A question belongs to nobody, and its number cannot be guessed; a near miss is refused."""
    said = await sara.say("مدارک کارگاه‌های مجازی چیست؟")
    missed = next(data for data in said.presses if data.startswith("x:"))
    number = int(missed.removeprefix("x:"))
    assert number > 2**32
    for near in (number - 1, number + 1, -number):
        await desk.person(101).press_data(f"x:{near}")
        assert isinstance(desk.refused[-1], QuestionGone | StaleButton)
    ((*_, outcome, _entry),) = (await desk.kept())["asked_question"]
    assert outcome != "missed"


@pytest.mark.parametrize("key", ["12", "no-such", str(2**63), "", "\0", "KN-16"])
async def test_a_choice_that_was_never_offered_is_refused(
    desk: DeskUnderTest, sara: Visitor, key: str
) -> None:
    said = await sara.say("کلاس")
    number = next(data for data in said.presses if data.startswith(("m:", "x:"))).split(":")[1]
    before = await desk.kept()
    await sara.press_data(f"m:{number}:{key}")
    assert isinstance(desk.refused[-1], QuestionGone | StaleButton)
    assert await desk.kept() == before


async def test_a_choice_outlives_the_question_it_was_offered_for(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    entry = next(entry for entry in desk.shared.answerer.entries if entry.id == "KN-16")
    (said,) = await sara.press_data(f"m:{2**61}:{entry.key}")
    assert "KN-16" in said.text
    assert (await desk.kept())["asked_question"] == []
    for wrong in ("", "-1", str(2**63), "\0", "x"):
        await sara.press_data(f"m:{wrong}:{entry.key}")
        assert isinstance(desk.refused[-1], StaleButton), wrong
    assert len(desk.refused) == 5


async def test_a_press_without_a_message_is_answered_in_the_private_chat(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    query = {"id": "5", "from": sara.author, "chat_instance": "1", "inline_message_id": "i"}
    for data in ("home", "zz"):
        (said,) = await desk.receive("callback_query", query | {"data": data})
        assert said.method == "sendMessage"
        assert said.params["chat_id"] == sara.id


async def test_a_press_without_data_is_refused(desk: DeskUnderTest, sara: Visitor) -> None:
    query = {"id": "5", "from": sara.author, "chat_instance": "1", "game_short_name": "g"}
    message = sara.message(text="…")
    assert len(await desk.receive("callback_query", query | {"message": message})) == 1
    assert isinstance(desk.refused[-1], StaleButton)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    data=st.one_of(
        st.text(max_size=64),
        st.builds(
            lambda prefix, rest: f"{prefix}:{rest}",
            st.sampled_from(sorted(SHIPPED_PARTS)),
            st.text(max_size=60),
        ),
    ).filter(lambda data: len(data.encode(errors="surrogatepass")) <= 64)
)
@example(data="\ud800")
@example(data="m:\ud800:\udfff")
async def test_whatever_a_button_carries_there_is_one_answer(
    desk: DeskUnderTest, data: str
) -> None:
    (said,) = await desk.person().press_data(data)
    assert not faults_of(said)
