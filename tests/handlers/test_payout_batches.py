"""Files for the bank: made once of what was shown, for one person, and kept nowhere."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.citizens import use_cases as citizens
from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.tracking import shown
from bot.outbox import use_cases as outbox
from bot.outbox.model import OutgoingMessage, Results
from bot.wallet.errors import NoSuchBatch, NothingToSend
from bot.wallet.model import BatchId, BatchRow, PayoutBatch, PayoutState
from bot.wallet.use_cases import payout_batches
from handlers.callback_data import StaleButton
from handlers.callback_data.payouts import BatchSentAgain, ExportConfirmed, PayoutVerb
from handlers.files.rendering import Files
from handlers.jobs.undelivered import report_undelivered
from handlers.staff.money import payout_lists
from handlers.views.wallet.payout_batch import as_xlsx
from tests.handlers.desk_support import OFFICER, Officer, told
from tests.handlers.payout_support import (
    FINANCE,
    IBAN,
    MANAGER,
    OTHER_IBAN,
    OWNER,
    REZA,
    SARA,
    SECOND_FINANCE,
    act,
    approved,
    assert_right,
    batches,
    exported,
    kept,
    now,
    press,
    request,
    sound,
    staffed,
    tap,
    toast,
)
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, plain

Team = tuple[Officer, Officer, Officer]


@pytest.fixture
async def team(desk: DeskUnderTest) -> Team:
    return await staffed(desk)


def files_for(desk: DeskUnderTest, person_id: int) -> list[Said]:
    """The files that wait for a person in their private chat."""
    return [said for said in desk.heard[person_id] if said.method == "sendDocument"]


async def made(desk: DeskUnderTest, said: Said) -> bytes | None:
    """Make a file as the sender does."""
    file = said.params["document"]
    return await Files(desk.shared, desk.database).make(file["made_of"], file["id"], file)


def cells(content: bytes) -> list[tuple[object, ...]]:
    book = load_workbook(BytesIO(content))
    (sheet,) = book.worksheets
    assert sheet.sheet_view.rightToLeft
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


async def test_what_is_approved_goes_to_the_bank_in_one_file_for_who_confirmed(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, other, _manager = team
    first = await request(desk)
    second = await request(desk, REZA, "200000 تومان", OTHER_IBAN)
    waiting = await request(desk, SARA + 9)
    for payout in (first, second):
        await approved(finance, payout)
    lists = sound([await other.visitor.say("/payouts")])
    asked = await tap(other.visitor, lists, "mpe")
    assert "۲ درخواست تأییدشده" in plain(asked.text)
    assert "۷٬۰۰۰٬۰۰۰ ریال" in plain(asked.text)
    assert not await batches(desk), "it is asked first"
    page = await tap(other.visitor, asked, "mpx")
    (batch,) = await batches(desk)
    assert (batch.count, batch.total_rial, batch.created_by) == (2, 7_000_000, SECOND_FINANCE)
    assert shown(batch.code) in page.text
    assert "گفت‌وگوی خصوصی" in page.text
    for payout, state in (
        (first, PayoutState.SENT),
        (second, PayoutState.SENT),
        (waiting, PayoutState.REQUESTED),
    ):
        assert (await now(desk, payout)).state is state
    assert "به بانک فرستاده شد" in told(desk, SARA)[-1]
    assert "به بانک فرستاده شد" in told(desk, REZA)[-1]
    assert not files_for(desk, FINANCE)
    (file,) = files_for(desk, SECOND_FINANCE)
    assert IBAN[2:] not in repr(file.params)
    content = await made(desk, file)
    assert content is not None
    head, *rows = cells(content)
    assert head == ("ردیف", "شبا", "صاحب حساب", "مبلغ (ریال)", "کد درخواست")
    assert rows == [
        (1, IBAN, OWNER, 5_000_000, shown(first.code)),
        (2, OTHER_IBAN, OWNER, 2_000_000, shown(second.code)),
    ]
    assert await made(desk, file) is not None, "a sender that failed may ask again"
    await assert_right(desk)


async def test_a_second_tap_and_a_second_person_send_nothing_twice(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, other, _manager = team
    payout = await request(desk)
    await approved(finance, payout)
    asked = sound(await finance.visitor.press_data("mpe:kanoon"))
    await tap(finance.visitor, asked, "mpx")
    before, heard = await kept(desk), len(desk.heard[SARA])
    for person in (finance, other):
        page = await tap(person.visitor, asked, "mpx")
        assert "دوباره فرستاده نشد" in toast(desk)
        assert "فایل بانک" in page.text
    assert await kept(desk) == before
    assert len(desk.heard[SARA]) == heard
    assert not files_for(desk, SECOND_FINANCE), "who confirmed has it; others ask for it"
    await finance.visitor.press_data("mpe:kanoon")
    assert isinstance(desk.refused[-1], NothingToSend)


async def test_what_changed_since_it_was_shown_is_shown_again_before_it_is_sent(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, other, manager = team
    first, second = await request(desk), await request(desk, REZA, iban=OTHER_IBAN)
    await approved(finance, first)
    asked = sound(await finance.visitor.press_data("mpe:kanoon"))
    await approved(other, second)
    again = await tap(finance.visitor, asked, "mpx")
    assert "تغییر کرده" in toast(desk)
    assert "۲ درخواست" in plain(again.text)
    desk.now += timedelta(minutes=1)
    await act(manager, second, PayoutVerb.RECALL, "یک بار دیگر ببینید")
    await press(finance, second, PayoutVerb.APPROVE)
    again = await tap(finance.visitor, again, "mpx")
    assert "تغییر کرده" in toast(desk), "the same payout, but another approval of it"
    assert not await batches(desk)
    await tap(finance.visitor, again, "mpx")
    assert [batch.count for batch in await batches(desk)] == [2]


async def test_ones_own_is_left_to_a_colleague(desk: DeskUnderTest, team: Team) -> None:
    finance, other, _manager = team
    own = await request(desk, FINANCE)
    theirs = await request(desk, REZA, iban=OTHER_IBAN)
    for payout in (own, theirs):
        await approved(other, payout)
    asked = sound(await finance.visitor.press_data("mpe:kanoon"))
    assert "۱ درخواست" in plain(asked.text)
    await tap(other.visitor, asked, "mpx")
    assert "تغییر کرده" in toast(desk), "for a colleague there are two"
    await tap(finance.visitor, asked, "mpx")
    assert (await now(desk, own)).state is PayoutState.APPROVED
    assert (await now(desk, theirs)).state is PayoutState.SENT


async def test_several_of_ones_own_take_no_room_of_what_is_shown_and_sent(
    desk: DeskUnderTest, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (payout_lists, payout_batches):
        monkeypatch.setattr(module, "BATCH_MAX", 2)
    finance, other, _manager = team
    own = [await request(desk, FINANCE) for _ in range(2)]
    theirs = [await request(desk, REZA, iban=OTHER_IBAN) for _ in range(2)]
    for payout in (*own, *theirs):
        await approved(other, payout)
    asked = sound(await finance.visitor.press_data("mpe:kanoon"))
    assert "۲ درخواست" in plain(asked.text)
    await tap(finance.visitor, asked, "mpx")
    assert [batch.count for batch in await batches(desk)] == [2]
    assert {(await now(desk, payout)).state for payout in theirs} == {PayoutState.SENT}


async def test_only_finance_sends_to_the_bank_and_reads_the_file(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, manager = team
    payout = await request(desk)
    await approved(finance, payout)
    officer = await Officer.at(desk, OFFICER + 100, group_id=GROUP_ID)
    asked = sound(await finance.visitor.press_data("mpe:kanoon"))
    confirm = next(data for data in asked.presses if data.startswith("mpx"))
    before = await kept(desk)
    for person in (manager, officer):
        for data in ("mpe:kanoon", confirm):
            await person.visitor.press_data(data)
            assert isinstance(desk.refused[-1], StaffOnly)
    for forged in ("", "0" * 16, "\0"):
        said = await finance.visitor.press_data(ExportConfirmed("kanoon", forged).pack())
        assert "تغییر کرده" in toast(desk), said
    assert await kept(desk) == before
    await tap(finance.visitor, asked, "mpx")
    (batch,) = await batches(desk)
    for person in (manager, officer):
        await person.visitor.press_data(BatchSentAgain(str(batch.id)).pack())
        assert isinstance(desk.refused[-1], StaffOnly)
        assert not files_for(desk, person.visitor.id)
    await desk.open_desk(-1009, "mazandaran")
    stranger = await Officer.at(desk, 2500, "mazandaran", role=Role.FINANCE, group_id=-1009)
    for number in (str(batch.id), "999", str(2**62)):
        await stranger.visitor.press_data(BatchSentAgain(number).pack())
        assert isinstance(desk.refused[-1], NoSuchBatch)
    await stranger.visitor.press_data(BatchSentAgain("x").pack())
    assert isinstance(desk.refused[-1], StaleButton)
    assert not files_for(desk, 2500)


async def test_the_file_is_had_again_and_that_is_recorded(desk: DeskUnderTest, team: Team) -> None:
    finance, other, _manager = team
    await approved(finance, await request(desk))
    await exported(finance)
    lists = sound([await other.visitor.say("/payouts")])
    listed = await tap(other.visitor, lists, "mpl")
    assert "Staff 2001" in plain(listed.text)
    await tap(other.visitor, listed, "mpb")
    (again,) = files_for(desk, SECOND_FINANCE)
    (first,) = files_for(desk, FINANCE)
    contents = [await made(desk, file) for file in (first, again)]
    assert None not in contents
    assert [cells(content or b"") for content in contents] == [cells(contents[0] or b"")] * 2
    async with desk.database.reading() as tx:
        entries = await citizens.audit_of(tx, office_id="kanoon", limit=1)
    assert [(entry.actor_id, entry.action) for entry in entries] == [
        (SECOND_FINANCE, "payout.file")
    ]


async def test_who_is_no_longer_of_finance_gets_no_file_that_waits_for_them(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    await approved(finance, await request(desk))
    await exported(finance)
    (file,) = files_for(desk, FINANCE)
    assert await made(desk, file) is not None
    actor = Staff(CitizenId(MANAGER), "kanoon", Role.MANAGER, "Manager")
    async with desk.database.transaction() as tx:
        await citizens.dismiss(
            tx,
            citizen_id=CitizenId(FINANCE),
            office_id="kanoon",
            role=Role.FINANCE,
            actor=actor,
            now=desk.now,
        )
    assert await made(desk, file) is None
    file.params["document"]["for"] = MANAGER
    assert await made(desk, file) is None, "a manager pays nobody"
    file.params["document"] |= {"for": SECOND_FINANCE, "id": 99}
    assert await made(desk, file) is None


async def test_a_file_that_did_not_arrive_is_told_with_the_way_to_it(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    payout = await request(desk)
    await approved(finance, payout)
    await exported(finance)
    (file,) = files_for(desk, FINANCE)
    stray = OutgoingMessage(REZA, "sendMessage", {}, about=f"payout:{payout.code}")
    async with desk.database.transaction() as tx:
        await outbox.queue(tx, "stray", [stray], desk.now)
        while claimed := await outbox.claim(tx, desk.now, 99):
            lost = [one.id for one in claimed if one.about and one.chat_id > 0]
            sent = [one.id for one in claimed if one.id not in lost]
            dead = dict.fromkeys(lost, "Forbidden: bot can't initiate conversation with a user")
            await outbox.record(tx, Results(sent=sent, dead=dead), desk.now)
    reports = [said for said in await desk.round(report_undelivered) if said.chat_id == GROUP_ID]
    assert len(reports) == 3, "approved, sent, the file; none of who has no part in it"
    *_, of_news = (said for said in reports if said.about == stray.about)
    (of_file,) = (said for said in reports if said.about == file.about)
    assert "شروع" in of_file.text
    assert "Staff 2001" in plain(of_file.text)
    assert any(data.startswith("mpb:") for data in of_file.presses)
    assert "https://t.me/" in " ".join(of_file.buttons.values())
    assert shown(payout.code) in of_news.text
    assert str(SARA) not in repr(of_news.params)
    assert await desk.round(report_undelivered) == []
    await tap(finance.visitor, of_file, "mpb")
    assert len(files_for(desk, FINANCE)) == 2


def test_no_name_is_a_formula_and_no_account_a_number(desk: DeskUnderTest) -> None:
    words = desk.shared.words["fa"]
    published = desk.shared.catalogue.published_by("kanoon")
    names = ['=HYPERLINK("http://x")', "+1", "@SUM(A1)", "-2+3", "http://x.example", "{=1}"]
    rows = [BatchRow("K7M29QXFAT", 10**13, IBAN, name) for name in names]
    batch = PayoutBatch(BatchId(1), "K7M29QXFAT", "kanoon", 6, 1, CitizenId(1), desk.now)
    content = as_xlsx(words, published, batch, rows)
    _head, *written = cells(content)
    assert [row[2] for row in written] == names
    assert {row[1] for row in written} == {IBAN}
    assert {row[3] for row in written} == {10**13}
    book = load_workbook(BytesIO(content))
    assert not [cell for row in book.worksheets[0] for cell in row if cell.hyperlink]
