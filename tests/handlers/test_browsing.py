"""Looking around among workshops: the list, its filter, a page and all that it leads to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.citizens.model import CitizenId
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchWorkshop
from bot.workshops.model import Sieve, Slot
from handlers.callback_data import StaleButton
from handlers.callback_data.sieves import Known, mark_of, read, written
from tests.calendar.support import at
from tests.handlers.browsing_support import (
    given_elsewhere,
    given_open,
    given_sample,
    given_with,
    sound,
    tap,
)
from tests.handlers.support import GROUP_ID, DeskUnderTest, Visitor, plain
from tests.workshops import given as seeds
from tests.workshops.support import (
    CLOSES,
    HOUR,
    OFFICE,
    OFFICER,
    OPENS,
    learner,
)

REZA = 5_000_000_111
LINK = "https://class.example.ir/12?a=1&b=2"
CLAUSES = ("KN-14", "KN-16", "KN-27")


@pytest.fixture(autouse=True)
def _while_registration_is_open(desk: DeskUnderTest) -> None:
    desk.now = OPENS + HOUR


async def test_the_first_page_and_the_office_lead_to_the_list(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await given_open(desk)
    home = await sara.say("/start")
    listed = await tap(sara, "کارگاه‌ها", home)
    assert "نقاشی با آبرنگ" in plain(listed.text)
    await tap(sara, "کانون", home)
    assert plain((await tap(sara, "🎨 کارگاه‌ها")).text) == plain(listed.text)
    assert plain((await sara.say("/workshops")).text) == plain(listed.text)


async def test_a_line_of_the_list_says_what_one_wants_to_know_first(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await given_open(desk)
    text = plain(sound([await sara.say("/workshops")]).text)
    assert "شنبه ۲۳ آبان ۱۴۰۵، ساعت ۱۷:۰۰" in text, "the first session"
    assert "۳ جای خالی" in text
    assert "۵۰۰٬۰۰۰ ریال (۵۰٬۰۰۰ تومان)" in text
    assert "مهلت ثبت‌نام: چهارشنبه ۲۰ آبان ۱۴۰۵، ساعت ۱۸:۰۰" in text


async def test_an_empty_list_offers_to_tell_of_new_ones(sara: Visitor) -> None:
    said = sound([await sara.say("/workshops")])
    assert "کارگاهی برای ثبت‌نام ندارد" in plain(said.text)
    promised = await tap(sara, "خبرم کن")
    assert "همه کارگاه‌ها" in plain(promised.text)


async def test_where_several_offices_have_workshops_one_is_asked_whose(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await given_open(desk)
    async with desk.database.transaction() as tx:
        await given_elsewhere(tx, "mazandaran")
    asked = sound([await sara.say("/workshops")])
    assert len(asked.presses) == 3
    other = await tap(sara, "مازندران")
    assert "نقاشی" not in plain(other.text)
    assert "جوشکاری" in plain(other.text)
    await tap(sara, "مازندران", await sara.say("/start"))
    assert "جوشکاری" in plain((await sara.say("/workshops")).text), "it is the chosen office now"


async def test_the_list_is_paged_and_goes_on_where_it_stopped(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    titles = [f"کارگاه شماره {number}" for number in range(7)]
    for title in titles:
        await given_open(desk, title=title)
    first = sound([await sara.say("/workshops")])
    second = await tap(sara, "ادامه")
    shown = [title for page in (first, second) for title in titles if title in plain(page.text)]
    assert shown == titles, "each once, in order"
    assert plain((await tap(sara, "از آغاز")).text) == plain(first.text)


async def test_each_side_of_the_filter_narrows_the_list(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await given_open(desk, title="سفال", subject="هنر دست", province="گیلان", fee_rial=0)
    await given_open(
        desk, title="رباتیک", subject="فناوری", province="یزد", age_min=13, age_max=18
    )
    for side, choice, left in (
        ("سن", "۸ سال", "سفال"),
        ("سن", "۱۴ سال", "رباتیک"),
        ("استان", "یزد", "رباتیک"),
        ("موضوع", "هنر دست", "سفال"),
        ("شهریه", "رایگان", "سفال"),
        ("شهریه", "تا ۱۰۰٬۰۰۰ تومان", "سفال"),
    ):
        await sara.say("/workshops")
        await tap(sara, "انتخاب بر پایه")
        await tap(sara, side)
        text = plain((await tap(sara, choice)).text)
        assert left in text, (side, choice)
        others = {"سفال", "رباتیک"} - {left}
        assert side == "شهریه" or not [one for one in others if one in text], (side, choice)


async def test_free_places_alone_can_be_asked_for(desk: DeskUnderTest, sara: Visitor) -> None:
    full = await given_open(desk, title="سفال", places=1, quorum=1)
    await given_open(desk, title="رباتیک")
    async with desk.database.transaction() as tx:
        await seeds.held(tx, full, payer_id=CitizenId(REZA), now=OPENS)
    assert "تکمیل" in plain((await sara.say("/workshops")).text)
    await tap(sara, "انتخاب بر پایه")
    await tap(sara, "فقط با جای خالی")
    text = plain((await tap(sara, "نمایش")).text)
    assert "رباتیک" in text
    assert "سفال" not in text


async def test_a_filter_that_nothing_passes_says_how_to_widen_it(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await given_open(desk, province="گیلان", subject="نقاشی")
    sieve = written(Sieve(age=17, province="گیلان", is_room_wanted=True, fee_rial_max=0))
    empty = sound(await sara.press_data(f"wl:{OFFICE}:{sieve}:0"))
    assert "نقاشی با آبرنگ" not in plain(empty.text)
    wider = [label for label in empty.buttons if label.endswith("✖️")]
    assert len(wider) == 4
    assert "نقاشی با آبرنگ" in plain((await tap(sara, "همه کارگاه‌ها")).text)
    await tap(sara, "۱۷ ساله", empty)
    assert "نقاشی با آبرنگ" in plain((await tap(sara, "رایگان")).text)


async def test_the_page_says_every_fact_and_where_it_comes_from(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    made = await given_open(desk, subject="نقاشی", province="گیلان", online_link=LINK)
    async with desk.database.transaction() as tx:
        await seeds.held(tx, made, payer_id=CitizenId(REZA), now=OPENS)
    await sara.say("/workshops")
    text = plain((await tap(sara, "آبرنگ")).text)
    for fact in (
        "هشت نشست دربارهٔ رنگ و آب",
        "مربی: خانم امینی",
        "موضوع: نقاشی · استان: گیلان",
        "۷ تا ۱۲ سال",
        "۵۰۰٬۰۰۰ ریال (۵۰٬۰۰۰ تومان)",
        "ظرفیت: ۳ نفر؛ گرفته‌شده: ۱؛ خالی: ۲",
        "حد نصاب: ۲ نفر",
        "کیف پولتان",
        "۴ جلسه",
        "شنبه ۲۳ آبان ۱۴۰۵، ساعت ۱۷:۰۰",
        "مهلت ثبت‌نام: چهارشنبه ۲۰ آبان ۱۴۰۵، ساعت ۱۸:۰۰",
        "تا پایان سه‌شنبه ۱۹ آبان ۱۴۰۵",
        "وضعیت",
        *CLAUSES,
    ):
        assert fact in text, fact
    assert "class.example.ir" not in text, "the address is for those who are registered"
    assert "نمونه" not in text


async def test_what_the_page_leaves_out_stands_in_full_with_the_terms(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    made = await given_open(desk)
    page = sound(await sara.press_data(f"wk:{made.id}"))
    rule = "یعنی تا یک روز پیش از پایان مهلت ثبت‌نام"
    assert rule not in plain(page.text)
    terms = plain((await tap(sara, "شرایط و قواعد", page)).text)
    for promise in (rule, "این تصمیم اداره است", "به حسابتان واریز می‌شود", "KN-27", "KN-16"):
        assert promise in terms, promise


async def test_a_free_workshop_has_no_fee_to_give_back(desk: DeskUnderTest, sara: Visitor) -> None:
    made = await given_open(desk, fee_rial=0)
    text = plain(sound(await sara.press_data(f"wk:{made.id}")).text)
    assert "رایگان" in text
    assert "برمی‌گردد" not in text


async def test_who_is_registered_sees_the_address_and_the_own_registration(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    made = await given_open(desk, online_link=LINK)
    async with desk.database.transaction() as tx:
        (mine,) = await seeds.confirmed(tx, made, payer_id=CitizenId(sara.id), now=OPENS)
        reza_id = CitizenId(REZA)
        await seeds.held(tx, made, learner(50, reza_id), payer_id=reza_id, now=OPENS)
    page = sound(await sara.press_data(f"wk:{made.id}"))
    assert LINK in plain(page.text)
    assert any(data.startswith(f"wmr:{mine.id}") for data in page.presses)
    reza = desk.person(REZA)
    theirs = sound(await reza.press_data(f"wk:{made.id}"))
    assert LINK not in plain(theirs.text), "a place that is not paid for is not theirs"
    assert not any(f":{mine.id}" in data for data in theirs.presses if data.startswith("wm"))
    (in_group,) = desk.group(GROUP_ID, sara.id)
    shown = sound(await in_group.press_data(f"wk:{made.id}"))
    assert LINK not in plain(shown.text)
    assert not [data for data in shown.presses if data.startswith("wm")]


async def test_a_sample_says_so_wherever_it_is_shown(desk: DeskUnderTest, sara: Visitor) -> None:
    async with desk.database.transaction() as tx:
        made = await given_sample(tx)
    listed = sound([await sara.say("/workshops")])
    assert plain(listed.text).count("نمونه") == 2, "beside its name and its fee"
    for data in (f"wk:{made.id}", f"wks:{made.id}:0", f"wkt:{made.id}:0", f"wkg:{made.id}"):
        assert "نمونه" in plain(sound(await sara.press_data(data)).text), data


async def test_a_full_workshop_leads_to_the_waiting_list(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    made = await given_open(desk, places=1, quorum=1)
    page = sound(await sara.press_data(f"wk:{made.id}"))
    assert "✍️ ثبت‌نام" in page.buttons
    async with desk.database.transaction() as tx:
        await seeds.held(tx, made, payer_id=CitizenId(REZA), now=OPENS)
        await seeds.waits(tx, made, learner(41, CitizenId(41)), payer_id=CitizenId(41), now=OPENS)
    page = sound(await sara.press_data(f"wk:{made.id}"))
    assert "✍️ ثبت‌نام" not in page.buttons
    assert page.buttons["🕰 فهرست انتظار"] == f"wr:{made.id}"
    assert "در فهرست انتظار: ۱" in plain(page.text)


async def test_what_cannot_be_registered_for_says_why_and_offers_news(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    made = await given_open(desk, subject="نقاشی")
    desk.now = CLOSES
    page = sound(await sara.press_data(f"wk:{made.id}"))
    assert "مهلت ثبت‌نام به پایان رسیده" in plain(page.text)
    assert not [data for data in page.presses if data.startswith("wr:")]
    assert "نقاشی" in plain((await tap(sara, "خبرم کن")).text)


async def test_drafts_are_never_visible(desk: DeskUnderTest, sara: Visitor) -> None:
    async with desk.database.transaction() as tx:
        draft = await seeds.given_draft(tx)
    assert "آبرنگ" not in plain((await sara.say("/workshops")).text)
    for data in ("wk:{}", "wko:{}", "wks:{}:0", "wkt:{}:0", "wkg:{}"):
        desk.refused.clear()
        said = sound(await sara.press_data(data.format(draft.id)))
        assert "آبرنگ" not in plain(said.text)
        assert isinstance(desk.refused[0], NoSuchWorkshop), data
    said = sound([await sara.say(f"/start w{draft.id}")])
    assert "آبرنگ" not in plain(said.text)


async def test_every_session_is_listed_with_its_hours(desk: DeskUnderTest, sara: Visitor) -> None:
    async with desk.database.transaction() as tx:
        days = [at("1405/08/23 08:00") + timedelta(hours=1, days=7 * week) for week in range(2)]
        hours = [day + timedelta(minutes=20 * number) for day in days for number in range(9)]
        made = await given_with(tx, [Slot(start, 15) for start in hours])
    first = sound(await sara.press_data(f"wks:{made.id}:0"))
    second = await tap(sara, "ادامه")
    assert "۱۵. " in plain(first.text)
    assert "۱۶. " not in plain(first.text)
    assert "۱۸. شنبه" in plain(second.text)
    assert plain((await tap(sara, "قبلی")).text) == plain(first.text)
    assert plain(sound(await sara.press_data(f"wks:{made.id}:999")).text) == plain(second.text)


async def test_terms_are_shown_in_full_with_their_version_and_day(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    made = await given_open(desk)
    clauses = [f"بند{number}&هدست" for number in range(230)]
    async with desk.database.transaction() as tx:
        await workshops.set_terms(
            tx, workshop_id=made.id, text=" ".join(clauses), actor=OFFICER, now=desk.now
        )
    first = sound(await sara.press_data(f"wkt:{made.id}:0"))
    assert "نسخه ۲، از شنبه ۲ آبان ۱۴۰۵، ساعت ۰۹:۰۰" in plain(first.text)
    assert "KN-23" in plain(first.text)
    pages = [plain(first.text)]
    while "ادامه" in (sara.last.buttons if sara.last else {}):
        pages.append(plain((await tap(sara, "ادامه")).text))
    assert [word for word in " ".join(pages).split() if "&" in word] == clauses


async def test_sharing_gives_a_link_and_a_picture_that_open_the_page(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    made = await given_open(desk)
    shared = sound(await sara.press_data(f"wkg:{made.id}"))
    assert shared.method == "sendPhoto"
    assert shared.params["photo"]["file_name"].endswith(".png")
    assert f"https://t.me/mizban_test_bot?start=w{made.id}" in plain(shared.text)
    opened = sound([await desk.person(7).say(f"/start w{made.id}")])
    assert "نقاشی با آبرنگ" in plain(opened.text)
    below = await tap(sara, "صفحه کارگاه", shared)
    assert below.method == "sendMessage", "a picture cannot become a page"


@pytest.mark.parametrize("payload", ["w", "w0", "w-1", "w999", "w" + "9" * 40, "w۱۲", "wx", "w1x"])
async def test_a_link_to_nothing_is_answered_kindly(sara: Visitor, payload: str) -> None:
    said = sound([await sara.say(f"/start {payload}")])
    assert said.buttons


async def test_the_longest_words_fit_and_cannot_break_the_page(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    made = await given_open(
        desk,
        title="<b>" + "W&" * 58,
        description="&" * 2000,
        instructor="<" * 80,
        subject="&" * 80,
        province=">" * 80,
        venue="&" * 300,
        online_link="https://" + "&" * 292,
        age_min=None,
    )
    async with desk.database.transaction() as tx:
        await workshops.set_terms(
            tx, workshop_id=made.id, text="&" * 3000, actor=OFFICER, now=desk.now
        )
        await seeds.confirmed(tx, replace(made, terms_version=2), payer_id=CitizenId(sara.id))
    for data in (f"wk:{made.id}", f"wks:{made.id}:0", f"wkt:{made.id}:0", f"wkg:{made.id}"):
        sound(await sara.press_data(data))
    for side in "aspf":
        sound(await sara.press_data(f"wlf:{OFFICE}::{side}:0"))
    sieve = written(Sieve(119, ">" * 80, "&" * 80, is_room_wanted=True, fee_rial_max=5_000_000))
    sound(await sara.press_data(f"wl:{OFFICE}:{sieve}:{made.id}"))
    assert desk.refused == []


def test_a_filter_survives_the_button() -> None:
    known = Known(("گیلان", "یزد"), ("نقاشی", "سفال"))
    for sieve in (
        Sieve(),
        Sieve(age=0),
        Sieve(120, "یزد", "سفال", is_room_wanted=True, fee_rial_max=9_990_000),
        Sieve(fee_rial_max=0),
    ):
        assert read(written(sieve), known) == sieve
    assert mark_of("گیلان") == mark_of("گيلان"), "however it is spelled"


@pytest.mark.parametrize(
    "forged", ["a", "a-1", "a999", "aa", "p12345", "r1", "f1000", "fx", "z1", "a8.a9", "a8,r", "…"]
)
def test_a_forged_filter_is_refused(forged: str) -> None:
    with pytest.raises(StaleButton):
        read(forged, Known(("گیلان",), ()))
