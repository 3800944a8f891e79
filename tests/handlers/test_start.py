"""First contact, languages, help, privacy, and what the desk does not take."""

from dataclasses import replace

import pytest

from tests.handlers.support import DeskUnderTest, Visitor


async def test_a_newcomer_is_welcomed_and_offered_both_offices(sara: Visitor) -> None:
    welcome = await sara.say("/start")
    assert "میز خدمت" in welcome.text
    assert "کانون پرورش فکری" in welcome.text
    assert "مازندران" in welcome.text
    assert {"o:kanoon", "o:mazandaran", "my", "g:help"} <= set(welcome.buttons.values())
    assert len(welcome.buttons) <= 6
    assert len(welcome.text.splitlines()) == 2
    helped = await sara.press("Help")  # whoever reads no Persian finds their language by it
    assert {"g:privacy", "g:language"} <= set(helped.buttons.values())
    assert welcome.method == "sendMessage"
    assert welcome.params["parse_mode"] == "HTML"


async def test_three_offices_are_named_with_one_and_before_the_last(desk: DeskUnderTest) -> None:
    shipped = desk.shared.catalogue
    first, second = shipped.offices
    third = replace(first, office=first.office.model_copy(update={"id": "third"}))
    desk.shared.catalogue = replace(shipped, offices=(first, second, third))
    names = [one.office.short_name.en for one in (first, second, third)]
    welcome = await desk.person(language_code="en").say("/start")
    assert f"{names[0]}, {names[1]} and {names[2]} 🌿" in welcome.text


async def test_an_english_messenger_is_welcomed_in_english(desk: DeskUnderTest) -> None:
    welcome = await desk.person(language_code="en-GB").say("/start")
    assert welcome.text.startswith("Welcome")


@pytest.mark.parametrize("code", [None, "", "ar", "tr-TR", "not a language"])
async def test_any_other_messenger_is_welcomed_in_persian(
    desk: DeskUnderTest, code: str | None
) -> None:
    welcome = await desk.person(language_code=code).say("/start")
    assert "خوش آمدید" in welcome.text


async def test_a_deep_link_opens_its_service(desk: DeskUnderTest, sara: Visitor) -> None:
    for published in desk.shared.catalogue.offices:
        for service in published.services:
            card = await sara.say(f"/start svc_{published.office.id}_{service.id}")
            assert service.title.fa in card.text
            assert f"f:{published.office.id}:{service.id}:cost" in card.buttons.values()


@pytest.mark.parametrize(
    "payload",
    [
        "svc_",
        "svc_kanoon",
        "svc_kanoon_",
        "svc_kanoon_no-such-service",
        "svc_nowhere_virtual-workshops",
        "svc__",
        "x" * 64,
        "svc_" + "_" * 60,
        "../../etc/passwd",
        "<b>",
        "\N{PILE OF POO}",
        "one two three",
    ],
)
async def test_a_deep_link_that_leads_nowhere_opens_the_first_page(
    sara: Visitor, payload: str
) -> None:
    home = await sara.say("/start")
    assert (await sara.say(f"/start {payload}")).text == home.text


@pytest.mark.parametrize(
    "command", ["/start", "/services", "/sla", "/help", "/privacy", "/language", "/wallet"]
)
async def test_every_command_of_the_menu_is_answered(sara: Visitor, command: str) -> None:
    said = await sara.send(
        text=command, entities=[{"type": "bot_command", "offset": 0, "length": len(command)}]
    )
    assert said
    assert all(one.buttons for one in said)


async def test_a_command_may_name_the_bot_and_be_written_large(sara: Visitor) -> None:
    assert (await sara.say("/Help@mizban_test_bot")).text == (await sara.say("/help")).text


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ("❓ پرسش‌ها", ("۳۰ روز", "۳۰ دقیقه", "اداره‌ای که انتخاب")),
        ("📂 پرونده‌ها", ("یک سال", "پرونده ناشناس", "تا یک ساعت")),
        ("👛 کیف پول", ("به کسی نمی‌رسد", "رمزشده", "پاک می‌کنم", "۹۰ روز")),
        ("🎨 کارگاه‌ها", ("نام کوچک", "یک سال", "تا پایانش دهید")),
    ],
)
async def test_what_is_kept_is_one_tap_away_from_privacy_and_from_each_of_its_pages(
    sara: Visitor, button: str, told: tuple[str, ...]
) -> None:
    whole = await sara.say("/privacy")
    assert "۷ روز" in whole.text
    pages = {data for data in whole.buttons.values() if data.startswith("g:")}
    part = await sara.press(button)
    assert all(one in part.text for one in told)
    here = whole.buttons[button]
    assert {data for data in part.buttons.values() if data.startswith("g:")} == (
        pages - {here} | {"g:privacy"}
    )
    assert (await sara.press("🔒 حریم خصوصی")).text == whole.text


async def test_an_unknown_command_is_answered_with_a_way_on(sara: Visitor) -> None:
    said = await sara.say("/nowhere")
    assert "این دستور" in said.text
    assert {"g:help", "home"} <= set(said.buttons.values())


async def test_a_chosen_language_is_spoken_at_once_and_from_then_on(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await sara.say("/language")
    chosen = await sara.press("English")
    assert chosen.text.startswith("Welcome")
    assert desk.direct[0].params["text"] == "From now on I speak English."
    assert (await sara.say("/help")).text.startswith("<b>How can I help?")
    assert "چه کمکی" in (await desk.person(101).say("/help")).text, (
        "nobody else's language changed"
    )
    await sara.press_data("l:fa")
    assert "خوش آمدید" in (await sara.say("/start")).text


async def test_a_language_choice_keeps_the_chosen_office(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await sara.press_data("o:kanoon")
    await sara.press_data("l:en")
    assert [row[:3] for row in (await desk.kept())["citizen"]] == [(100, "en", "kanoon")]


async def test_somebody_who_chose_nothing_leaves_no_row(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    for text in ("/start", "/services", "/help", "سلام", "ساعت کاری اداره چند است؟"):
        await sara.say(text)
    for data in (
        "home",
        "g:privacy",
        "g:privacy-money",
        "g:privacy-x",
        "p:kanoon:access",
        "l:xx",
        "o:nowhere",
    ):
        await sara.press_data(data)
    assert (await desk.kept())["citizen"] == []


async def test_the_chosen_office_is_the_one_whose_services_are_listed(sara: Visitor) -> None:
    assert "o:kanoon" in (await sara.say("/services")).buttons.values()
    await sara.press_data("o:mazandaran")
    assert "اداره کل آموزش فنی و حرفه‌ای مازندران" in (await sara.say("/services")).text


async def test_the_agreement_of_the_chosen_office_is_read_out(sara: Visitor) -> None:
    both = await sara.send(
        text="/sla", entities=[{"type": "bot_command", "offset": 0, "length": 4}]
    )
    assert len(both) == 2
    await sara.press_data("o:kanoon")
    assert "توافق‌نامه" in (await sara.say("/sla")).text


async def test_a_greeting_and_thanks_are_answered_in_kind_and_not_kept(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    assert "سلام" in (await sara.say("سلام")).text
    assert "خواهش می‌کنم" in (await sara.say("خیلی ممنونم")).text
    assert (await desk.kept())["asked_question"] == []


async def test_pressing_a_button_ends_its_spinning_and_turns_the_page(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    first = await sara.say("/start")
    page = await sara.press("کانون")
    assert page.method == "editMessageText"
    assert page.params["message_id"] == first.message_id
    assert [(call.method, call.params) for call in desk.direct] == [
        ("answerCallbackQuery", {"callback_query_id": "5"})
    ]


async def test_a_page_that_cannot_be_reached_any_more_is_sent_anew(sara: Visitor) -> None:
    (said,) = await sara.press_data("home", is_accessible=False)
    assert said.method == "sendMessage"


async def test_where_edits_are_not_reliable_pages_are_sent_anew(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    desk.shared.edits_pages = False
    (said,) = await sara.press_data("o:kanoon")
    assert said.method == "sendMessage"
    assert "message_id" not in said.params


async def test_the_first_page_reminds_of_what_was_begun(desk: DeskUnderTest) -> None:
    """What is written next goes there, and not to the catalogue."""
    sara = desk.person(100)
    reminder = "میانه این کار هستید"
    assert reminder not in (await sara.say("/start")).text
    await sara.say("/case")
    home = await sara.say("/start")
    assert reminder in home.text
    assert "/cancel" in home.text
    await sara.say("/cancel")
    assert reminder not in (await sara.say("/start")).text
