"""Asking from within another chat: the public catalogue, with its source, and nothing kept."""

from typing import Any

import pytest

from bot.messenger.platforms import BALE, TELEGRAM
from tests.handlers.support import TEXT_UNITS_MAX, DeskUnderTest, Visitor, plain


async def ask(desk: DeskUnderTest, visitor: Visitor, text: str) -> list[dict[str, Any]]:
    """Ask from anywhere; nothing may be said in any chat."""
    query = {"id": "77", "from": visitor.author, "query": text, "offset": ""}
    assert await desk.receive("inline_query", query) == []
    (call,) = desk.direct
    assert call.method == "answerInlineQuery"
    assert call.params["inline_query_id"] == "77"
    assert call.params["cache_time"] == 300
    results = call.params["results"]
    assert isinstance(results, list)
    assert len(results) <= 10
    assert len({one["id"] for one in results}) == len(results)
    for one in results:
        text_shown = one["input_message_content"]["message_text"]
        assert len(text_shown.encode("utf-16-le")) // 2 <= TEXT_UNITS_MAX
        assert "?start=" in one["reply_markup"]["inline_keyboard"][0][0]["url"]
    return results


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_a_question_is_answered_with_entries_and_their_source(
    desk: DeskUnderTest, language: str
) -> None:
    visitor = desk.person(language_code=language)
    results = await ask(desk, visitor, "اگر کارگاه به حد نصاب نرسد هزینه‌ام برمی‌گردد؟")
    assert "KN-16" in results[0]["input_message_content"]["message_text"]
    for one in results:
        assert "📌" in one["input_message_content"]["message_text"], one["title"]


async def test_who_has_written_nothing_is_shown_services(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    results = await ask(desk, sara, "")
    titles = {
        service.title.fa for one in desk.shared.catalogue.offices for service in one.services
    }
    assert results
    assert {one["title"] for one in results} <= titles


async def test_nothing_is_kept_of_it(desk: DeskUnderTest, sara: Visitor) -> None:
    before = await desk.kept()
    await ask(desk, sara, "استخر دارید؟")
    assert await desk.kept() == before
    assert not desk.heard


@pytest.mark.parametrize("text", ["کد ملی من 0499370899 است", "09121234567 چه مدارکی؟"])
async def test_personal_numbers_are_looked_up_nowhere(
    desk: DeskUnderTest, sara: Visitor, text: str
) -> None:
    assert await ask(desk, sara, text) == []


async def test_nothing_of_ones_own_is_shown(desk: DeskUnderTest, sara: Visitor) -> None:
    await desk.open_desk()
    from tests.handlers.citizen_support import code_on, register  # noqa: PLC0415 - it opens a case

    receipt = await register(sara)
    desk.heard.clear()
    for text in (code_on(receipt), "پرونده من", "کیف پول من"):
        for one in await ask(desk, sara, text):
            assert code_on(receipt) not in plain(one["input_message_content"]["message_text"])


@pytest.mark.parametrize("text", ["\0", "؟" * 256, "<b>", "x" * 256, "🙂" * 100])
async def test_hostile_questions_do_no_harm(desk: DeskUnderTest, sara: Visitor, text: str) -> None:
    await ask(desk, sara, text)
    assert not desk.refused


def test_it_is_asked_for_on_telegram_alone() -> None:
    assert "inline_query" in TELEGRAM.update_kinds
    assert "inline_query" not in BALE.update_kinds
