"""People agree to what is kept at the last look, once for each version, and can say no."""

import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.kit.keeping import KEPT_FOR, Kind
from bot.kit.tables import SEALED_COLUMNS
from handlers.jobs.forgetting import forget_what_is_old
from handlers.views import privacy
from handlers.views.cases.case_draft import Press
from handlers.views.rights import consent
from tests.cases.support import rows_of
from tests.handlers import payout_support as payouts
from tests.handlers import top_up_support as top_ups
from tests.handlers.citizen_support import cases_of, tap, up_to_review, up_to_text
from tests.handlers.registering_support import SARA_ID
from tests.handlers.support import DeskUnderTest, Visitor, plain
from tests.test_records import columns

# Whoever changes what people agree to writes a new version, and all are asked anew.
DIGESTS = {1: "047c151395f39b62", 2: "5b373c3683208802"}


async def agreed(desk: DeskUnderTest) -> list[tuple[object, ...]]:
    async with desk.database.reading() as tx:
        return (await rows_of(tx))["consent"]


def asks(text: str) -> bool:
    return "پیش از نخستین بار" in plain(text)


@pytest.fixture
def sara(desk: DeskUnderTest) -> Visitor:
    return desk.person(SARA_ID)


def test_the_text_of_a_version_never_changes() -> None:
    source = Path(consent.__file__).read_text(encoding="utf-8")
    (text,) = re.findall(r"return _\(\n(.*?)\n    \)\.format", source, re.DOTALL)
    spans = [KEPT_FOR[kind] for kind in (Kind.CASE, Kind.PAYOUT_ACCOUNT)]
    assert DIGESTS[consent.VERSION] == sha256(f"{text}{spans}".encode()).hexdigest()[:16]


async def test_a_question_asks_for_nothing(desk: DeskUnderTest, sara: Visitor) -> None:
    assert not asks((await sara.say("هزینه کارگاه چقدر است؟")).text)
    assert await agreed(desk) == []


async def test_a_case_is_kept_with_the_consent_that_was_shown(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    review = await up_to_review(sara)
    assert asks(review.text)
    assert await agreed(desk) == []
    await tap(sara, review, Press.SEND)
    ((citizen_id, version, language, digest, _given_at),) = await agreed(desk)
    shown = consent.consent_text(desk.shared.words["fa"], desk.shared.catalogue.offices)
    assert (citizen_id, version, language) == (SARA_ID, consent.VERSION, "fa")
    assert digest == consent.digest_of(shown)
    assert len(await cases_of(desk, sara)) == 1


async def test_it_is_asked_once(desk: DeskUnderTest, sara: Visitor) -> None:
    await tap(sara, await up_to_review(sara), Press.SEND)
    again = await up_to_review(sara)
    assert not asks(again.text)
    await tap(sara, again, Press.SEND)
    assert len(await agreed(desk)) == 1


async def test_a_new_version_is_asked_about_anew(
    desk: DeskUnderTest, sara: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tap(sara, await up_to_review(sara), Press.SEND)
    monkeypatch.setattr("handlers.consenting.VERSION", consent.VERSION + 1)
    again = await up_to_review(sara)
    assert asks(again.text)
    await tap(sara, again, Press.SEND)
    assert [row[1] for row in await agreed(desk)] == [consent.VERSION, consent.VERSION + 1]


async def test_a_button_from_before_the_text_came_shows_it_first(
    desk: DeskUnderTest, sara: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = await up_to_review(sara)
    monkeypatch.setattr("handlers.consenting.VERSION", consent.VERSION + 1)
    anew = await tap(sara, review, Press.SEND)
    assert asks(anew.text)
    assert await cases_of(desk, sara) == []
    await tap(sara, anew, Press.SEND)
    assert len(await cases_of(desk, sara)) == 1


async def test_whoever_says_no_stays_anonymous(desk: DeskUnderTest, sara: Visitor) -> None:
    review = await up_to_review(sara)
    hidden = await tap(sara, review, Press.HIDE)
    assert not asks(hidden.text)
    await tap(sara, hidden, Press.SEND)
    assert await agreed(desk) == []
    assert await cases_of(desk, sara) == []


async def test_a_child_is_described_with_consent(desk: DeskUnderTest, sara: Visitor) -> None:
    await sara.press_data("wle:a:0:0")
    await sara.say("نیما")
    review = await sara.say("1396/02/15")
    assert asks(review.text)
    await sara.press("✅")
    assert len(await agreed(desk)) == 1


async def test_a_payout_is_asked_for_with_consent(desk: DeskUnderTest, sara: Visitor) -> None:
    await payouts.give(desk, SARA_ID)
    review = await payouts.up_to_review(sara)
    assert asks(review.text)
    await payouts.tap(sara, review, "wyc")
    assert len(await agreed(desk)) == 1
    assert len(await payouts.all_payouts(desk, SARA_ID)) == 1


async def test_consent_is_forgotten_after_three_years(desk: DeskUnderTest, sara: Visitor) -> None:
    await tap(sara, await up_to_review(sara), Press.SEND)
    desk.now += KEPT_FOR[Kind.CONSENT] - timedelta(days=1)
    await desk.round(forget_what_is_old)
    assert len(await agreed(desk)) == 1
    desk.now += timedelta(days=2)
    await desk.round(forget_what_is_old)
    assert await agreed(desk) == []


async def test_a_long_letter_gets_the_text_beside_it(desk: DeskUnderTest, sara: Visitor) -> None:
    await up_to_text(sara)
    said = [one.text for one in await sara.send(text="&" * 1990)]
    assert sum(asks(text) for text in said) == 1
    assert await agreed(desk) == []


def test_privacy_is_written_from_the_table(
    desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, offices = desk.shared.words["en"], desk.shared.catalogue.offices
    moved = {kind: timedelta(days=730) for kind in Kind}
    monkeypatch.setattr("handlers.views.rights.spans.KEPT_FOR", MappingProxyType(moved))
    pages = [privacy.privacy_page(words, offices).text]
    pages += [privacy.privacy_part(words, part).text for part in privacy.Part]
    assert all("2 years" in page for page in pages)
    assert not [page for page in pages if re.search(r"\b\d+ days|half an hour|a year", page)]
    for one in offices:
        assert one.office.short_name.in_language("en") in pages[0]


def test_privacy_says_encrypted_of_what_is_sealed() -> None:
    assert columns()
    said_of = {
        "case_message.text",
        "inbox.payload",
        "outbox.params",
        "asked_question.text",
        "dialogue.draft",
        "survey.comment",
        "learner.given_name",
        "payout.iban",
        "payout.owner",
    }
    assert said_of <= set(SEALED_COLUMNS)


async def test_a_payment_at_the_bank_is_claimed_with_consent(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    review = await top_ups.reviewed(sara)
    assert asks(review.text)
    assert await agreed(desk) == []
    await top_ups.claimed(sara, "880011223344")
    assert len(await agreed(desk)) == 1


async def test_a_bill_is_made_with_consent_and_asks_once(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    desk.shared.takes_payments = True
    page = await top_ups.begun(sara, "invoice")
    (review,) = await top_ups.tap(sara, page, "wtd", "m", str(top_ups.AMOUNT))
    assert asks(review.text)
    assert await rows_in(desk, "top_up") == []
    _said, bill = await top_ups.tap(sara, review, "wtd", "y")
    assert bill.method == "sendInvoice"
    assert len(await agreed(desk)) == 1
    page = await top_ups.begun(sara, "invoice")
    assert len(await top_ups.tap(sara, page, "wtd", "m", str(top_ups.AMOUNT))) == 2


async def test_a_wish_for_news_of_workshops_is_kept_with_consent(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    (review,) = await sara.press_data("wn:a:kanoon:a8")
    assert asks(review.text)
    assert await rows_in(desk, "workshop_subscription") == []
    agrees = next(data for data in review.presses if data.startswith("wn:y:"))
    for stale in ("wn:y:", "wn:y:another-run", agrees.replace("y:", "y:x")):
        await sara.press_data(stale)
    assert await rows_in(desk, "workshop_subscription") == []
    await sara.press_data(agrees)
    await sara.press_data(agrees)
    assert len(await rows_in(desk, "workshop_subscription")) == 1
    assert len(await agreed(desk)) == 1
    (promised,) = await sara.press_data("wn:a:kanoon:a9")
    assert not asks(promised.text)


async def rows_in(desk: DeskUnderTest, table: str) -> list[tuple[object, ...]]:
    async with desk.database.reading() as tx:
        return (await rows_of(tx))[table]
