"""The lists of the staff desk: what waits, how long, and the way to each card."""

from datetime import timedelta

import pytest

from bot.cases.errors import CodeUnreadable, NoSuchCase
from bot.cases.model import CaseKind, Queue
from bot.citizens.errors import NotInDeskChat
from bot.citizens.model import Role
from bot.kit.digits import persian_digits
from bot.kit.tracking import new_code, shown
from handlers.callback_data.desk import DeskVerb
from handlers.views.office import groups
from tests.handlers.desk_support import (
    COLLEAGUE,
    GROUP_ID,
    OFFICER,
    OTHER_GROUP_ID,
    SARA,
    STRANGER,
    Officer,
    register,
    said_in,
    told,
)
from tests.handlers.support import DeskUnderTest, Said, Visitor, faults_of, plain


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID)
    return await Officer.at(desk, OFFICER)


async def listed(officer: Officer, queue: str, office_id: str = "kanoon") -> Said:
    (said,) = await officer.visitor.press_data(f"q:{office_id}:{queue}:0")
    assert not faults_of(said)
    return said


async def test_the_lists_are_counted_for_each_office_of_the_chat(
    desk: DeskUnderTest, officer: Officer
) -> None:
    for author in (SARA, SARA + 1):
        await register(desk, author=author)
    await register(desk, office_id="mazandaran")
    said = await officer.visitor.say("/cases")
    assert not faults_of(said)
    labels = {data: label for label, data in said.buttons.items()}
    assert "۲" in labels["q:kanoon:new:0"]
    assert "۱" in labels["q:mazandaran:new:0"]
    for office_id in ("kanoon", "mazandaran"):
        name = desk.shared.catalogue.published_by(office_id).office.short_name.fa
        assert name in labels[f"q:{office_id}:new:0"]
    assert "q:kanoon:late:0" not in labels


async def test_an_empty_desk_says_that_nothing_waits(officer: Officer) -> None:
    said = await officer.visitor.say("/cases")
    assert "🌿" in said.text


async def test_a_list_shows_codes_kinds_and_time_in_plain_words(
    desk: DeskUnderTest, officer: Officer
) -> None:
    case = await register(desk, kind=CaseKind.OUTAGE, text="سامانه باز نمی‌شود <b>&")
    said = await listed(officer, "new")
    assert shown(case.tracking_code) in plain(said.text)
    assert "سامانه باز نمی‌شود <b>&" in plain(said.text)
    left = said_in(desk, "{span} left").split("}")[-1]
    assert left in said.text
    desk.now += timedelta(days=1)
    assert "🔴" in (await listed(officer, "open")).text


async def test_a_long_list_is_turned_in_place_and_ends_where_it_ends(
    desk: DeskUnderTest, officer: Officer
) -> None:
    cases = [await register(desk, author=SARA + number) for number in range(10)]
    first = await listed(officer, "new")
    (turn,) = [data for data in first.presses if data.startswith("qt:")]
    (second,) = await officer.visitor.press_data(turn, message_id=first.message_id)
    assert second.method == "editMessageText"
    opened = [
        data for said in (first, second) for data in said.presses if f":{DeskVerb.OPEN}:" in data
    ]
    assert sorted(opened) == sorted(f"d:{case.id}:open:" for case in cases)
    (beyond,) = await officer.visitor.press_data("qt:kanoon:new:99999")
    assert not faults_of(beyond)
    assert "qs" in beyond.presses


async def test_a_card_opened_from_a_list_stands_below_it_and_can_be_answered(
    desk: DeskUnderTest, officer: Officer
) -> None:
    case = await register(desk)
    said = await listed(officer, "new")
    (card,) = await officer.press(said, DeskVerb.OPEN)
    assert (card.method, card.about) == ("sendMessage", f"case:{case.id}")
    await officer.reply(card, "سلام")
    assert len(told(desk, SARA)) == 1


async def test_a_case_goes_from_list_to_list_as_it_is_handled(
    desk: DeskUnderTest, officer: Officer
) -> None:
    case = await register(desk)
    card = await officer.card(case)

    async def lists() -> set[str]:
        code = shown(case.tracking_code)
        return {
            queue.value
            for queue in Queue
            if code in plain((await listed(officer, queue.value)).text)
        }

    assert {"new", "open"} <= await lists()
    await officer.press(card, DeskVerb.TAKE)
    assert {"mine", "open"} <= await lists()
    assert "new" not in await lists()
    (snoozes,) = await officer.press(card, DeskVerb.SNOOZES)
    await officer.press(snoozes, DeskVerb.SNOOZE, "hour")
    assert "snoozed" in await lists()
    assert "open" not in await lists()
    (menu,) = await officer.press(card, DeskVerb.ENDINGS)
    await officer.press(menu, DeskVerb.END, "done")
    assert await lists() == {"answered", "recent"}
    desk.now += timedelta(days=8)
    assert await lists() == {"answered"}


async def test_each_button_of_a_list_has_the_number_of_its_line(
    desk: DeskUnderTest, officer: Officer
) -> None:
    """A code is Latin, and would draw the digits beside it to its own side."""
    cases = [await register(desk, author=SARA + number) for number in range(10)]
    first = await listed(officer, "open")
    (turn,) = [data for data in first.presses if data.startswith("qt:")]
    (second,) = await officer.visitor.press_data(turn, message_id=first.message_id)
    for said, place in ((first, 1), (second, 9)):
        number = persian_digits(str(place))
        code = f"\u2066{shown(cases[place - 1].tracking_code)}\u2069"
        label = next(iter(said.buttons))
        assert label.startswith(f"{number}. ")
        assert label.endswith(code)
        assert plain(said.text).index(f"{number}. ") < said.text.index(code)


async def test_each_chat_sees_its_own_office_alone(desk: DeskUnderTest) -> None:
    await desk.open_desk(GROUP_ID, "kanoon")
    await desk.open_desk(OTHER_GROUP_ID, "mazandaran")
    mine = await Officer.at(desk, OFFICER, "kanoon")
    other = await Officer.at(desk, COLLEAGUE, "mazandaran", group_id=OTHER_GROUP_ID)
    case = await register(desk)
    assert "mazandaran" not in str((await mine.visitor.say("/cases")).buttons)
    assert "kanoon" not in str((await other.visitor.say("/cases")).buttons)
    assert await other.visitor.press_data("q:kanoon:new:0") == []
    assert shown(case.tracking_code) not in str(desk.direct)
    assert len(desk.refused) == 1


@pytest.mark.parametrize("command", ["/digest", "/close", "/calendar", "/report"])
async def test_a_command_of_the_desk_in_private_is_pointed_to_the_group_for_staff_alone(
    desk: DeskUnderTest, sara: Visitor, command: str
) -> None:
    await desk.open_desk(GROUP_ID)
    await desk.make_staff(OFFICER, Role.OFFICER)
    pointed = await Visitor(desk, OFFICER, "fa").say(command)
    assert pointed.text == groups.desk_commands_elsewhere(desk.shared.words["fa"]).text
    assert (await sara.say(command)).text != pointed.text


async def test_a_card_is_found_by_its_code_in_its_own_chat_alone(desk: DeskUnderTest) -> None:
    await desk.open_desk(GROUP_ID, "kanoon")
    await desk.open_desk(OTHER_GROUP_ID, "mazandaran")
    mine = await Officer.at(desk, OFFICER, "kanoon")
    other = await Officer.at(desk, COLLEAGUE, "mazandaran", group_id=OTHER_GROUP_ID)
    case = await register(desk)
    for typed in (case.tracking_code, shown(case.tracking_code).lower()):
        card = await mine.visitor.say(f"/case {typed}")
        assert card.about == f"case:{case.id}"
    foreign = await other.visitor.say(f"/case {case.tracking_code}")
    missing = await other.visitor.say(f"/case {new_code()}")
    assert foreign.text == missing.text
    assert [type(error) for error in desk.refused] == [NoSuchCase, NoSuchCase]
    await mine.visitor.say("/case")
    assert isinstance(desk.refused[-1], CodeUnreadable)


async def test_the_lists_belong_to_the_admin_chat(desk: DeskUnderTest, officer: Officer) -> None:
    del officer
    stray = Officer.outsider(desk, OFFICER, group_id=-77)
    await stray.visitor.say("/cases")
    assert isinstance(desk.refused[-1], NotInDeskChat)
    await Officer.outsider(desk, STRANGER).visitor.say("/cases")
    assert len(desk.refused) == 2


async def test_waiting_and_ended_cases_count_no_time(
    desk: DeskUnderTest, officer: Officer
) -> None:
    case = await register(desk)
    card = await officer.card(case)
    (prompt,) = await officer.press(card, DeskVerb.ASK)
    await officer.reply(prompt, "نام کارگاه؟")
    desk.now += timedelta(days=30)
    said = await listed(officer, "waiting")
    assert shown(case.tracking_code) in plain(said.text)
    assert "🔴" not in said.text
