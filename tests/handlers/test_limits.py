"""Whatever people write, each page that quotes it can be sent, and shows it as it was written."""

import pytest

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role
from handlers.callback_data.desk import DeskVerb
from tests.handlers.desk_support import GROUP_ID, MANAGER, OFFICER, SARA, Officer, register
from tests.handlers.support import DeskUnderTest, Said, Visitor, faults_of

_LATER = (
    "take",
    "release",
    "snooze",
    "end",
    "send",
    "move:",
    "wake",
    "withdraw_surely",
    "dismiss",
)
HOSTILE = {
    "emoji": "الف " + "😀" * 990,
    "markup": "الف " + "<b>&</b>" * 200,
    "escapes": "الف " + "&<>\"'" * 390,
    "bidi": "سلام \u202e\u2066\u2067 abc " * 60,
    "lines": "ا\n" * 990,
    "one word": "ک" * 1990,
}
BIDI_OPENERS, BIDI_CLOSER = "\u2066\u2067\u2068", "\u2069"
OVERRIDES = "\u202a\u202b\u202d\u202e"


def all_faults(said: Said) -> list[str]:
    """Add to the usual faults a direction that a citizen's letters leave open."""
    faults = faults_of(said)
    opened = sum(said.text.count(mark) for mark in BIDI_OPENERS)
    if opened != said.text.count(BIDI_CLOSER):
        faults.append("an isolate stays open")
    if any(mark in said.text for mark in OVERRIDES):
        faults.append("an override")
    return faults


async def walk(person: Visitor, first: list[Said], *, most: int = 60) -> int:
    """Press every button that only shows something, and say how many pages that were."""
    waiting, seen = list(first), set[str]()
    while waiting and len(seen) < most:
        page = waiting.pop(0)
        assert not all_faults(page), (page.text[:80], all_faults(page))
        for data in page.presses:
            if data in seen or any(f":{part}" in f"{data}:" for part in _LATER):
                continue
            seen.add(data)
            waiting += await person.press_data(data, message_id=page.message_id)
    return len(seen)


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_case_of_any_letters_is_shown_to_both_sides(
    desk: DeskUnderTest, name: str
) -> None:
    await desk.open_desk(GROUP_ID)
    text = HOSTILE[name]
    officer = await Officer.at(desk, OFFICER)
    case = await register(desk, text=text)
    card = await officer.card(case)
    assert not all_faults(card)
    said = [*await officer.reply(card, text), *await officer.reply(card, f"/note {text}")]
    (prompt,) = await officer.press(card, DeskVerb.ASK)
    said += await officer.reply(prompt, text)
    assert await walk(officer.visitor, [card, *said]) > 5
    sara = desk.person(SARA)
    assert await walk(sara, [await sara.say("/cases")]) > 3
    for messages in desk.heard.values():
        for message in messages:
            assert not all_faults(message), (message.text[:80], all_faults(message))


async def test_names_of_any_letters_are_shown_in_lists_of_staff_and_of_what_was_done(
    desk: DeskUnderTest,
) -> None:
    await desk.open_desk(GROUP_ID)
    manager = await Officer.at(desk, MANAGER, role=Role.MANAGER)
    case = await register(desk)
    for number, text in enumerate(HOSTILE.values()):
        officer = Officer.outsider(desk, OFFICER + 10 + number)
        async with desk.database.transaction() as tx:
            await citizens.grant(
                tx,
                citizen_id=CitizenId(officer.visitor.id),
                office_id="kanoon",
                role=Role.OFFICER,
                name=text[:128],
                now=desk.now,
            )
        for _ in range(7):  # more than forty lines of what was done
            card = await officer.card(case)
            assert not all_faults(card)
            await officer.reply(card, text[:300])
    for command in ("/audit", "/staff", "/cases", "/digest", "/calendar", "/unanswered"):
        mark = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        said = await manager.visitor.send(text=command, entities=mark)
        assert await walk(manager.visitor, said, most=40), command
