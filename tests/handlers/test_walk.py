"""Walking: every button that can be reached from the first page, in both languages."""

import re
from collections import deque

import pytest

from bot.kit.jalali import jalali_day, tehran_day
from bot.kit.words import Language
from tests.handlers.support import NOW, DeskUnderTest, Said, Visitor, faults_of, plain

SIDES = (
    "description",
    "process",
    "documents",
    "cost",
    "time",
    "laws",
    "access",
    "hours",
    "agreement",
)
PERSIAN = re.compile("[\u0621-\u06cc]")
# A sentence in the wrong language: words in a row, and no address or code.
LATIN_SENTENCE = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")


Pages = dict[str, Said]


@pytest.fixture(scope="session")
def walks() -> dict[Language, Pages]:
    """What was walked already: it takes a thousand presses, and the pages are only read."""
    return {}


@pytest.fixture
async def pages(desk: DeskUnderTest, walks: dict[Language, Pages], language: Language) -> Pages:
    if language not in walks:
        walks[language] = await walked(desk.person(language_code=language))
        assert not desk.refused
    return walks[language]


async def walked(visitor: Visitor) -> Pages:
    """Press every button that can be reached from /start; what each led to, by its data."""
    first = await visitor.say("/start")
    found = {"/start": first}
    waiting = deque(first.presses)
    while waiting:
        data = waiting.popleft()
        # languages, flows, and what erases who walks
        if data in found or data.startswith(("l:", "k", "wt:", "rt:s", "rte:")):
            continue
        said = await visitor.press_data(data)
        assert len(said) == 1, data
        found[data] = said[0]
        waiting.extend(said[0].presses)
    return found


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_no_page_is_a_dead_end_and_every_page_can_be_shown(pages: Pages) -> None:
    assert len(pages) > 100
    faults = {data: faults_of(said) for data, said in pages.items() if faults_of(said)}
    assert not faults
    dead_ends = [
        data
        for data, said in pages.items()
        if "home" not in said.presses
        and data not in {"/start", "home"}
        and said.method != "sendDocument"  # the page from which it was asked for still stands
    ]
    assert not dead_ends
    repeated = [data for data, said in pages.items() if len(said.presses) > len(set(said.presses))]
    assert not repeated, "two buttons of one page lead to one place"


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_every_page_speaks_one_language(pages: Pages, language: Language) -> None:
    assert "g:language" in pages
    wrong = LATIN_SENTENCE if language == "fa" else PERSIAN
    foreign = {}
    for data, said in pages.items():
        if data == "g:language":  # it names each language in that language
            continue
        text = plain("\n".join([said.text, *said.buttons]))
        if wrong.search(text):
            foreign[data] = text
    assert not foreign


async def test_from_office_to_service_to_each_side_and_back(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    for published in desk.shared.catalogue.offices:
        for service in published.services:
            await sara.say("/start")
            office = await sara.press(published.office.short_name.fa)
            assert published.office.name.fa in office.text
            card = await sara.press(service.title.fa[:40])
            assert service.title.fa in card.text
            for side in SIDES:
                (page,) = await sara.press_data(f"f:{published.office.id}:{service.id}:{side}")
                assert service.title.fa in page.text
                assert "📌" in page.text, (service.id, side)
                assert (await sara.press("↩️")).text == card.text
            assert (await sara.press(published.office.short_name.fa)).text == office.text
            assert "خوش آمدید" in (await sara.press("🏠")).text


@pytest.mark.parametrize("language", ["fa"])
async def test_every_clause_for_citizens_is_read_in_its_section_and_no_other_clause(
    desk: DeskUnderTest, pages: Pages
) -> None:
    for published in desk.shared.catalogue.offices:
        mine = [
            said.text
            for data, said in pages.items()
            if data.startswith(f"a:{published.office.id}:")
        ]
        for clause in published.agreement.clauses:
            times = sum(plain(text).count(f"({clause.id})") for text in mine)
            assert times == (1 if clause.is_for_citizens else 0), clause.id


async def test_what_the_source_does_not_say_is_said_to_be_not_stated(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    silent = {"cost": "fees", "process": "process", "documents": "documents", "laws": "laws"}
    count = 0
    for published in desk.shared.catalogue.offices:
        for service in published.services:
            for side, field in silent.items():
                if getattr(service, field) is None:
                    (page,) = await sara.press_data(f"f:{published.office.id}:{service.id}:{side}")
                    assert "اعلام نشده" in page.text, (service.id, side)
                    count += 1
    assert count > 5


async def test_a_sample_is_labelled_on_its_card_and_on_every_side(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    samples = 0
    for published in desk.shared.catalogue.offices:
        for service in published.services:
            name = f"{published.office.id}:{service.id}"
            pages = [f"s:{name}", *(f"f:{name}:{side}" for side in SIDES)]
            shown = [await sara.press_data(page) for page in pages]
            labels = ["🧪" in said.text for (said,) in shown]
            assert labels == [service.is_sample] * len(labels), service.id
            samples += service.is_sample
    assert samples or not any(
        fee.is_sample
        for published in desk.shared.catalogue.offices
        for service in published.services
        for fee in service.fees or ()
    )


@pytest.mark.parametrize("language", ["fa"])
async def test_the_ended_agreement_is_marked_wherever_it_is_read_and_the_valid_one_nowhere(
    desk: DeskUnderTest, pages: Pages
) -> None:
    today = tehran_day(NOW)
    ended_office = {
        published.office.id
        for published in desk.shared.catalogue.offices
        if not published.agreement.is_valid_on(today)
    }
    assert ended_office == {"kanoon"}
    for data, said in pages.items():
        office_id = data.split(":")[1] if data[:2] in {"f:", "a:", "p:"} else None
        if office_id == "mazandaran":
            assert "⚠️" not in said.text, data
        elif office_id == "kanoon" and (data[0] == "a" or data.endswith(":agreement")):
            assert "⚠️" in said.text, data
            assert "۲۹ اسفند ۱۴۰۲" in said.text, data
        elif office_id == "kanoon" and "توافق‌نامه سطح خدمت" in said.text.partition("📌")[2]:
            assert "⚠️" in said.text, data


async def test_every_side_says_when_its_card_was_last_checked(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    for published in desk.shared.catalogue.offices:
        for service in published.services:
            (page,) = await sara.press_data(f"f:{published.office.id}:{service.id}:description")
            assert jalali_day(service.checked_on, "fa") in page.text
