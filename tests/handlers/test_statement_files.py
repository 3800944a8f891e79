"""One's own statement as a file: right to the rial, harmless to open, and nobody else's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.catalogue.model import OfficeCatalogue
from bot.citizens.errors import SlowDown
from bot.citizens.model import CitizenId
from bot.kit.tracking import shown
from bot.wallet import use_cases as wallet
from bot.wallet.model import (
    Balance,
    Bucket,
    Hold,
    HoldId,
    HoldState,
    JournalId,
    Line,
    Note,
    Statement,
    StatementSpan,
    TransferCode,
)
from handlers.callback_data import StaleButton
from handlers.callback_data.wallet import StatementFilePressed, StatementFilesPressed
from handlers.files.rendering import Files
from handlers.views.wallet.statement_files import StatementPaper, as_page, as_xlsx
from tests.handlers.conftest import Shipped
from tests.handlers.support import GROUP_ID, NOW, DeskUnderTest, Said, Visitor, faults_of, plain
from tests.wallet import support

CHAT = 777_000_123_457
HOSTILE = ["=1+1", "+98", "@SUM(A1)", "<script>alert(1)</script>", '"><img src=x onerror=1>']


def line(
    number: int, amount_rial: int, balance_rial: int, reason: str = "واریز به کیف پول"
) -> Line:
    return Line(
        id=number,
        at=NOW + timedelta(minutes=number),
        amount_rial=amount_rial,
        bucket=Bucket.CASH,
        code=TransferCode.TOP_UP if amount_rial > 0 else TransferCode.FEE,
        reason=reason,
        reference="matter:1",
        journal_id=JournalId("K7M29QXFAT"),
        balance_rial=balance_rial,
    )


HELD = Hold(
    HoldId(1),
    "wallet:1:cash@kanoon",
    100_000,
    0,
    HoldState.OPEN,
    Note("payout:1", "درخواست واریز به حساب", "citizen:1", NOW),
    None,
)


@pytest.fixture
def paper(shipped: Shipped) -> StatementPaper:
    reasons = ["واریز به کیف پول", *HOSTILE]
    lines, balance = [], 500_000
    for number, reason in enumerate(reasons, start=1):
        amount = 1_250_005 if number % 2 else -750_000
        balance += amount
        lines.append(line(number, amount, balance, reason))
    statement = Statement(
        StatementSpan(NOW - timedelta(days=30), NOW + timedelta(hours=1)),
        500_000,
        tuple(lines),
        Balance(balance - 40_000, 40_000, 100_000),
        (HELD,),
        is_cut=False,
    )
    return StatementPaper(shipped.words["fa"], kanoon(shipped), statement, CHAT)


def kanoon(shipped: Shipped) -> OfficeCatalogue:
    return shipped.catalogue.published_by("kanoon")


def opened(content: bytes) -> Worksheet:
    sheet = load_workbook(BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


class Page(HTMLParser):
    """What a browser makes of a page: its rows, and whatever it would fetch or run."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip().replace("\u00a0", " ")


def test_a_sheet_reads_back_what_came_and_went_to_the_rial(paper: StatementPaper) -> None:
    sheet = opened(as_xlsx(paper))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (head,) = [number for number, row in enumerate(rows) if row[0] == "تاریخ و ساعت"]
    listed = rows[head + 1 :]
    assert len(listed) == len(paper.statement.lines)
    for row, one in zip(listed, paper.statement.lines, strict=True):
        assert row[5] == one.amount_rial
        assert row[6] == int(one.amount_rial / 10)
        assert row[7] == one.balance_rial
        assert row[4] == "K7M29-QXFAT"
    assert listed[0][0] == "۱۴۰۵/۰۹/۰۱ ۱۲:۳۱"
    assert sheet.sheet_view.rightToLeft


def test_no_cell_of_a_sheet_is_a_formula_or_leads_elsewhere(paper: StatementPaper) -> None:
    cells = [cell for row in opened(as_xlsx(paper)).iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert set(HOSTILE) <= {cell.value for cell in cells}


def test_a_page_says_the_same_and_runs_and_fetches_nothing(paper: StatementPaper) -> None:
    content = as_page(paper)
    page = Page(content)
    lines = [row for row in page.rows if len(row) == 6][1:]
    assert len(lines) == len(paper.statement.lines)
    assert lines[0][0] == "۱۴۰۵/۰۹/۰۱ ۱۲:۳۱"
    assert lines[0][4] == "\u200e+۱٬۲۵۰٬۰۰۵ ریال (۱۲۵٬۰۰۰ تومان)"
    assert lines[1][4] == "\u200e−۷۵۰٬۰۰۰ ریال (۷۵٬۰۰۰ تومان)"
    assert [row[2] for row in lines][1:] == HOSTILE
    assert not page.tags & {"script", "img", "link", "iframe", "a", "base", "form"}
    assert not page.attributes & {"src", "href", "onerror", "onload", "style"}
    for foreign in (b"url(", b"@import", b"http:", b"https:"):
        assert foreign not in content


def test_both_name_the_office_and_of_the_chat_only_the_end(paper: StatementPaper) -> None:
    page, sheet = as_page(paper).decode(), opened(as_xlsx(paper))
    cells = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    for text in (page, cells):
        assert "کانون پرورش فکری" in text
        assert "•••••۳۴۵۷" in text
        assert str(CHAT) not in text
        assert "۷۷۷۰" not in text


def test_the_head_says_what_there_was_and_is_and_what_is_set_aside_for_what(
    paper: StatementPaper,
) -> None:
    facts = {row[0]: row[1] for row in Page(as_page(paper)).rows if len(row) == 2}
    closing = paper.statement.closing_rial
    assert facts["موجودی آغاز"].startswith("۵۰۰٬۰۰۰ ریال (۵۰٬۰۰۰ تومان)")
    assert closing == 500_000 + sum(one.amount_rial for one in paper.statement.lines)
    assert "۱۰۰٬۰۰۰ ریال (۱۰٬۰۰۰ تومان): درخواست واریز به حساب" in facts.values()
    assert facts["بازه"] == "از ۱ آبان ۱۴۰۵ تا ۱ آذر ۱۴۰۵"
    assert "۱ آذر ۱۴۰۵، ساعت ۱۳:۳۰" in facts["زمان تهیه"]
    assert "توجه" in facts, "the office's policy is a sample"


def test_what_does_not_fit_is_said(paper: StatementPaper) -> None:
    cut = replace(paper, statement=replace(paper.statement, is_cut=True))
    assert "۶ ردیف آخر" in as_page(cut).decode()
    assert "ردیف آخر" not in as_page(paper).decode()


def test_five_thousand_lines_of_the_largest_amounts_are_written(paper: StatementPaper) -> None:
    many = tuple(line(number, 10**13, number * 10**13) for number in range(1, 5_001))
    large = replace(paper, statement=replace(paper.statement, lines=many))
    assert opened(as_xlsx(large)).max_row > 5_000
    assert as_page(large).count(b'class="when"') == 5_000


async def test_a_statement_holds_what_happened_between_two_moments(desk: DeskUnderTest) -> None:
    citizen_id = CitizenId(100)
    moments = [NOW - timedelta(days=days) for days in (90, 40, 20, 10)]
    async with desk.database.transaction() as tx:
        for amount, moment in zip((100, 2_000, 30_000, 400_000), moments, strict=True):
            await support.top_up(tx, amount, citizen_id, now=moment)
        await support.grant(tx, 5_000_000, citizen_id, now=moments[2])
        await support.hold(tx, 50, citizen_id, now=NOW - timedelta(days=1))
        await support.hold(tx, 7, citizen_id, now=NOW + timedelta(days=1))

    async def between(span: StatementSpan, limit: int = 100) -> Statement:
        async with desk.database.reading() as tx:
            return await wallet.statement_between(
                tx, office_id="kanoon", citizen_id=citizen_id, span=span, limit=limit
            )

    found = await between(StatementSpan(moments[1], NOW))
    assert found.opening_rial == 100
    assert [one.amount_rial for one in found.lines] == [2_000, 30_000, 5_000_000, 400_000]
    assert found.closing == Balance(432_100, 5_000_000, 50)
    assert found.closing_rial == found.lines[-1].balance_rial
    assert not found.is_cut
    whole = await between(StatementSpan(None, NOW))
    assert (whole.opening_rial, len(whole.lines)) == (0, 5)
    quiet = await between(StatementSpan(NOW - timedelta(days=5), NOW))
    assert (quiet.lines, quiet.opening_rial) == ((), 5_432_100)
    cut = await between(StatementSpan(None, NOW), limit=2)
    assert cut.is_cut
    assert cut.opening_rial == 32_100
    assert cut.opening_rial + sum(one.amount_rial for one in cut.lines) == cut.closing_rial
    past = await between(StatementSpan(None, moments[1]))
    assert past.closing == Balance(2_100, 0, 0)


async def asked_for(desk: DeskUnderTest, person: Visitor, label: str) -> tuple[Said, bytes]:
    """Press through to a file, and let the sender make it."""
    await person.say("/wallet")
    await person.press("صورتحساب")
    page = await person.press("فایل صورتحساب")
    assert not faults_of(page)
    said = await person.press(label)
    return said, await made(desk, said)


async def made(desk: DeskUnderTest, said: Said) -> bytes:
    described: dict[str, Any] = said.params["document"]
    content = await Files(desk.shared, desk.database).make(
        described["made_of"], described["id"], described
    )
    assert content is not None
    return content


async def test_a_citizen_takes_their_statement_along_in_either_form(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    async with desk.database.transaction() as tx:
        journal = await support.top_up(tx, 1_250_000, CitizenId(sara.id), now=NOW)
    said, content = await asked_for(desk, sara, "سه ماه، چاپی")
    assert said.method == "sendDocument"
    assert said.params["document"]["name"] == "statement-kanoon-14050901.html"
    assert "file_base64" not in said.params["document"], "the file is made when it is sent"
    assert shown(journal.id) in content.decode()
    assert "از ۱ شهریور ۱۴۰۵" in content.decode()
    _said, content = await asked_for(desk, sara, "همه، اکسل")
    values = [cell.value for row in opened(content).iter_rows() for cell in row]
    assert 1_250_000 in values
    assert not faults_of(said)


async def test_what_happens_after_it_was_asked_for_is_not_in_it(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    async with desk.database.transaction() as tx:
        await support.top_up(tx, 500, CitizenId(sara.id), now=NOW)
    said, first = await asked_for(desk, sara, "همه، چاپی")
    async with desk.database.transaction() as tx:
        later = NOW + timedelta(seconds=1)
        await support.top_up(tx, 900, CitizenId(sara.id), now=later)
        await support.hold(tx, 100, CitizenId(sara.id), now=later)
    assert await made(desk, said) == first


async def test_whoever_presses_gets_their_own_and_in_private_alone(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    thief = desk.person(771_234_562)
    async with desk.database.transaction() as tx:
        await support.top_up(tx, 1_000_003, CitizenId(sara.id), now=NOW)
    (said,) = await thief.press_data(StatementFilePressed("kanoon", "0", "html").pack())
    assert said.params["document"]["id"] == thief.id
    assert "۰۰۳" not in (await made(desk, said)).decode()
    (member,) = desk.group(GROUP_ID, sara.id)
    for data in (
        StatementFilePressed("kanoon", "0", "html").pack(),
        StatementFilesPressed("kanoon").pack(),
    ):
        assert not [one for one in await member.press_data(data) if one.method == "sendDocument"]
        assert isinstance(desk.refused.pop(), StaleButton)


@pytest.mark.parametrize(
    "data",
    [
        "wsg:kanoon:0:exe",
        "wsg:kanoon:2:html",
        "wsg:mazandaran:0:html",
        "wsf:nowhere",
        "wsg:kanoon",
    ],
)
async def test_a_forged_choice_is_refused(desk: DeskUnderTest, sara: Visitor, data: str) -> None:
    await sara.press_data(data)
    assert isinstance(desk.refused[-1], StaleButton)


async def test_ten_files_an_hour_are_enough(desk: DeskUnderTest, sara: Visitor) -> None:
    data = StatementFilePressed("kanoon", "1", "xlsx").pack()
    for _ in range(10):
        assert (await sara.press_data(data))[0].method == "sendDocument"
    (refused,) = await sara.press_data(data)
    assert isinstance(desk.refused[-1], SlowDown)
    assert plain(refused.text)
    desk.now = NOW + timedelta(hours=2)
    assert (await sara.press_data(data))[0].method == "sendDocument"


async def test_an_office_that_is_gone_has_no_file(desk: DeskUnderTest) -> None:
    until = datetime(2026, 11, 22, tzinfo=UTC).isoformat()
    more = {"office": "gone", "since": None, "until": until, "language": "fa"}
    files = Files(desk.shared, desk.database)
    assert await files.make("statement_page", 100, more) is None
    assert await files.make("nonsense", 100, more) is None
