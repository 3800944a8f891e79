"""Posters and the card: one page, the right address in the code, samples labelled, roles kept."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from unicodedata import category

import matplotlib.image
import pytest
import segno

from bot.catalogue.loader import load_catalogue
from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from bot.kit.errors import StartRefused
from bot.kit.words import load_words
from bot.messenger.platforms import PLATFORMS
from handlers.by_hand.papers import Order, card_file, poster_file
from handlers.commands import DESK_COMMANDS
from handlers.files.rendering import Files
from handlers.views.papers import card
from handlers.views.papers.page import HEIGHT_MM, WIDTH_MM
from handlers.views.papers.posters import Matter, drawn
from tests.handlers.conftest import Shipped
from tests.handlers.desk_support import GROUP_ID
from tests.handlers.registering_support import given_workshop
from tests.handlers.support import NOW, DeskUnderTest, Said, faults_of
from tests.workshops.support import OFFICER
from tests.workshops.support import workshop as a_workshop

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
_DARK = 0.5


def read_back(png: bytes, address: str) -> bool:
    """Find the code on the picture, and compare each of its fields with what it should be."""
    shown = matplotlib.image.imread(BytesIO(png))[:, :, 0]
    wanted = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter()]
    fields, millimetre = len(wanted), shown.shape[1] / WIDTH_MM
    assert shown.shape[0] / millimetre == pytest.approx(HEIGHT_MM, abs=0.5)
    side = 92.0 * millimetre
    left = (shown.shape[1] - side) / 2
    step = side / fields
    for top in range(shown.shape[0] - int(side)):
        centres = [(int(top + (row + 0.5) * step), row) for row in (4, 5, fields // 2, fields - 5)]
        if all(
            (shown[y, int(left + (column + 0.5) * step)] < _DARK) == bool(wanted[row][column])
            for y, row in centres
            for column in range(fields)
        ):
            return all(
                (shown[int(top + (row + 0.5) * step), int(left + (column + 0.5) * step)] < _DARK)
                == bool(wanted[row][column])
                for row in range(fields)
                for column in range(fields)
            )
    return False


@pytest.mark.parametrize("platform", ["telegram", "bale"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_code_is_the_address_of_the_platform_and_the_page_holds_the_longest_title(
    shipped: Shipped, platform: str, language: str
) -> None:
    words = load_words(ROOT / "locale")[language]  # type: ignore[index]
    for published in shipped.catalogue.offices:
        service = max(published.services, key=lambda one: len(one.title.fa))
        payload = f"svc_{published.office.id}_{service.id}"
        address = PLATFORMS[platform].deep_link.format(
            bot="a_very_long_named_bot", payload=payload
        )
        page = drawn(words, Matter(published, address, service=service), TODAY)
        assert page.y < HEIGHT_MM
        assert read_back(page.as_png(), address)
        assert not read_back(page.as_png(), address + "x")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_card_is_one_page_with_every_command(language: str) -> None:
    content = card_file(ROOT / "locale", language)  # type: ignore[arg-type]
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page ") == 1
    words = load_words(ROOT / "locale")[language]  # type: ignore[index]
    written = {text.get_text().strip("\u200f\u2066\u2069") for text in card.drawn(words).texts}
    assert {f"/{command}" for command in DESK_COMMANDS} <= written


@pytest.mark.parametrize("language", ["fa", "en"])
def test_no_line_of_the_card_has_a_sign_that_its_pdf_would_give_room(language: str) -> None:
    words = load_words(ROOT / "locale")[language]  # type: ignore[index]
    for text in card.drawn(words).texts:
        line = text.get_text().strip("\u200f\u2066\u2069")
        signs = [hex(ord(sign)) for sign in line if category(sign) in ("Mn", "Cf")]
        assert not set(signs) - {"0x200c"}, line


def test_a_poster_names_the_last_day_of_registration_and_not_the_midnight_after_it(
    shipped: Shipped,
) -> None:
    words = load_words(ROOT / "locale")["fa"]
    closes_at = datetime(2026, 11, 28, 20, 30, tzinfo=UTC)
    workshop = a_workshop(details={"title": "رشدِ کودک", "closes_at": closes_at})
    matter = Matter(shipped.catalogue.offices[0], "https://t.me/x", workshop=workshop)
    written = [text.get_text() for text in drawn(words, matter, TODAY).texts]
    assert any("مهلت ثبت‌نام: پایان شنبه ۷ آذر ۱۴۰۵" in line for line in written)
    assert any("رشد کودک" in line for line in written)


def test_two_posters_of_the_same_day_are_the_same_file(shipped: Shipped) -> None:
    words = load_words(ROOT / "locale")["fa"]
    matter = Matter(shipped.catalogue.offices[0], "https://t.me/x?start=off_kanoon")
    once, again = (drawn(words, matter, TODAY).as_pdf("x") for _ in range(2))
    assert once == again
    assert b"/MediaBox [ 0 0 595.27" in once
    assert b"Vazirmatn" in once


class TestInTheGroup:
    async def test_a_poster_comes_as_a_file_that_is_made_when_it_is_sent(
        self, desk: DeskUnderTest
    ) -> None:
        sent = await self._service_poster(desk)
        assert not faults_of(sent)
        file = sent.params["document"]
        content = await Files(desk.shared, desk.database).make(file["made_of"], file["id"], file)
        assert content is not None
        assert content.startswith(b"%PDF")
        assert file["name"].endswith(".pdf")

    async def _service_poster(self, desk: DeskUnderTest) -> Said:
        await desk.open_desk(GROUP_ID)
        await desk.make_staff(2001, Role.OFFICER)
        (officer,) = desk.group(GROUP_ID, 2001)
        offered = await officer.send(
            text="/poster", entities=[{"type": "bot_command", "offset": 0, "length": 7}]
        )
        assert len(offered) == len(desk.shared.catalogue.offices)
        (sent,) = await officer.press_data("po:kanoon:virtual-workshops")
        return sent

    async def test_finance_and_strangers_get_none(self, desk: DeskUnderTest) -> None:
        await desk.open_desk(GROUP_ID)
        await desk.make_staff(2002, Role.FINANCE)
        for person_id in (2002, 2999):
            (person,) = desk.group(GROUP_ID, person_id)
            await person.press_data("po:kanoon:-")
            assert isinstance(desk.refused[-1], StaffOnly)

    async def test_a_workshop_has_one_once_it_can_be_seen_and_a_sample_says_so(
        self, desk: DeskUnderTest
    ) -> None:
        workshop = await given_workshop(desk)
        await desk.open_desk(GROUP_ID)
        await desk.make_staff(int(OFFICER.id), Role.OFFICER)
        (officer,) = desk.group(GROUP_ID, int(OFFICER.id))
        said = await officer.say(f"/poster w{workshop.id}")
        assert said.method == "sendDocument"
        file = said.params["document"]
        content = await Files(desk.shared, desk.database).make(file["made_of"], file["id"], file)
        assert content is not None
        (refused,) = await officer.send(
            text="/poster w999", entities=[{"type": "bot_command", "offset": 0, "length": 7}]
        )
        assert refused.method == "sendMessage"


def test_a_sample_is_marked_over_the_whole_width(shipped: Shipped) -> None:
    words = load_words(ROOT / "locale")["fa"]
    published = shipped.catalogue.published_by("kanoon")
    service = published.services[0]
    for is_sample in (True, False):
        shown = service.model_copy(update={"is_sample": is_sample})
        page = drawn(words, Matter(published, "https://t.me/x", service=shown), TODAY)
        assert ("نمونه" in page.texts[0].get_text()) is is_sample


async def test_from_the_shell_a_poster_needs_an_office_and_a_matter_that_there_are(
    tmp_path: Path,
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/none.sqlite3"
    catalogue, locale_dir = load_catalogue(ROOT / "data" / "catalogue"), ROOT / "locale"

    async def made(office: str, matter: str) -> bytes:
        order = Order(office, matter, "bot", "https://ble.ir/{bot}?start={payload}")
        return await poster_file(
            url, order, catalogue=catalogue, locale_dir=locale_dir, language="fa", now=NOW
        )

    assert (await made("kanoon", "-")).startswith(b"%PDF")
    for office, matter in (("nowhere", "-"), ("kanoon", "nothing"), ("kanoon", "w1")):
        with pytest.raises(StartRefused):
            await made(office, matter)


async def test_the_link_of_an_office_opens_it_and_remembers_the_choice(
    desk: DeskUnderTest,
) -> None:
    visitor = desk.person()
    page = await visitor.say("/start off_mazandaran")
    assert desk.shared.catalogue.published_by("mazandaran").office.name.fa in page.text
    assert "خوش آمدید" in (await visitor.say("/start off_nowhere")).text
