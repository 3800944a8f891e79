"""Whatever is encoded is encoded ahead of the transaction, and exactly what will be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest

from tests.handlers.conftest import Shipped
from tests.handlers.support import DeskUnderTest, Visitor

QUESTION = "هزینه ثبت نام کارگاه چقدر است"


@dataclass
class SpyEncoder:
    """Finds every text alike, and remembers which it was asked to read."""

    name: str = "spy"
    asked: list[str] = field(default_factory=list)

    def questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += texts
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.full((len(texts), 4), 0.5, np.float32)


@pytest.fixture
def encoder(desk: DeskUnderTest, shipped: Shipped) -> SpyEncoder:
    encoder = SpyEncoder()
    desk.shared.answerer = shipped.answerer.taught(encoder)
    return encoder


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("message", QUESTION),
        ("message", f"{QUESTION} " * 30),
        ("message", "مدارک\ud800"),
        ("edited_message", QUESTION),
    ],
    ids=["short", "longer than what is kept", "half a character", "edited"],
)
async def test_nothing_is_left_to_encode_inside_the_transaction(
    desk: DeskUnderTest, sara: Visitor, encoder: SpyEncoder, kind: str, text: str
) -> None:
    more = {} if kind == "message" else {"edit_date": 1_795_000_000}
    await desk.edge.prepare([{"update_id": 1, kind: sara.message(text=text, **more)}])
    assert encoder.asked
    encoder.asked.clear()
    await sara.send(kind, text=text, **more)
    assert encoder.asked == []


async def test_a_whole_group_is_prepared(desk: DeskUnderTest, encoder: SpyEncoder) -> None:
    people = [desk.person(number) for number in range(100, 132)]
    texts = [f"{QUESTION} {chr(ord('ا') + number)}" for number in range(32)]
    said = zip(people, texts, strict=True)
    await desk.edge.prepare([{"message": person.message(text=text)} for person, text in said])
    encoder.asked.clear()
    for person, text in zip(people, texts, strict=True):
        await person.say(text)
    assert encoder.asked == []


async def test_personal_data_is_not_even_encoded(
    desk: DeskUnderTest, sara: Visitor, encoder: SpyEncoder
) -> None:
    text = f"کد ملی من 0499370899 است، {QUESTION}"
    await desk.edge.prepare([{"message": sara.message(text=text)}])
    assert encoder.asked == []


@pytest.mark.parametrize("text", ["سلام", "/help"])
async def test_what_is_no_question_is_not_encoded(
    desk: DeskUnderTest, sara: Visitor, encoder: SpyEncoder, text: str
) -> None:
    await desk.edge.prepare([{"message": sara.message(text=text)}])
    assert encoder.asked == []


async def test_what_is_said_in_a_group_is_not_encoded(
    desk: DeskUnderTest, sara: Visitor, encoder: SpyEncoder
) -> None:
    message = sara.message(text=QUESTION) | {"chat": {"id": -5, "type": "group", "title": "g"}}
    await desk.edge.prepare([{"message": message}])
    assert encoder.asked == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("kelas jobrani chetori nesab mishe", 1),  # Persian in Latin letters means one thing
        ("How much does a workshop cost?", 2),
    ],
)
async def test_only_what_may_be_english_is_encoded_as_english(
    desk: DeskUnderTest, sara: Visitor, encoder: SpyEncoder, text: str, count: int
) -> None:
    await desk.edge.prepare([{"message": sara.message(text=text)}])
    assert len(encoder.asked) == count


async def test_without_meanings_there_is_nothing_to_prepare_once_english_was_read(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await desk.edge.prepare([{"message": sara.message(text="What are your opening hours?")}])
    assert desk.shared.answerer.is_prepared
    assert not desk.shared.answerer.taught(SpyEncoder()).is_prepared
