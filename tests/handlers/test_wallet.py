"""The wallet as its owner sees it, and as nobody else does."""

from collections import Counter

import pytest

from bot.citizens.model import CitizenId
from bot.kit.digits import persian_digits
from bot.kit.tracking import shown
from bot.wallet import use_cases as wallet
from bot.wallet.model import Balance, Journal
from handlers.callback_data import StaleButton
from handlers.callback_data.wallet import StatementPressed, WalletPressed
from handlers.views.wallet.wallet import LINES_ON_A_PAGE, wallet_page
from tests.handlers.support import GROUP_ID, NOW, DeskUnderTest, Said, Visitor, faults_of, plain
from tests.wallet import support

REASON = "کلاس <b>دو جلسه</b> برگزار نشد"


async def give(
    desk: DeskUnderTest, person: Visitor, *, cash: int = 0, credit: int = 0
) -> list[Journal]:
    """Put money into a wallet, as the ledger does."""
    citizen_id = CitizenId(person.id)
    journals = []
    async with desk.database.transaction() as tx:
        if cash:
            journals.append(await support.top_up(tx, cash, citizen_id, now=NOW))
        if credit:
            journals.append(await support.grant(tx, credit, citizen_id, reason=REASON, now=NOW))
    return journals


def ids_in(said: Said) -> str:
    return " ".join(said.presses)


async def test_a_wallet_says_what_is_in_it_part_by_part(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await give(desk, sara, cash=1_250_000, credit=500_000)
    async with desk.database.transaction() as tx:
        await support.hold(tx, 250_000, CitizenId(sara.id))
    said = await sara.say("/wallet")
    assert not faults_of(said)
    parts = plain(said.text).split("\n\n")
    assert "۱٬۰۰۰٬۰۰۰ ریال (۱۰۰٬۰۰۰ تومان)" in parts[1]
    assert "۵۰۰٬۰۰۰ ریال (۵۰٬۰۰۰ تومان)" in parts[2]
    assert "قابل برداشت نیست" in parts[2]
    assert "۲۵۰٬۰۰۰ ریال (۲۵٬۰۰۰ تومان)" in parts[3]
    assert "کانون" in parts[4]


async def test_an_empty_wallet_has_nothing_and_is_not_free_of_charge(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    said = await sara.say("/wallet")
    assert plain(said.text).count("۰ ریال (۰ تومان)") == 3
    assert "رایگان" not in said.text
    statement = await sara.press("صورتحساب")
    assert not faults_of(statement)
    assert "home" in statement.presses
    async with desk.database.reading() as tx:
        assert await wallet.balance(
            tx, office_id="kanoon", citizen_id=CitizenId(sara.id)
        ) == Balance(0, 0, 0)


@pytest.mark.parametrize("text", ["موجودی من چقدره؟", "کیف پولم", "my balance"])
async def test_free_words_show_the_askers_own_wallet(
    desk: DeskUnderTest, sara: Visitor, text: str
) -> None:
    await give(desk, desk.person(101), cash=77_000)
    await give(desk, sara, cash=120_000)
    said = await sara.say(text)
    assert said.text == (await sara.say("/wallet")).text
    assert "۱۲۰٬۰۰۰" in said.text
    assert "۷۷٬۰۰۰" not in said.text


async def test_a_question_about_the_rules_of_a_wallet_is_answered_by_the_catalogue(
    sara: Visitor,
) -> None:
    said = await sara.say("کیف پول کانون چیه اصلا، به چه دردی میخوره؟")
    assert "KN-16" in said.text or any(data.startswith(("m:", "x:")) for data in said.presses)


async def test_the_first_page_leads_to_the_wallet_among_all_affairs(sara: Visitor) -> None:
    home = await sara.say("/start")
    assert any("کارهای من" in label for label in home.buttons)
    await sara.press("کارهای من")
    page = await sara.press("کیف پول")
    assert page.method == "editMessageText"


async def test_a_line_says_what_why_when_how_much_and_what_was_left(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    _paid, granted = await give(desk, sara, cash=1_000_000, credit=500_000)
    async with desk.database.transaction() as tx:
        await support.pay(tx, 600_000, CitizenId(sara.id), now=NOW)
    await sara.say("/wallet")
    said = await sara.press("صورتحساب")
    assert not faults_of(said)
    _head, cash_fee, credit_fee, credit, cash = plain(said.text).split("\n\n")
    assert "➕" in credit
    assert "<b>دو جلسه</b>" in credit, "an officer's words are shown as they are"
    assert shown(granted.id) in credit
    assert "۱ آذر ۱۴۰۵" in credit
    assert "۱٬۵۰۰٬۰۰۰" in credit
    assert "۱٬۰۰۰٬۰۰۰" in cash
    fees = Counter(part[0] for part in (cash_fee, credit_fee))
    assert fees == {"➖": 2}
    assert "۹۰۰٬۰۰۰" in cash_fee


async def test_a_long_statement_is_paged_and_shows_each_line_once(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    count = LINES_ON_A_PAGE * 2 + 1
    for number in range(1, count + 1):
        await give(desk, sara, cash=number * 10)
    await sara.say("/wallet")
    pages = [await sara.press("صورتحساب")]
    while any("قدیمی‌تر" in label for label in pages[-1].buttons):
        pages.append(await sara.press("قدیمی‌تر"))
    assert len(pages) == 3
    assert not [fault for page in pages for fault in faults_of(page)]
    sums = [line for page in pages for line in plain(page.text).split("\n") if "➕" in line]
    wanted = [f"➕ {persian_digits(str(number * 10))} ریال" for number in range(count, 0, -1)]
    assert len(sums) == count
    assert all(line.startswith(start) for line, start in zip(sums, wanted, strict=True))
    assert (await sara.press("تازه‌ترین")).text == pages[0].text


async def test_buttons_name_nobody_and_show_another_person_their_own(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    """Whoever forges or borrows the buttons of a statement sees their own wallet with them."""
    sara = desk.person(771_234_561)
    thief = desk.person(771_234_562)
    for number in range(1, LINES_ON_A_PAGE + 3):
        await give(desk, sara, cash=number * 1_000_003)
    await give(desk, thief, cash=4_000)
    page = await sara.say("/wallet")
    statement = await sara.press("صورتحساب")
    for said in (page, statement):
        assert str(sara.id) not in ids_in(said)
        for data in [one for one in said.presses if one.startswith("w")]:
            (stolen,) = await thief.press_data(data)
            assert "۰۰۳" not in stolen.text
            assert str(sara.id) not in ids_in(stolen)
    for before in range(1, 40):
        (stolen,) = await thief.press_data(StatementPressed("kanoon", str(before)).pack())
        assert "۰۰۳" not in stolen.text


async def test_a_group_never_shows_a_balance(desk: DeskUnderTest, sara: Visitor) -> None:
    await give(desk, sara, cash=120_000)
    await desk.open_desk()
    (member,) = desk.group(GROUP_ID, sara.id)
    for data in (WalletPressed().pack(), StatementPressed("kanoon", "0").pack()):
        said = await member.press_data(data)
        assert isinstance(desk.refused.pop(), StaleButton)
        assert "ریال" not in "".join(one.text for one in said)
    for text in ("/wallet", "موجودی من چقدره؟"):
        entities = [{"type": "bot_command", "offset": 0, "length": 7}]
        said = await member.send(text=text, entities=entities if text[0] == "/" else [])
        assert "ریال" not in "".join(one.text for one in said)
    assert not desk.heard[sara.id]


@pytest.mark.parametrize("before", ["", "-1", "x", "1" * 30, "1:2"])
async def test_a_forged_place_in_a_statement_is_refused(
    desk: DeskUnderTest, sara: Visitor, before: str
) -> None:
    await sara.press_data(f"ws:{before}")
    assert isinstance(desk.refused[-1], StaleButton)


async def test_the_largest_amounts_still_fit_one_message(desk: DeskUnderTest) -> None:
    words = desk.shared.words["fa"]
    published = desk.shared.catalogue.published_by("kanoon")
    page = wallet_page(words, published, Balance(10**13, 10**13, 10**12), is_page=True)
    assert "۱۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰" in page.text
