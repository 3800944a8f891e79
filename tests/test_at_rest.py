"""Nothing of a person can be read in what the desk leaves on a disk, though all of it is kept.

A citizen lives a life at the desk, through the messenger and to the desk's own doors; then every
byte it has left is searched, in every writing that a number or a name could stand in.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
import zlib
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.catalogue.loader import load_catalogue
from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId
from bot.citizens.use_cases import chain_findings
from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit import logs
from bot.kit.digits import persian_digits
from bot.kit.jalali import tehran_day
from bot.kit.keyring_file import find_keyring
from bot.kit.resealing import keys_in_use
from bot.kit.rotating import rotate
from bot.kit.tables import SEALED_COLUMNS
from bot.messenger.reading import dumps
from bot.outbox import use_cases as outbox
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import DEFAULT_POLICY
from handlers.by_hand import records as by_hand
from handlers.by_hand.papers import Order, poster_file
from handlers.jobs import backups
from tests.day_support import OFFICE, World, about, at, code_of, text_of, world_at
from tests.keys_support import KEYS, write_keys
from tests.messenger.support import say
from tests.wallet import bank_support, payout_support, support, top_up_support
from tests.workshops.given import given_published

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.day_support import Message

pytestmark = pytest.mark.about_a_file("looks into the bytes of the file")

ROOT = Path(__file__).parent.parent
SATURDAY = date(2027, 3, 6)
SARA_CALLED = "مهرانگیز"
NAME = "شهربانو دلاورزاده"
NATIONAL_ID = "0499370899"
PHONE = "09351112233"
IBAN = "IR820540102680020817909002"
OWNER = "فرنگیس کامرانفر"
LEARNER = "گلبرگ"
BORN = "2016-04-09"
ADDRESS = "کوچه سپیدار پلاک"
LEARNT = {"learnt_answer.reason"}  # nobody turns an answer down in this life
SECRETS = (SARA_CALLED, NAME, NATIONAL_ID, PHONE, IBAN[2:], OWNER, LEARNER, BORN, ADDRESS)
_PDF_STREAM = re.compile(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def writings(secret: str) -> Iterator[bytes]:
    """Every way in which a text could stand in a file."""
    for text in {secret, persian_digits(secret), secret.translate(_ARABIC)}:
        yield text.encode()
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        yield text.encode("unicode_escape")
        yield text.encode("unicode_escape").upper()


def found_in(content: bytes) -> set[str]:
    return {one for one in SECRETS if any(form in content for form in writings(one))}


def left_in(folder: Path) -> dict[str, set[str]]:
    """Name what can be read in which file; what is packed is unpacked for it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as packed:
                    content += b"".join(packed.read(name) for name in packed.namelist())
            content += b"".join(map(zlib.decompress, _PDF_STREAM.findall(content)))
            found[path.name] = found_in(content)
    return {name: secrets for name, secrets in found.items() if secrets}


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, as a desk that was told to log all of it writes it."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.level, root.handlers[:]
    logs.set_up("DEBUG", stream)
    logging.getLogger("sqlalchemy").setLevel(
        logging.DEBUG
    )  # which tells more than any desk is told
    yield stream
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    root.setLevel(before[0])
    root.handlers[:] = before[1]


@pytest.fixture
async def world(database_url: str, log: io.StringIO) -> AsyncIterator[World]:
    assert log.writable(), "the engine is told what to log when it is made"
    async with world_at(at(SATURDAY, "10:00"), database_url) as world:
        yield world


async def live(world: World) -> None:
    """Write, be answered, pay out, bring a child along, rate, and be in the middle of typing."""
    sara, officer = world.person("sara"), world.person("officer", world.group)
    world.simulator.world.person("sara").public["first_name"] = SARA_CALLED
    text = f"من {NAME} هستم، کد ملی {persian_digits(NATIONAL_ID)}، تلفن {PHONE}، {ADDRESS} ۴"
    code = code_of(await sara.tells("complaint", text))
    card = about(world.heard[world.group], code, "d")
    await officer.says(f"خانم {NAME}، با {PHONE} تماس گرفتیم.", reply_to=card)
    await sara.says(f"{NAME} در {ADDRESS} است؟")  # a question, with a name that nobody knows
    async with world.database.transaction() as tx:
        guardian = CitizenId(sara.id)
        await support.top_up(tx, 5_000_000, guardian, now=world.now)
        await payout_support.request(
            tx,
            citizen_id=guardian,
            iban=IBAN,
            owner_name=OWNER,
            keyring=KEYS,
            now=world.now,
        )
        await citizens.add_learner(
            tx,
            guardian_id=guardian,
            given_name=LEARNER,
            born_on=date.fromisoformat(BORN),
            is_self=False,
            keyring=KEYS,
            now=world.now,
        )
        await citizens.record(
            tx,
            actor=payout_support.NEDA,
            action="note",
            subject="case:1",
            note=f"{OWNER} {ADDRESS}",
            now=world.now,
        )
    await by_the_way(world, card)
    await staff_say_why(world)
    await sara.says("/case")
    await sara.presses(sara.heard[-1], "o", OFFICE)
    await sara.presses(sara.heard[-1], "s", "virtual-workshops")
    await sara.presses(sara.heard[-1], "k", "question")
    await sara.says(f"{NAME} {NATIONAL_ID}")  # and goes away without sending it


async def by_the_way(world: World, card: Message) -> None:
    """Write numbers of people where none are asked for, and have one's own records sent."""
    sara, reza = world.person("sara"), world.person("ali")
    officer, manager = (world.person(key, world.group) for key in ("officer", "manager"))
    for text in (f"کد ملی من {NATIONAL_ID} است", f"{IBAN} مال من است", f"/start {PHONE}"):
        await reza.says(text)
    (preview,) = await officer.says(f"/close {OFFICE} 1405/12/20 سیل، تلفن {PHONE}")
    await officer.presses(preview, "cly")
    await manager.says(f"/ban 1 توهین به دارنده {NATIONAL_ID}", reply_to=card)
    await manager.says(f"/note زنگ زدم: {PHONE}، {NAME}", reply_to=card)
    await manager.says("/audit")
    told = " ".join(map(text_of, world.heard[world.group]))
    (code,) = set(re.findall("P-[2-9A-Z]{7}", told))
    await manager.says(f"/unban {code}")
    await sara.says("/mydata")
    page = sara.heard[-1]
    for form in ("p", "j"):  # what is queued is that they are to be made
        await sara.presses(page, "rt", form)
    for text in (f"{NAME} {NATIONAL_ID}", ADDRESS, persian_digits(PHONE)):
        world.simulator.ask_inline("ali", text)  # from within another chat
        await world.settled()
    for text in ("/poster", f"/poster {NAME}"):
        await officer.says(text)


async def staff_say_why(world: World) -> None:
    """Give reasons that name people, for each thing that staff decide with one."""
    why, now, guardian = f"{NAME}، {ADDRESS} ۴", world.now, CitizenId(world.person("sara").id)
    neda, omid, mina = payout_support.NEDA, payout_support.OMID, payout_support.MINA
    async with world.database.transaction() as tx:
        claimed = await top_up_support.claim(tx, citizen_id=guardian, now=now)
        await top_up_support.reject(tx, claimed.code, reason=why, now=now)
        claimed = await top_up_support.claim(tx, "1405090777", citizen_id=guardian, now=now)
        await top_up_support.verify(tx, claimed.code, now=now)
        await top_up_support.undo(tx, claimed.code, reason=why, now=now)
        await bank_support.imported(tx, bank_support.line("1405090888", 9_000), now=now)
        (line,) = await wallet.suspense_lines(tx, office_id=OFFICE, limit=9)
        await wallet.send_back(tx, line_id=line.id, reason=why, actor=mina, now=now)
        proposal = await wallet.propose_credit(
            tx,
            subject="case:12",
            citizen_id=guardian,
            amount_rial=5_000,
            reason=why,
            actor=neda,
            now=now,
        )
        await wallet.approve_credit(tx, proposal_id=proposal.id, actor=mina, now=now)
        (payout,) = await wallet.payouts_of(tx, office_id=OFFICE, citizen_id=guardian, limit=9)
        await payout_support.take(tx, payout)
        await wallet.reject_payout(tx, code=payout.code, reason=why, actor=omid, now=now)
        await support.top_up(tx, 900, guardian, now=now)
        late = await payout_support.request(tx, citizen_id=guardian, keyring=KEYS, now=now)
        for act in (payout_support.take, payout_support.approve, payout_support.send):
            late = await act(tx, late)
        late = await payout_support.pay(tx, late)
        await wallet.mark_returned_late(
            tx, code=late.code, bank_reference="RT-990011", reason=why, actor=neda, now=now
        )
        made = await given_published(tx)
        await workshops.cancel(
            tx, workshop_id=made.id, actor=mina, reason=why, now=now, policy=DEFAULT_POLICY
        )
        person = CitizenId(world.person("ali").id)
        await citizens.ban(tx, citizen_id=person, typed=f"3 {why}", actor=mina, now=now)


async def leave_waiting(world: World) -> None:
    """Have an update that nobody has answered, and an answer that nobody has sent."""
    update = dumps({"update_id": 9, "message": {"text": f"{NAME} {PHONE} {IBAN}"}})
    async with world.database.transaction() as tx:
        await inbox.receive(tx, [Received(77, 9, 5, update)], world.now)
        tomorrow = world.now + timedelta(days=1)  # or the desk says it in the middle of a search
        await outbox.queue(tx, "waits", [say(5, f"{NAME} {NATIONAL_ID}")], tomorrow)


async def hand_out(world: World, folder: Path) -> None:
    """Export the cases, write the audit, and make a backup, as from a shell."""
    keys = write_keys(folder.parent / "keyring.json")
    records = by_hand.open_records(
        world.window.url,
        OFFICE,
        catalogue=load_catalogue(ROOT / "data" / "catalogue"),
        locale_dir=ROOT / "locale",
        language="fa",
        keys=keys,
    )
    day = tehran_day(world.now)
    for form in ("xlsx", "csv"):
        content, count = await by_hand.report_file(records, (day, day), form, now=world.now)
        assert count
        (folder / f"cases.{form}").write_bytes(content)
    order = Order(OFFICE, "virtual-workshops", "bot", "https://ble.ir/{bot}?start={payload}")
    (folder / "poster.pdf").write_bytes(
        await poster_file(
            world.window.url,
            order,
            catalogue=load_catalogue(ROOT / "data" / "catalogue"),
            locale_dir=ROOT / "locale",
            language="fa",
            now=world.now,
        )
    )
    catalogue = load_catalogue(ROOT / "data" / "catalogue")
    keeper = backups.Keeper(folder, 3, keys)
    await backups.back_up(file_of(world), keeper, catalogue, now=world.now)


def file_of(world: World) -> Path:
    return Path(world.window.url.partition("///")[2])


async def test_a_life_at_the_desk_leaves_nothing_that_can_be_read(
    world: World, log: io.StringIO, tmp_path: Path
) -> None:
    (folder := tmp_path / "out").mkdir()
    await live(world)
    await leave_waiting(world)
    await hand_out(world, folder)
    (folder / "log").write_text(log.getvalue(), encoding="utf-8")
    assert file_of(world).is_relative_to(tmp_path)
    names = files_in(tmp_path)
    assert {
        "desk.sqlite3",
        "desk.sqlite3-wal",
        "desk.sqlite3-shm",
        "log",
        "cases.xlsx",
        "poster.pdf",
    } <= names
    assert any(name.endswith(".backup") for name in names)
    assert "INSERT INTO inbox" in log.getvalue()
    assert left_in(tmp_path) == {}


async def test_all_of_a_life_is_sealed_anew_with_another_key(
    world: World, database_url: str, tmp_path: Path
) -> None:
    await live(world)
    await leave_waiting(world)
    async with world.database.reading() as tx:
        before = await keys_in_use(tx)
    assert set(before) == {1}
    seen: dict[str, int] = {}
    path = write_keys(tmp_path / "keyring.json")
    assert await rotate(database_url, path, tell=seen.__setitem__, rest_seconds=0) == 2
    assert {"payout.iban", "learner.born_on", "case_message.text", "audit.note"} <= seen.keys()
    of_staff = {name for name in seen if name.endswith(".reason")}
    assert of_staff == {name for name in SEALED_COLUMNS if name.endswith(".reason")} - LEARNT
    async with world.database.reading() as tx:
        assert await keys_in_use(tx) == {2: sum(before.values())}
        world.database.keyring = find_keyring(path)
        assert not await chain_findings(tx), "the chain is of what notes say"


async def test_the_search_would_find_what_is_readable(world: World, tmp_path: Path) -> None:
    """So that the test above searches at the right places, for what is there."""
    await live(world)
    for place, secret in enumerate(SECRETS):
        file = tmp_path / f"readable-{place}"
        file.write_bytes(b"x" + persian_digits(secret).encode() + b"y")
        assert left_in(tmp_path)[file.name] == {secret}
