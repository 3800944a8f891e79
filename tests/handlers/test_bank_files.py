"""Bank files in the admin chat: a reply with a file, what it led to, and nobody's money."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from bot.catalogue.loader import load_catalogue
from bot.citizens.errors import NotInDeskChat, StaffOnly
from bot.citizens.model import CitizenId, Role
from bot.citizens.tables import staff_role
from bot.kit.tracking import shown
from bot.messenger.errors import FileTooBig, Refused, Unreachable
from bot.wallet import use_cases as wallet
from bot.wallet.errors import BankFileUnreadable, LineMoved, NoSuchBankLine
from bot.wallet.model import (
    Balance,
    BankFileState,
    BankLine,
    PayoutState,
    TopUp,
    TopUpLimits,
    TopUpState,
)
from bot.wallet.tables import bank_file, bank_line
from handlers.by_hand import money as by_hand_money
from handlers.by_hand import records as by_hand
from handlers.callback_data import StaleButton
from handlers.callback_data.bank_files import (
    BankFileAsked,
    FindingsPressed,
    SendBackPressed,
    SuspensePressed,
)
from handlers.jobs.bank_files import open_bank_files
from tests.handlers.desk_support import GROUP_ID, Officer
from tests.handlers.support import (
    NOW,
    DeskUnderTest,
    Said,
    Visitor,
    faults_of,
    plain,
)
from tests.keys_support import write_keys
from tests.wallet.bank_support import HEADINGS, book, imported, line
from tests.wallet.payout_support import payout_in

FINANCE, OFFICER, MANAGER, CITIZEN = 801, 802, 803, 100
REFERENCE, AMOUNT = "140509018765", 500_000
ROOT = Path(__file__).parent.parent.parent
IBAN = "IR050170000000123456789012"


class Post:
    """The messenger, which gives the files that were sent, or does not."""

    def __init__(self) -> None:
        self.files: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []

    async def fetch(self, file_id: str) -> bytes:
        self.asked.append(file_id)
        found = self.files[file_id]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def post(desk: DeskUnderTest) -> Post:
    post = Post()
    desk.shared.fetch_file = post.fetch
    return post


@pytest.fixture
async def finance(desk: DeskUnderTest) -> Visitor:
    await desk.open_desk(GROUP_ID)
    return (await Officer.at(desk, FINANCE, role=Role.FINANCE)).visitor


@pytest.fixture
async def manager(desk: DeskUnderTest, finance: Visitor) -> Visitor:
    del finance
    return (await Officer.at(desk, MANAGER, role=Role.MANAGER)).visitor


def sheet(*rows: Sequence[object]) -> bytes:
    return book([HEADINGS, *rows])


def row(reference: str, amount_rial: int, note: str = "") -> tuple[object, ...]:
    moved = (amount_rial, None) if amount_rial > 0 else (None, -amount_rial)
    return ("1405/09/01", reference, *moved, note, "")


async def prompted(person: Visitor, kind: str = "bank") -> Said:
    (prompt,) = await person.press_data(BankFileAsked("kanoon", kind).pack())
    assert not faults_of(prompt)
    return prompt


async def sent(person: Visitor, prompt: Said, file_id: str = "F1", **more: object) -> list[Said]:
    """Send a file in reply to a prompt."""
    document = {"file_id": file_id, "file_unique_id": file_id, "file_name": "گردش.xlsx", **more}
    original = {
        "message_id": prompt.message_id,
        "date": 1,
        "chat": person.chat,
        "from": {"id": 1, "is_bot": True, "first_name": "Mizban"},
        "text": "…",
    }
    return await person.send(document=document, reply_to_message=original)


async def answer_to(
    desk: DeskUnderTest, post: Post, person: Visitor, content: "bytes | Exception", **more: str
) -> str:
    """Send a file and let the round open it; gives what is said to it."""
    post.files["F1"] = content
    await sent(person, await prompted(person, **more))
    (said,) = [one for one in await desk.round(open_bank_files) if one.chat_id == GROUP_ID]
    assert not faults_of(said)
    return plain(said.text)


async def claim(desk: DeskUnderTest, reference: str = REFERENCE, **wanted: int) -> TopUp:
    async with desk.database.transaction() as tx:
        return await wallet.claim_reference(
            tx,
            office_id="kanoon",
            citizen_id=CitizenId(wanted.get("citizen_id", CITIZEN)),
            amount_rial=wanted.get("amount_rial", AMOUNT),
            reference=reference,
            limits=TopUpLimits(1, 200_000_000),
            now=desk.now,
        )


async def suspended(desk: DeskUnderTest, *references: str) -> list[BankLine]:
    async with desk.database.transaction() as tx:
        await imported(tx, *[line(one, AMOUNT) for one in references], actor=None)
        return await wallet.suspense_lines(tx, office_id="kanoon", limit=100)


async def state_of_file(desk: DeskUnderTest) -> list[BankFileState]:
    async with desk.database.reading() as tx:
        rows = await tx.execute(select(bank_file.c.state).order_by(bank_file.c.id))
        return [BankFileState(row.state) for row in rows]


async def test_a_file_confirms_who_waits_and_says_what_differs(
    desk: DeskUnderTest, post: Post, finance: Visitor
) -> None:
    claimed = await claim(desk)
    async with desk.database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.SENT, 300, CitizenId(101))
    content = sheet(
        row(REFERENCE, AMOUNT, "از سارا نمونه‌زاده"),
        row("99990001", 70_000),
        row("99990002", -300, f"واریز {shown(payout.code)}"),
        row("99990003", -4_000, IBAN),
    )
    (kinds,) = await finance.send(
        text="/reconcile", entities=[{"type": "bot_command", "offset": 0, "length": 10}]
    )
    assert not faults_of(kinds)
    said = await answer_to(desk, post, finance, content)
    assert "۴ ردیف خوانده شد" in said
    for part in (
        "تأیید شد و به کیف پول رفت: ۱ مورد · ۵۰۰٬۰۰۰ ریال",
        "بی‌نشان: ۱ مورد · ۷۰٬۰۰۰ ریال",
        "انجام‌شده: ۱ مورد · ۳۰۰ ریال",
        "برداشت ناشناخته: ۱ مورد · ۴٬۰۰۰ ریال",
    ):
        assert part in said
    assert "99990003" in said, "what somebody must look into is shown at once"
    for secret in ("سارا", "IR05", str(CITIZEN)):
        assert secret not in said
    told = {chat: [plain(one.text) for one in desk.heard[chat]] for chat in (CITIZEN, 101)}
    assert shown(claimed.code) in told[CITIZEN][0]
    assert shown(payout.code) in told[101][0]
    async with desk.database.reading() as tx:
        assert await wallet.audit(tx) == []
        balance = await wallet.balance(tx, office_id="kanoon", citizen_id=CitizenId(CITIZEN))
    assert balance == Balance(AMOUNT, 0, 0)


async def test_the_answer_replies_to_the_file_and_the_pages_show_the_rest(
    desk: DeskUnderTest, post: Post, finance: Visitor
) -> None:
    post.files["F1"] = sheet(*[row(f"9999{number:04}", 10 + number) for number in range(11)])
    (ack,) = await sent(finance, await prompted(finance))
    assert "رسید" in ack.text
    (said,) = await desk.round(open_bank_files)
    assert said.params["reply_parameters"]["message_id"]
    assert "یک چیز می‌گویند" in plain(said.text), "nothing needs looking into"
    first = await finance.press("بی‌نشان", said)
    second = await finance.press("ادامه", first)
    listed = [part for page in (first, second) for part in plain(page.text).split("\n")[2:]]
    assert len(listed) == 11
    assert len(set(listed)) == 11
    assert not [label for label in second.buttons if "ادامه" in label]
    assert await desk.round(open_bank_files) == []


async def test_every_cell_that_is_wrong_is_named_and_nothing_is_taken(
    desk: DeskUnderTest, post: Post, finance: Visitor
) -> None:
    content = sheet(row(REFERENCE, AMOUNT), ("1405/13/40", None, "<b>x</b>", None, "", ""))
    said = await answer_to(desk, post, finance, content)
    for part in ("A3", "B3", "C3", "تاریخ خوانده نشد", "شماره مرجع خالی است"):
        assert part in said
    async with desk.database.reading() as tx:
        assert (await tx.execute(select(bank_line))).all() == []
    assert await state_of_file(desk) == [BankFileState.REFUSED]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7", "XLSX"),
        ("تاريخ,مبلغ".encode("cp1256"), "UTF-8"),
        (book([["تاریخ", "شماره مرجع", "مبلغ"], ["=1+1", "1", "1"]]), "فرمول"),
        (FileTooBig(2 * 1024 * 1024), "دو مگابایت"),
        (Refused(400, "Bad Request: file is temporarily unavailable"), "گرفته نشد"),
    ],
    ids=["a pdf", "another encoding", "a formula", "too big", "gone"],
)
async def test_what_is_no_file_of_a_bank_is_said_in_words(
    desk: DeskUnderTest, post: Post, finance: Visitor, content: "bytes | Exception", word: str
) -> None:
    assert word in await answer_to(desk, post, finance, content)
    assert await desk.round(open_bank_files) == []


async def test_a_messenger_that_does_not_answer_is_asked_again_for_an_hour(
    desk: DeskUnderTest, post: Post, finance: Visitor
) -> None:
    post.files["F1"] = Unreachable("timed out", is_timeout=True)
    await sent(finance, await prompted(finance))
    assert await desk.round(open_bank_files) == []
    assert await state_of_file(desk) == [BankFileState.RECEIVED]
    desk.now = NOW + timedelta(minutes=61)
    (said,) = await desk.round(open_bank_files)
    assert "/reconcile" in said.text
    assert await state_of_file(desk) == [BankFileState.LOST]


async def test_a_file_is_fetched_outside_of_any_transaction(
    desk: DeskUnderTest, post: Post, finance: Visitor
) -> None:
    post.files["F1"] = sheet(row(REFERENCE, AMOUNT))
    await sent(finance, await prompted(finance))
    writes = []

    async def fetch(file_id: str) -> bytes:
        async with asyncio.timeout(5), desk.database.transaction():
            writes.append(file_id)
        return await post.fetch(file_id)

    desk.shared.fetch_file = fetch
    await desk.round(open_bank_files)
    assert writes == ["F1"]


async def test_two_rounds_at_once_take_a_file_up_once(
    desk: DeskUnderTest, post: Post, finance: Visitor
) -> None:
    claimed = await claim(desk)
    post.files["F1"] = sheet(row(REFERENCE, AMOUNT), *[row(f"888{n:05}", 7) for n in range(120)])
    await sent(finance, await prompted(finance))
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(open_bank_files(desk.shared, desk.database, desk.now))
    said = await desk.round(open_bank_files)
    assert said == []
    async with desk.database.reading() as tx:
        assert await wallet.audit(tx) == []
        assert (await wallet.top_up(tx, code=claimed.code)).state is TopUpState.VERIFIED
        assert (await wallet.suspense_sum(tx, office_id="kanoon")).count == 120


async def test_a_round_that_was_interrupted_goes_on_and_tells_all_of_it(
    desk: DeskUnderTest, post: Post, finance: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = await claim(desk)
    rows = [row(REFERENCE, AMOUNT), *[row(f"888{number:05}", 7) for number in range(110)]]
    post.files["F1"] = sheet(*rows)
    await sent(finance, await prompted(finance))
    attempt, calls = desk.database.attempt, []

    async def stumble(unit: object) -> object:
        calls.append(unit)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return await attempt(unit)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(desk.database, "attempt", stumble)
    with pytest.raises(KeyboardInterrupt):
        await open_bank_files(desk.shared, desk.database, desk.now)
    monkeypatch.undo()
    said = await desk.round(open_bank_files)
    (text,) = [plain(one.text) for one in said if one.chat_id == GROUP_ID]
    assert "تأیید شد و به کیف پول رفت: ۱ مورد" in text
    assert "بی‌نشان: ۱۱۰ مورد" in text
    told = [one for one in desk.heard[CITIZEN] if shown(claimed.code) in one.text]
    assert len(told) <= 1


async def test_a_file_that_meets_a_fault_of_ours_is_given_up_after_an_hour_and_counts_once(
    desk: DeskUnderTest, post: Post, finance: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = await claim(desk)
    rows = [row(REFERENCE, AMOUNT), *[row(f"888{number:05}", 7) for number in range(60)]]
    post.files["F1"] = sheet(*rows)
    await sent(finance, await prompted(finance))
    attempt, calls = desk.database.attempt, []

    async def stumble(unit: object) -> object:
        calls.append(unit)
        if len(calls) > 2:
            raise ZeroDivisionError
        return await attempt(unit)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(desk.database, "attempt", stumble)
    said = await desk.round(open_bank_files)
    assert [one for one in said if one.chat_id == GROUP_ID] == []
    desk.now = NOW + timedelta(minutes=61)
    (text,) = [one.text for one in await desk.round(open_bank_files) if one.chat_id == GROUP_ID]
    assert "خطایی از سوی ما" in text
    assert await state_of_file(desk) == [BankFileState.LOST]
    monkeypatch.undo()
    assert await desk.round(open_bank_files) == [], "it is not tried for ever"
    post.files["F2"] = sheet(*rows)
    await sent(finance, await prompted(finance), file_id="F2")
    await desk.round(open_bank_files)
    async with desk.database.reading() as tx:
        assert await wallet.audit(tx) == []
        assert (await wallet.top_up(tx, code=claimed.code)).state is TopUpState.VERIFIED
        assert (await wallet.suspense_sum(tx, office_id="kanoon")).count == 60


async def test_who_has_lost_the_role_meanwhile_imports_nothing(
    desk: DeskUnderTest, post: Post, finance: Visitor, manager: Visitor
) -> None:
    del manager
    post.files["F1"] = sheet(row(REFERENCE, AMOUNT))
    await sent(finance, await prompted(finance))
    async with desk.database.transaction() as tx:
        await tx.execute(delete(staff_role).where(staff_role.c.citizen_id == FINANCE))
    (said,) = await desk.round(open_bank_files)
    assert "امور مالی" in plain(said.text)
    assert await state_of_file(desk) == [BankFileState.REFUSED]


async def test_a_file_that_nobody_asked_for_is_not_taken(
    desk: DeskUnderTest, post: Post, finance: Visitor
) -> None:
    document = {"file_id": "F9", "file_unique_id": "F9", "file_name": "x.xlsx"}
    await finance.send(document=document)
    assert await state_of_file(desk) == []
    await desk.round(open_bank_files)
    assert post.asked == []


@pytest.mark.parametrize("content", [{"photo": []}, {"text": "بفرمایید"}, {"sticker": None}])
async def test_anything_but_a_file_in_reply_to_the_prompt_is_not_taken(
    desk: DeskUnderTest, finance: Visitor, content: dict[str, object]
) -> None:
    prompt = await prompted(finance)
    size = {"file_id": "P", "file_unique_id": "P", "width": 1, "height": 1}
    filled: dict[str, object] = dict(content)
    if "photo" in filled:
        filled["photo"] = [size]
    if "sticker" in filled:
        more = {"type": "regular", "is_animated": False, "is_video": False}
        filled["sticker"] = {**size, **more}
    original = {
        "message_id": prompt.message_id,
        "date": 1,
        "chat": finance.chat,
        "from": {"id": 1, "is_bot": True, "first_name": "Mizban"},
        "text": "…",
    }
    (said,) = await finance.send(**filled, reply_to_message=original)
    assert "XLSX" in said.text
    assert await state_of_file(desk) == []


async def test_a_file_of_ten_megabytes_is_refused_before_it_is_fetched(
    desk: DeskUnderTest, post: Post, finance: Visitor
) -> None:
    await sent(finance, await prompted(finance), file_size=10**7)
    assert isinstance(desk.refused.pop(), BankFileUnreadable)
    assert await state_of_file(desk) == []
    assert post.asked == []


COMMANDS = ["/reconcile", "/suspense"]


@pytest.mark.parametrize("command", COMMANDS)
async def test_the_commands_are_for_finance_and_managers_in_the_admin_chat(
    desk: DeskUnderTest, finance: Visitor, manager: Visitor, command: str
) -> None:
    for person in (finance, manager):
        assert not faults_of(await person.say(command))
    officer = (await Officer.at(desk, OFFICER)).visitor
    await officer.say(command)
    assert isinstance(desk.refused.pop(), StaffOnly)
    outsider = Officer.outsider(desk, 805).visitor
    await outsider.say(command)
    assert isinstance(desk.refused.pop(), StaffOnly)
    elsewhere = Visitor(desk, FINANCE, "fa", group_id=GROUP_ID - 1)
    await elsewhere.say(command)
    assert isinstance(desk.refused.pop(), NotInDeskChat)


@pytest.mark.parametrize(
    "data",
    [
        BankFileAsked("kanoon", "bank").pack(),
        SuspensePressed("kanoon", "0").pack(),
        FindingsPressed("1", "suspense", "0").pack(),
        SendBackPressed("1").pack(),
    ],
)
async def test_nobody_else_presses_these_buttons(
    desk: DeskUnderTest, finance: Visitor, data: str
) -> None:
    del finance
    await suspended(desk, REFERENCE)
    officer = (await Officer.at(desk, OFFICER)).visitor
    people = [officer, Officer.outsider(desk, 805).visitor, desk.person(805)]
    people.append(Visitor(desk, FINANCE, "fa", group_id=GROUP_ID - 1))
    for person in people:
        said = await person.press_data(data)
        assert isinstance(desk.refused.pop(), (StaffOnly, NotInDeskChat, StaleButton))
        assert REFERENCE not in "".join(one.text for one in said)


async def test_what_is_another_offices_is_as_good_as_none(
    desk: DeskUnderTest, finance: Visitor
) -> None:
    """A manager of both offices cannot reach the money of one from the chat of the other."""
    del finance
    await suspended(desk, REFERENCE)
    other = GROUP_ID - 5
    await desk.open_desk(other, "mazandaran")
    both = await Officer.at(desk, 900, role=Role.MANAGER, group_id=other)
    for data in (FindingsPressed("1", "suspense", "0"), SendBackPressed("1")):
        await both.visitor.press_data(data.pack())
        assert isinstance(desk.refused.pop(), NoSuchBankLine)
    for stale in (SuspensePressed("kanoon", "0"), BankFileAsked("kanoon", "bank")):
        await both.visitor.press_data(stale.pack())
        assert isinstance(desk.refused.pop(), NotInDeskChat)
    assert "کیف پول" in (await both.visitor.say("/suspense")).text


@pytest.mark.parametrize(
    "data",
    ["bk:kanoon:cash", "bk:nowhere:bank", "bf:1:nonsense:0", "bf:x:paid:0", "bs:kanoon:-1", "bb:"],
)
async def test_a_forged_button_is_refused(
    desk: DeskUnderTest, finance: Visitor, data: str
) -> None:
    await finance.press_data(data)
    assert isinstance(desk.refused.pop(), StaleButton)


async def test_money_of_nobody_is_listed_page_by_page_and_sent_back_by_a_manager(
    desk: DeskUnderTest, finance: Visitor, manager: Visitor
) -> None:
    references = [f"9999{number:04}" for number in range(8)]
    await suspended(desk, *references)
    first = await finance.say("/suspense")
    second = await finance.press("ادامه", first)
    text = plain(first.text) + plain(second.text)
    assert not [fault for page in (first, second) for fault in faults_of(page)]
    assert all(text.count(reference) == 1 for reference in references)
    assert "۸ ردیف، روی هم ۴٬۰۰۰٬۰۰۰ ریال" in text
    (back,) = [data for label, data in first.buttons.items() if "99990000" in label]
    await finance.press_data(back)
    assert isinstance(desk.refused.pop(), StaffOnly), "finance lists it, a manager sends it back"
    prompt = await manager.press("99990000", first)
    (again,) = await manager.reply_to(prompt, " ")
    assert "دلیل" in again.text
    (done,) = await manager.reply_to(prompt, "واریز <b>اشتباه</b>")
    assert "واریز <b>اشتباه</b>" in plain(done.text)
    assert not faults_of(done)
    assert "99990000" not in plain((await finance.say("/suspense")).text)
    await manager.reply_to(prompt, "دوباره")
    assert isinstance(desk.refused.pop(), LineMoved)
    async with desk.database.reading() as tx:
        assert await wallet.audit(tx) == []


async def test_from_the_shell_a_file_is_imported_and_what_differs_is_said(
    desk: DeskUnderTest, database_url: str, tmp_path: Path
) -> None:
    claimed = await claim(desk)
    path = tmp_path / "bank.xlsx"
    path.write_bytes(sheet(row(REFERENCE, AMOUNT), row("99990003", -4_000)))
    records = by_hand.open_records(
        database_url,
        "kanoon",
        catalogue=load_catalogue(ROOT / "data" / "catalogue"),
        locale_dir=ROOT / "locale",
        language="fa",
        keys=write_keys(tmp_path / "keyring.json"),
    )
    file = by_hand_money.SentFile.at(path, is_gateways=False)
    said, is_clean = await by_hand_money.reconcile(records, file, now=NOW)
    assert "99990003" in said
    assert "<" not in said
    assert not is_clean
    async with desk.database.reading() as tx:
        waiting = await wallet.top_up(tx, code=claimed.code)
        assert waiting.state is TopUpState.PENDING, "nobody of the office has confirmed it"
        assert await wallet.audit(tx) == []
