"""The workbook in the admin chat: sent, marked, previewed, applied, in force, and taken back."""

from base64 import b64decode
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from sqlalchemy import select, update

from bot.catalogue import use_cases as catalogues
from bot.catalogue.errors import CatalogueMoved, NothingToUndo, VersionDecided
from bot.catalogue.model import AskedQuestion, Outcome
from bot.catalogue.tables import catalogue_change, catalogue_version
from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from bot.citizens.tables import audit
from bot.messenger.errors import Refused, Unreachable
from handlers.files.rendering import Files
from handlers.jobs.answers import AnswerKeeper
from handlers.jobs.catalogue_books import open_catalogue_books
from tests.handlers.conftest import Shipped
from tests.handlers.desk_support import MANAGER, OFFICER, Officer
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, Visitor, faults_of, plain
from tests.handlers.workbook_support import cell_of, changed

SERVICE = "virtual-workshops"


@pytest.fixture
async def manager(desk: DeskUnderTest) -> Visitor:
    await desk.open_desk()
    officer = await Officer.at(desk, MANAGER, role=Role.MANAGER, group_id=GROUP_ID)
    return officer.visitor


@pytest.fixture
async def keeper(desk: DeskUnderTest, shipped: Shipped) -> AnswerKeeper:
    return AnswerKeeper(desk.shared, desk.database, shipped.lexicon)


async def book_of(desk: DeskUnderTest, manager: Visitor) -> tuple[Said, bytes]:
    """Ask for the workbook of Kanoon, and make it as it is made when it is sent."""
    prompt = (await manager.press_data("ktb:kanoon"))[-1]
    made = prompt.params["document"]
    content = await Files(desk.shared, desk.database).make(made["made_of"], made["id"], made)
    assert content is not None
    return prompt, content


async def sent(
    desk: DeskUnderTest,
    manager: Visitor,
    prompt: Said,
    content: bytes | Exception,
    caption: str = "شهریه تازه",
) -> list[Said]:
    async def fetch(_file_id: str) -> bytes:
        if isinstance(content, Exception):
            raise content
        return content

    desk.shared.fetch_file = fetch
    document = {"file_id": "f1", "file_unique_id": "u1", "file_name": "b.xlsx", "file_size": 9}
    more: dict[str, object] = {"document": document}
    if caption:
        more["caption"] = caption
    await manager.reply_to(prompt, "", **more)
    said = await desk.round(open_catalogue_books)
    assert not [fault for one in said for fault in faults_of(one)]
    return said


def with_fee(content: bytes, amount: object) -> bytes:
    """Give a service a fee, and the office a question; both as an editor would type them."""
    fees = load_workbook(BytesIO(content))["هزینه‌ها"]
    faqs = load_workbook(BytesIO(content))["پرسش‌های متداول"]
    fee, faq = fees.max_row + 1, faqs.max_row + 1

    def of_fee(label: str) -> str:
        return cell_of(content, "هزینه‌ها", label, fee)

    def of_faq(label: str) -> str:
        return cell_of(content, "پرسش‌های متداول", label, faq)

    return changed(
        content,
        ("هزینه‌ها", of_fee("شناسه درونی خدمت"), SERVICE),
        ("هزینه‌ها", of_fee("عنوان (فارسی)"), "شهریه کارگاه"),
        ("هزینه‌ها", of_fee("عنوان (انگلیسی)"), "Workshop fee"),
        ("هزینه‌ها", of_fee("مبلغ (ریال)"), amount),
        ("پرسش‌های متداول", of_faq("رویه خدمت"), "هزینه"),
        ("پرسش‌های متداول", of_faq("پرسش (فارسی)"), "آيا كارت اعتباري مي‌گيريد؟"),
        ("پرسش‌های متداول", of_faq("پرسش (انگلیسی)"), "Do you take credit cards?"),
        ("پرسش‌های متداول", of_faq("پاسخ (فارسی)"), "پرداخت فقط در سامانه انجام می‌شود."),
        ("پرسش‌های متداول", of_faq("پاسخ (انگلیسی)"), "One pays in the system only."),
        ("پرسش‌های متداول", of_faq("منبع (فارسی)"), "نامه اداره"),
        ("پرسش‌های متداول", of_faq("منبع (انگلیسی)"), "Letter of the office"),
        ("پرسش‌های متداول", of_faq("آخرین بررسی"), "۱۴۰۵/۰۹/۰۱"),
    )


async def states(desk: DeskUnderTest) -> list[str]:
    async with desk.database.reading() as tx:
        query = select(catalogue_version.c.state).order_by(catalogue_version.c.id)
        return list(await tx.scalars(query))


async def actions(desk: DeskUnderTest) -> list[str]:
    async with desk.database.reading() as tx:
        return [one for one in await tx.scalars(select(audit.c.action)) if "catalogue" in one]


async def decide(manager: Visitor, preview: Said, label: str = "اعمال شود") -> None:
    """Press a button of a preview, which may be refused in a line over the chat."""
    pressed = next(data for name, data in preview.buttons.items() if label in name)
    await manager.press_data(pressed, message_id=preview.message_id)


async def applied(desk: DeskUnderTest, manager: Visitor, keeper: AnswerKeeper) -> Said:
    prompt, content = await book_of(desk, manager)
    (preview,) = await sent(desk, manager, prompt, with_fee(content, "۵۵۰٬۰۰۰"))
    done = await manager.press("اعمال شود", preview)
    await keeper.catch_up(Path("unused"))
    return done


async def test_a_fee_and_a_question_are_previewed_applied_and_answered_without_a_restart(
    desk: DeskUnderTest, manager: Visitor, keeper: AnswerKeeper, sara: Visitor
) -> None:
    prompt, content = await book_of(desk, manager)
    (preview,) = await sent(desk, manager, prompt, with_fee(content, "۵۵۰٬۰۰۰"))
    text = plain(preview.text)
    assert "کارگاه‌های مجازی کانون" in text
    assert "شهریه کارگاه" in text
    assert "۵۵۰٬۰۰۰ ریال" in text
    assert "آیا کارت اعتباری می‌گیرید؟" in text  # written with the Persian letters
    assert desk.shared.catalogue.published_by("kanoon").service(SERVICE).fees is None  # type: ignore[union-attr]
    done = await manager.press("اعمال شود", preview)
    assert "نسخه ۱" in plain(done.text)
    await keeper.catch_up(Path("unused"))
    published = desk.shared.catalogue.published_by("kanoon")
    assert published.service(SERVICE).fees[0].amount_rial == 550_000  # type: ignore[union-attr,index]
    assert published.faq("kn-new-1") is not None
    answer = await sara.say("آیا کارت اعتباری می‌گیرید؟")
    assert "پرداخت فقط در سامانه" in plain(answer.text)
    assert await actions(desk) == ["catalogue.applied"]


async def test_an_applied_version_holds_after_a_restart(
    desk: DeskUnderTest, manager: Visitor, keeper: AnswerKeeper, shipped: Shipped
) -> None:
    await applied(desk, manager, keeper)
    desk.shared.catalogue, desk.shared.answerer = shipped.catalogue, shipped.answerer
    await AnswerKeeper(desk.shared, desk.database, shipped.lexicon).catch_up(Path("unused"))
    held = desk.shared.catalogue.published_by("kanoon").held
    assert held is not None
    assert held.number == 1


async def test_what_is_wrong_comes_back_at_its_cell_and_nothing_changes(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    prompt, content = await book_of(desk, manager)
    cell = cell_of(content, "هزینه‌ها", "مبلغ (ریال)", 3)
    (said,) = await sent(desk, manager, prompt, with_fee(content, "پانصد هزار"))
    assert cell in plain(said.text)
    assert "عدد کامل" in plain(said.text)
    copy = load_workbook(BytesIO(b64decode(said.params["document"]["file_base64"])))
    marked = copy["هزینه‌ها"][cell]
    assert marked.value == "پانصد هزار"
    assert marked.fill.fgColor.rgb == "FFFFC9C9"
    assert "عدد کامل" in marked.comment.text
    assert copy["هزینه‌ها"].sheet_view.rightToLeft
    assert await states(desk) == ["refused"]
    async with desk.database.reading() as tx:
        assert (await tx.execute(select(catalogue_change))).all() == []


async def test_the_marked_copy_can_be_mended_and_sent_back_as_a_reply_to_the_faults(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    prompt, content = await book_of(desk, manager)
    cell = cell_of(content, "هزینه‌ها", "مبلغ (ریال)", 3)
    (said,) = await sent(desk, manager, prompt, with_fee(content, "پانصد هزار"))
    copy = b64decode(said.params["document"]["file_base64"])
    mended = changed(copy, ("هزینه‌ها", cell, 500_000))
    (preview,) = await sent(desk, manager, said, mended)
    assert "۵۰۰٬۰۰۰ ریال" in plain(preview.text)
    assert await states(desk) == ["refused", "proposed"]


async def test_without_a_reason_the_reason_is_asked_for_first(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    prompt, content = await book_of(desk, manager)
    (preview,) = await sent(desk, manager, prompt, with_fee(content, 7), caption="")
    asked = await manager.press("اعمال شود", preview)
    assert await states(desk) == ["proposed"]
    await manager.reply_to(asked, "نامه ۱۲۳")
    assert await states(desk) == ["applied"]
    async with desk.database.reading() as tx:
        assert await tx.scalar(select(catalogue_change.c.reason)) == "نامه ۱۲۳"


async def test_a_file_with_the_command_as_its_caption_is_taken_too(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    async def fetch(_file_id: str) -> bytes:
        return b"no workbook"

    desk.shared.fetch_file = fetch
    document = {"file_id": "f1", "file_unique_id": "u1", "file_name": "b.xlsx", "file_size": 9}
    await manager.send(document=document, caption="/catalogue نامه ۱۲")
    (said,) = await desk.round(open_catalogue_books)
    assert "چیزی تغییر نکرد" in plain(said.text)
    assert await states(desk) == ["refused"]


async def test_an_officer_neither_takes_nor_sends_the_workbook(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    prompt, content = await book_of(desk, manager)
    officer = (await Officer.at(desk, OFFICER, group_id=GROUP_ID)).visitor
    await officer.press_data("ktb:kanoon")
    document = {"file_id": "f1", "file_unique_id": "u1", "file_name": "b.xlsx", "file_size": 9}
    await officer.reply_to(prompt, "", document=document, caption="x")
    assert [type(one) for one in desk.refused] == [StaffOnly, StaffOnly]
    (preview,) = await sent(desk, manager, prompt, with_fee(content, 5))
    await decide(officer, preview)
    assert await states(desk) == ["proposed"]


async def test_a_version_is_applied_once_and_a_preview_that_is_behind_is_refused(
    desk: DeskUnderTest, manager: Visitor, keeper: AnswerKeeper
) -> None:
    prompt, content = await book_of(desk, manager)
    (first,) = await sent(desk, manager, prompt, with_fee(content, 5))
    (second,) = await sent(desk, manager, prompt, with_fee(content, 6))
    await decide(manager, first)
    await decide(manager, first)
    await decide(manager, second)
    assert [type(one) for one in desk.refused] == [VersionDecided, CatalogueMoved]
    await keeper.catch_up(Path("unused"))
    (third,) = await sent(desk, manager, prompt, with_fee(content, 6))
    assert "پیش از اعمال نسخه آخر گرفته شده" in plain(third.text)
    assert await states(desk) == ["applied", "proposed", "proposed"]


async def test_discarding_changes_nothing_and_is_on_record(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    prompt, content = await book_of(desk, manager)
    (preview,) = await sent(desk, manager, prompt, with_fee(content, 5))
    await decide(manager, preview, "کنار بگذار")
    await decide(manager, preview)
    assert await states(desk) == ["discarded"]
    assert await actions(desk) == ["catalogue.discarded"]


async def test_undoing_shows_what_it_changes_asks_why_and_puts_the_files_in_force_again(
    desk: DeskUnderTest, manager: Visitor, keeper: AnswerKeeper
) -> None:
    done = await applied(desk, manager, keeper)
    listed = await manager.press("نسخه‌ها و برگشت", done)
    assert "شهریه تازه" in plain(listed.text)
    preview = await manager.press("برگشت به کاتالوگ همراه برنامه", listed)
    assert "شهریه کارگاه" in plain(preview.text)
    asked = await manager.press("برگردد", preview)
    (said,) = await manager.reply_to(asked, "اشتباه بود")
    assert "کاتالوگ همراه برنامه" in plain(said.text)
    await keeper.catch_up(Path("unused"))
    published = desk.shared.catalogue.published_by("kanoon")
    assert published.service(SERVICE).fees is None  # type: ignore[union-attr]
    await manager.reply_to(asked, "دوباره")
    assert [type(one) for one in desk.refused] == [CatalogueMoved]
    listed = (await manager.press_data("ktl:kanoon"))[-1]
    assert "برگشت به نسخه ۱" in " ".join(listed.buttons)
    assert NothingToUndo not in [type(one) for one in desk.refused]


async def test_a_stored_version_that_is_broken_never_stops_the_desk(
    desk: DeskUnderTest,
    manager: Visitor,
    keeper: AnswerKeeper,
    shipped: Shipped,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await applied(desk, manager, keeper)
    prompt, content = await book_of(desk, manager)
    cell = cell_of(content, "هزینه‌ها", "مبلغ (ریال)", 2)
    (preview,) = await sent(desk, manager, prompt, changed(content, ("هزینه‌ها", cell, 9)))
    await manager.press("اعمال شود", preview)
    async with desk.database.transaction() as tx:
        statement = update(catalogue_version).where(catalogue_version.c.number == 2)
        await tx.execute(statement.values(content=b"broken"))
    await AnswerKeeper(desk.shared, desk.database, shipped.lexicon).catch_up(Path("unused"))
    published = desk.shared.catalogue.published_by("kanoon")
    held = published.held
    assert held is not None
    assert (held.number, held.change) == (1, 2)
    assert published.service(SERVICE).fees[0].amount_rial == 550_000  # type: ignore[union-attr,index]
    assert "cannot be used" in caplog.text
    said = (await manager.press_data("kto:kanoon"))[-1]
    assert "قابل استفاده نیست" in plain(said.text)
    (told,) = await desk.round(open_catalogue_books)
    assert "نسخه ۱ برقرار است" in plain(told.text)
    assert await desk.round(open_catalogue_books) == []  # once


@pytest.mark.parametrize("trouble", [Unreachable("slow"), Refused(400, "gone")])
async def test_a_workbook_that_cannot_be_fetched_is_answered(
    desk: DeskUnderTest, manager: Visitor, trouble: Exception
) -> None:
    prompt, _content = await book_of(desk, manager)
    said = await sent(desk, manager, prompt, trouble)
    if not said:
        desk.now += timedelta(hours=2)
        said = await desk.round(open_catalogue_books)
    assert "یک بار دیگر بفرستید" in plain(said[-1].text)
    assert await states(desk) == ["refused"]


async def test_the_page_of_the_catalogue_leads_to_the_meter(manager: Visitor) -> None:
    await manager.press_data("kto:kanoon")
    standing = manager.last
    assert standing is not None
    assert "کاتالوگ همراه برنامه" in plain(standing.text)
    meter = await manager.press("آنچه هنوز گفته نشده", standing)
    assert "اعلام نشده: هزینه" in plain(meter.text)


async def test_what_was_asked_in_vain_comes_first_in_the_meter(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    asked = [
        AskedQuestion(number, desk.now.date(), "kanoon", text, Outcome.UNANSWERED, None)
        for number, text in enumerate(["قانون این خدمت چیست؟", "مبنای قانونی آن کدام است؟"], 1)
    ]
    async with desk.database.transaction() as tx:
        await catalogues.keep_questions(tx, asked)
    page = (await manager.press_data("ktm:kanoon:0"))[-1]
    missing = [line for line in plain(page.text).splitlines() if "قوانین" in line]
    assert missing
    assert all(line.startswith("اعلام نشده: قوانین") for line in missing)
