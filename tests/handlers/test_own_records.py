"""All that is kept of a person is given to them, each form once a day, and to nobody else."""

import re

import orjson

from bot.citizens.errors import SlowDown
from handlers.files.rendering import Files
from tests.handlers import payout_support as payouts
from tests.handlers.citizen_support import register
from tests.handlers.registering_support import SARA_ID
from tests.handlers.rights_support import BANK_REFERENCE, CHILD, COMMENT, WORDS, a_life
from tests.handlers.support import DeskUnderTest, plain


async def made(desk: DeskUnderTest, data: str, person_id: int = SARA_ID) -> str:
    """Press for a form, and make the file as the sender does."""
    (said,) = await desk.person(person_id).press_data(data)
    wanted = dict(said.params["document"])
    kind, id_ = wanted.pop("made_of"), wanted.pop("id")
    file = await Files(desk.shared, desk.database).make(kind, id_, wanted)
    assert file is not None
    return file.decode()


async def test_the_page_holds_all_of_a_life(desk: DeskUnderTest) -> None:
    await a_life(desk)
    page = await made(desk, "rt:p")
    for part in (WORDS, COMMENT, CHILD, payouts.IBAN, payouts.OWNER, 'dir="rtl"'):
        assert part in page
    assert page.count(WORDS) == 1, "what stayed anonymous is nobody's"
    assert "<script" not in page


async def test_the_data_hold_all_of_a_life(desk: DeskUnderTest) -> None:
    await a_life(desk)
    values = orjson.loads(await made(desk, "rt:j"))
    assert values["person"]["id"] == SARA_ID
    (case,) = values["cases"]
    assert [one["text"] for one in case["said"]] == [WORDS]
    assert [one["given_name"] for one in values["learners"]] == [CHILD]
    (wallet,) = [one for one in values["wallets"] if one["payouts"]]
    assert wallet["payouts"][0]["iban"] == payouts.IBAN
    assert wallet["payouts"][0]["bank_reference"] == BANK_REFERENCE
    assert wallet["lines"]
    assert values["subscriptions"][0]["province"] == "تهران"
    assert {one["comment"] for one in values["ratings"]} == {COMMENT, None}
    told = orjson.dumps(values).decode()
    assert str(payouts.FINANCE) not in told, "which colleague it was is theirs"


async def test_what_is_kept_of_places_besides_is_in_both_forms(desk: DeskUnderTest) -> None:
    await a_life(desk)
    async with desk.database.transaction() as tx:
        await tx.exec_driver_sql(
            "INSERT INTO waiting_entry (workshop_id, payer_id, state, size, is_auto_accept,"
            " joined_at) SELECT workshop_id, payer_id, 'left', 1, FALSE, made_at FROM registration"
        )
        await tx.exec_driver_sql(
            "INSERT INTO attendance SELECT s.session_id, s.registration_id, 'late', '77', "
            "s.noted_at FROM session_check AS s"
        )
        await tx.exec_driver_sql(
            "INSERT INTO person_code (citizen_id, code) SELECT payer_id, 'P-QXZQXZ'"
            " FROM registration"
        )
    values = orjson.loads(await made(desk, "rt:j"))
    besides = values["besides"]
    assert [one["state"] for one in besides["turns"]] == ["left"]
    assert [one["item"] for one in besides["checks"]] == ["camera"]
    (presence,) = besides["presences"]
    assert presence["presence"] == "late"
    assert "noted_by" not in presence
    assert [one["terms_version"] for one in besides["terms"]] == [1]
    assert values["code"] == "P-QXZQXZ"
    page = await made(desk, "rt:p")
    for part in ("پذیرش شرایط", "کمک خواسته شد", "P-QXZQXZ", "خارج از فهرست انتظار", "با تأخیر"):
        assert part in page, part


async def test_that_the_office_vouched_for_a_learner_is_in_both_forms(desk: DeskUnderTest) -> None:
    await a_life(desk)
    async with desk.database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE registration SET is_vouched = TRUE")
    (place,) = orjson.loads(await made(desk, "rt:j"))["registrations"]
    assert place["is_vouched"] is True
    assert "بدون کد ملی" in await made(desk, "rt:p")


async def test_what_is_being_typed_can_be_read(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    await sara.press_data("wle:a:0:0")
    await sara.say(CHILD)
    (talk,) = orjson.loads(await made(desk, "rt:j"))["dialogues"]
    assert talk["draft"]["given_name"] == CHILD
    assert "token" not in talk
    assert CHILD in await made(desk, "rt:p")


async def test_a_persian_page_says_nothing_in_english(desk: DeskUnderTest) -> None:
    page = await made(desk, "rt:p")
    assert "جز این چیزی از شما نگه داشته نمی‌شود." in page
    assert not re.findall(
        r"[A-Za-z]{3,}", re.sub(r"<style>.*?</style>|<[^>]*>", "", page, flags=re.DOTALL)
    )


async def test_what_colleagues_wrote_to_each_other_is_left_out(desk: DeskUnderTest) -> None:
    await a_life(desk)
    async with desk.database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE case_message SET kind = 'note' WHERE case_id = 1")
    assert WORDS not in await made(desk, "rt:j")


async def test_somebody_else_gets_nothing_of_it(desk: DeskUnderTest) -> None:
    await a_life(desk)
    await register(desk.person(771_234_599), "چیزی دیگر")
    page = await made(desk, "rt:p", 771_234_599)
    assert "چیزی دیگر" in page
    for part in (WORDS, COMMENT, CHILD, payouts.IBAN, str(SARA_ID)):
        assert part not in page


async def test_each_form_comes_once_a_day(desk: DeskUnderTest) -> None:
    await made(desk, "rt:j")
    await made(desk, "rt:p")
    await desk.person(SARA_ID).press_data("rt:j")
    assert isinstance(desk.refused[-1], SlowDown)


async def test_no_queue_holds_what_is_in_the_file(desk: DeskUnderTest) -> None:
    await a_life(desk)
    (said,) = await desk.person(SARA_ID).press_data("rt:j")
    assert set(said.params["document"]) == {"made_of", "id", "name", "language"}


async def test_in_a_group_nothing_is_said_of_anybody(desk: DeskUnderTest) -> None:
    await a_life(desk)
    (sara,) = desk.group(payouts.GROUP_ID, SARA_ID)
    for data in ("rt:j", "rt:p", "rt:d"):
        said = await sara.press_data(data)
        assert not [one for one in said if "document" in one.params]


async def test_whoever_finds_a_fault_is_led_on(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    page = await sara.say("/correct")
    assert any(data.startswith("wle:") for data in page.presses)
    (prompt,) = await sara.press_data("rt:s")
    assert prompt.presses
    assert plain(prompt.text)
