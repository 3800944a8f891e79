"""Every flow of citizens and of staff on Telegram's profile and on Bale's, over the wire.

The pocket messenger is as strict and as poor as the table of its profiles says; whatever a flow
needs that a platform lacks shows here.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import orjson
import pytest
from openpyxl import load_workbook

from bot.citizens.model import Role
from bot.kit.database_file import prepare_database
from bot.kit.tracking import shown
from bot.simulator.errors import PersonError
from tests.day_support import Message, Somebody, World, code_of, text_of, world_at
from tests.wallet.bank_support import HEADINGS, book
from tests.workshops import given
from tests.workshops.support import FIRST, OPENS

COMPLAINT = "کلاس دیروز نیمه‌کاره قطع شد و کسی خبر نداد."
IBAN = "IR062960000000100324200001"
REFERENCE = "140507201234"
PLATFORMS = ("telegram", "bale")
HOUR = timedelta(hours=1)


@pytest.fixture(params=PLATFORMS)
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    url = f"sqlite+aiosqlite:///{tmp_path}/desk.sqlite3"
    prepare_database(url)
    async with world_at(OPENS + 2 * HOUR, url, platform=request.param) as opened:
        yield opened


def labels(message: Message) -> dict[str, str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {
        button["text"]: button["callback_data"]
        for row in rows
        for button in row
        if "callback_data" in button
    }


def offering(messages: Sequence[Message], label: str) -> Message:
    """The last of these messages with such a button."""
    for message in reversed(messages):
        if any(label in one for one in labels(message)):
            return message
    raise AssertionError(
        (label, [(text_of(one)[:60], list(labels(one))) for one in messages[-4:]])
    )


def seen(who: Somebody) -> list[Message]:
    """What stands in the chat now, as it was edited last."""
    return [one for one in who.world.simulator.messages(who.chat) if one["from"]["is_bot"]]


async def press(who: Somebody, label: str) -> list[Message]:
    """Press the last button with this label in the chat."""
    page = offering(seen(who), label)
    data = next(data for one, data in labels(page).items() if label in one)
    before = len(who.heard)
    who.world.simulator.press(who.key, page["message_id"], data, chat=who.chat)
    await who.world.settled()
    return who.heard[before:]


async def told(who: Somebody, text: str) -> str:
    said = await who.says(text)
    assert said, text
    return text_of(said[-1])


async def test_asking(world: World) -> None:
    sara = world.person("sara")
    assert "خوش آمدید" in await told(sara, "/start")
    await press(sara, "کانون پرورش فکری")
    card = await press(sara, "کارگاه‌های مجازی")
    assert "کارگاه" in text_of(card[-1])
    assert "هزینه" in text_of((await press(sara, "هزینه"))[-1])
    assert "KN-16" in await told(sara, "اگر کارگاه به حد نصاب نرسد هزینه‌ام برمی‌گردد؟")
    await told(sara, "کلاس")
    assert text_of((await sara.says("۱"))[-1])
    for command in ("/help", "/my", "/options", "/privacy", "/services", "/sla", "/language"):
        await told(sara, command)
    assert "Welcome" in text_of((await press(sara, "English"))[-1])


async def test_cases_from_the_complaint_to_its_end(world: World) -> None:
    sara, officer = world.person("sara"), world.person("officer", world.group)
    receipt = await sara.tells("complaint", COMPLAINT)
    code = code_of(receipt)
    card = offering(officer.heard, "برمی‌دارم")
    assert shown(code) in text_of(card)
    await press(officer, "برمی‌دارم")
    await officer.says("فردا جلسه جبرانی برگزار می‌شود.", reply_to=officer.heard[-1])
    assert "فردا جلسه جبرانی" in text_of(sara.heard[-1])
    await sara.says("سپاس، ولی چه ساعتی؟", reply_to=sara.heard[-1])
    assert "چه ساعتی" in "".join(text_of(one) for one in officer.heard[-2:])
    assert "چه ساعتی" in await told(sara, shown(code))
    assert "فردا جلسه جبرانی" in text_of((await press(sara, "پیام‌ها"))[-1])
    assert shown(code) in await told(sara, "/my")
    await press(officer, "پایان")
    await press(officer, "انجام شد")
    assert "انجام شد" in text_of(sara.heard[-1])
    assert shown(code) not in await told(sara, "/my")


async def test_the_wallet_from_a_bill_to_the_money_in_the_account(world: World) -> None:
    sara, finance = world.person("sara"), world.person("finance", world.group)
    await paid_in(world, sara, "۵۰۰ هزار تومان")
    assert "۵٬۰۰۰٬۰۰۰" in await told(sara, "/wallet")
    code = await payout_asked(sara)
    assert shown(code) in await told(sara, "/my")
    await press(finance, "بررسی می‌کنم")
    await press(finance, "تأیید")
    assert any("تأیید" in text_of(one) for one in sara.heard[-2:])
    await world.person("finance").says("/start")  # whose chat the file for the bank comes to
    await press(finance, "فرستادن به بانک")
    await press(finance, "ساختن فایل")
    for_the_bank = file_to(world, world.person("finance"))
    assert IBAN.encode() in sheet_in(for_the_bank)
    assert not any("document" in one for one in finance.heard), "never in the group"
    await finance.says("/payouts")
    await press(finance, "فرستاده‌شده به بانک")
    await press(finance, shown(code)[-5:])
    (prompt, *_more) = await press(finance, "واریز شد")
    await finance.says("7712045", reply_to=prompt)
    assert "7712045" in text_of(sara.heard[-1])
    await press(finance, "پس از واریز برگشت")
    await finance.says("4055123 حساب بسته است", reply_to=finance.heard[-1])
    assert "حساب بسته است" in text_of(sara.heard[-1])
    assert "۵٬۰۰۰٬۰۰۰" in await told(sara, "/wallet")


async def payout_asked(person: Somebody) -> str:
    """Ask for money to be paid out; gives its code."""
    for text in ("/payout", "۴۰۰ هزار تومان", IBAN, "سارا احمدی"):
        await person.says(text)
    return code_of((await press(person, "ثبت درخواست"))[-1])


def file_to(world: World, who: Somebody) -> bytes:
    """What is in the last file that was sent to somebody."""
    sent = next(one for one in reversed(who.heard) if "document" in one)
    return world.simulator.world.files.by_id(sent["document"]["file_id"]).content


def sheet_in(content: bytes) -> bytes:
    """Every cell of a sheet, one after another."""
    rows = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row).encode()


async def test_a_payment_at_the_bank_and_the_file_that_proves_it(world: World) -> None:
    sara, finance = world.person("sara"), world.person("finance", world.group)
    await sara.says("/topup")
    await press(sara, "واریز بانکی")
    for text in ("۱۲۰ هزار تومان", REFERENCE):
        await sara.says(text)
    await press(sara, "ثبت")
    assert any("درخواست" in text_of(one) or REFERENCE in text_of(one) for one in finance.heard)
    await finance.says("/reconcile")
    (prompt, *_more) = await press(finance, "فایل بانک")
    content = book([HEADINGS, ("1405/07/20", REFERENCE, 1_200_000, None, "", "")])
    said = await finance.sends("bank.xlsx", content, reply_to=prompt)
    assert any("به کیف پول رفت" in text_of(one) for one in said)
    assert "۱٬۲۰۰٬۰۰۰" in await told(sara, "/wallet")


async def test_every_kind_of_file_that_the_desk_gives_can_be_opened(world: World) -> None:
    async with world.database.transaction() as tx:
        made = await given.given_open(tx)
    sara, manager = world.person("sara"), world.person("manager", world.group)
    await paid_in(world, sara, "۱۰۰ هزار تومان")
    await sara.says("/mydata")
    await press(sara, "صفحه‌ای برای خواندن")
    assert "<html" in file_to(world, sara).decode()
    await press(sara, "JSON")
    assert orjson.loads(file_to(world, sara))
    await sara.says("/wallet")
    await press(sara, "صورت")
    await press(sara, "فایل صورتحساب")
    await press(sara, "اکسل")
    assert b"1000000" in sheet_in(file_to(world, sara))
    await manager.says("/report")
    await press(manager, "این ماه، XLSX")
    assert sheet_in(file_to(world, manager))
    await manager.says(f"/poster w{made.id}")
    assert file_to(world, manager).startswith(b"%PDF")
    await manager.says("/workshops")
    await press(manager, "از فایل اکسل")
    assert "عنوان".encode() in sheet_in(file_to(world, manager))


async def test_the_catalogue_goes_out_and_comes_back_as_a_workbook(world: World) -> None:
    manager = world.person("manager", world.group)
    await manager.says("/catalogue")
    await press(manager, "کانون")
    await press(manager, "اکسل")
    said = await manager.sends("kanoon.xlsx", file_to(world, manager), reply_to=manager.heard[-1])
    assert "تغییر" in text_of(said[-1])


async def paid_in(world: World, person: Somebody, amount: str) -> None:
    """Top the wallet up by a bill that is paid in the chat."""
    await person.says("/topup")
    await press(person, "همین‌جا")
    await person.says(amount)
    await press(person, "بساز")
    bill = next(one for one in reversed(person.heard) if "invoice" in one)
    assert await world.simulator.pay(person.key, bill["message_id"]) == ""
    await world.settled()
    assert any("افزایش یافت" in text_of(one) for one in person.heard[-2:])


async def test_a_workshop_from_the_list_to_the_attendance(world: World) -> None:
    async with world.database.transaction() as tx:
        made = await given.given_open(tx, quorum=1)
    sara, officer = world.person("sara"), world.person("officer", world.group)
    await paid_in(world, sara, "۱۰۰ هزار تومان")
    await sara.says("/workshops")
    for label in (made.details.title, "ثبت‌نام", "فرزندم"):
        await press(sara, label)
    await sara.says("بهارک")
    await sara.says("1396/02/15")
    for label in ("ذخیره ✅", "بهارک", "می‌پذیرم", "پرداخت و ثبت‌نام"):
        await press(sara, label)
    assert "ثبت‌نام قطعی شد" in text_of(sara.heard[-1])
    assert "**" not in "".join(text_of(one) for one in sara.heard), "marks within marks"
    for command in ("/my", "/myworkshops"):
        assert "بهارک" in await told(sara, command)
    await world.pass_to(made.closes_at + HOUR)
    await world.pass_to(FIRST - HOUR)
    assert any("جلسه" in text_of(one) for one in sara.heard[-2:]), "reminded"
    await world.pass_to(FIRST + 2 * HOUR)
    await press(officer, "حضور و غیاب")
    before = len(seen(officer))
    for wanted in ("حاضر", "با تأخیر", "غایب"):
        await press(officer, "ث-۱")
        assert any(wanted in one for one in labels(offering(seen(officer), "ث-۱")))
    await world.simulator.until(lambda: len(seen(officer)) == before)


async def test_a_page_that_is_turned_does_not_fill_the_chat(world: World) -> None:
    """On Telegram it is edited; on Bale it is sent anew, and the one before is taken away."""
    sara = world.person("sara")
    await sara.says("/start")
    for label in ("کانون پرورش فکری", "کارگاه‌های مجازی", "هزینه"):
        await press(sara, label)
    await world.simulator.until(lambda: len(seen(sara)) == 1)
    (left,) = seen(sara)
    assert "هزینه" in text_of(left)


async def test_asking_from_within_another_chat_where_the_platform_has_it(world: World) -> None:
    if "inline_query" not in world.simulator.world.profile.update_kinds:
        with pytest.raises(PersonError):
            world.simulator.ask_inline("sara", "مدارک")
        return
    query = world.simulator.ask_inline("sara", "اگر کارگاه به حد نصاب نرسد؟")
    await world.simulator.until(lambda: world.simulator.answer(query) is not None)
    answer = world.simulator.answer(query)
    assert answer is not None
    assert "KN-16" in answer["results"][0]["input_message_content"]["message_text"]
    assert world.heard[world.person("sara").chat] == []


async def test_staff_come_by_a_link_of_the_platform(world: World) -> None:
    await world.invited("maryam", Role.OFFICER)
    assert "کارشناس" in text_of(world.person("maryam").heard[-1])
    world.simulator.join("maryam", world.group)
    assert "پرونده" in await told(world.person("maryam", world.group), "/cases")
