"""Finance and managers decide about payouts in the admin chat, also when they disagree."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.citizens.errors import AnonymousAdmin, NotInDeskChat, StaffOnly
from bot.citizens.model import Role
from bot.citizens.tables import audit as audit_table
from bot.kit.tracking import shown
from bot.wallet.errors import (
    NoSuchPayout,
    OwnPayout,
    PayoutReasonUnreadable,
    ReferenceClaimed,
    ReferenceIsAccount,
    ReferenceUnreadable,
    SamePerson,
)
from bot.wallet.model import Balance, PayoutState
from handlers.callback_data import StaleButton
from handlers.callback_data.payouts import (
    MyPayoutPressed,
    MyPayoutVerb,
    PayoutDeskPressed,
    PayoutListPressed,
    PayoutVerb,
)
from handlers.views.wallet.payout_lists import PAYOUTS_ON_A_PAGE
from tests.handlers.desk_support import OFFICER, Officer, told
from tests.handlers.payout_support import (
    ABOVE,
    CASH,
    IBAN,
    MASKED,
    OTHER_IBAN,
    OWNER,
    REZA,
    SARA,
    act,
    approved,
    assert_right,
    balance_of,
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
from tests.keys_support import opened_note

Team = tuple[Officer, Officer, Officer]
WHY = "نام صاحب حساب نمی‌خواند"
ELSEWHERE = -1009


@pytest.fixture
async def team(desk: DeskUnderTest) -> Team:
    return await staffed(desk)


def acts_on(said: Said) -> set[str]:
    """What the buttons of a card do."""
    return {data.split(":")[2] for data in said.presses if data.startswith("mp:")} - {"card"}


async def test_a_request_goes_by_finance_to_the_bank_and_is_paid(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    payout = await request(desk)
    (card,) = desk.heard[GROUP_ID]
    assert "درخواست واریز تازه" in card.text
    assert acts_on(card) == {"take", "reject"}
    taken = sound(await press(finance, payout, PayoutVerb.TAKE, card.message_id))
    assert taken.method == "editMessageText"
    assert acts_on(taken) == {"approve", "reject"}
    assert "Staff 2001" in plain(taken.text)
    heard = len(desk.heard[SARA])
    done = sound(await press(finance, payout, PayoutVerb.APPROVE))
    assert acts_on(done) == {"recall"}
    await exported(finance)
    (paid,) = await act(finance, payout, PayoutVerb.PAID, "۱۴۰۵-۰۹۰۱ ۷۷۱۲")
    assert paid.method == "sendMessage"
    assert "140509017712" in paid.text
    assert acts_on(paid) == {"late", "correct"}
    assert (await now(desk, payout)).state is PayoutState.PAID
    assert await balance_of(desk) == Balance(CASH - 5_000_000, 0, 0)
    notices = told(desk, SARA)[heard:]
    assert len(notices) == 3
    for notice, state in zip(notices, ("تأیید شد", "به بانک فرستاده شد", "انجام شد"), strict=True):
        assert state in notice
        assert shown(payout.code) in notice
    assert "140509017712" in notices[-1]
    assert "زمان واریز در توافق‌نامه اعلام نشده است" in notices[0]
    await assert_right(desk)


async def test_a_large_amount_takes_a_manager_who_is_somebody_else(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, other, manager = team
    payout = await request(desk, SARA, f"{ABOVE} ریال")
    await press(finance, payout, PayoutVerb.TAKE)
    heard = len(desk.heard[SARA])
    called, card = await press(finance, payout, PayoutVerb.APPROVE)
    assert acts_on(card) == acts_on(called) == {"second", "reject"}
    assert called.text.startswith("👔 برای مدیر")
    assert card.method == "editMessageText"
    assert len(desk.heard[SARA]) == heard, "half an approval is none yet"
    await press(other, payout, PayoutVerb.SECOND)
    assert isinstance(desk.refused[-1], StaffOnly)
    await desk.make_staff(finance.visitor.id, Role.MANAGER)
    await press(finance, payout, PayoutVerb.SECOND)
    assert isinstance(desk.refused[-1], SamePerson)
    assert (await now(desk, payout)).state is PayoutState.SECONDING
    await press(manager, payout, PayoutVerb.SECOND)
    assert (await now(desk, payout)).state is PayoutState.APPROVED
    assert "تأیید شد" in told(desk, SARA)[-1]
    exactly = await request(desk, REZA, f"{ABOVE - 10} ریال", OTHER_IBAN)
    await approved(other, exactly)
    assert (await now(desk, exactly)).state is PayoutState.APPROVED, "the threshold is for one"


async def test_two_people_of_finance_who_disagree_at_once(desk: DeskUnderTest, team: Team) -> None:
    """Both have the card and one the prompt: the first to act is right, the other is told."""
    finance, other, _manager = team
    payout = await request(desk)
    await press(finance, payout, PayoutVerb.TAKE)
    (prompt,) = await press(other, payout, PayoutVerb.REJECT)
    await press(finance, payout, PayoutVerb.APPROVE)
    before, heard = await kept(desk), len(desk.heard[SARA])
    said, card = await other.reply(prompt, WHY)
    assert "در این میان" in said.text
    assert acts_on(card) == {"recall"}
    assert await kept(desk) == before
    assert len(desk.heard[SARA]) == heard
    second = await request(desk, REZA, "۲۰۰ هزار تومان", OTHER_IBAN)
    await press(finance, second, PayoutVerb.TAKE)
    await act(other, second, PayoutVerb.REJECT, WHY)
    before = await kept(desk)
    card = sound(await press(finance, second, PayoutVerb.APPROVE))
    assert "ردشده" in toast(desk)
    assert card.method == "editMessageText"
    assert not acts_on(card)
    assert await kept(desk) == before
    assert (await balance_of(desk, REZA)).held_rial == 0
    await assert_right(desk)


@pytest.mark.parametrize("verb", [PayoutVerb.TAKE, PayoutVerb.APPROVE, PayoutVerb.SECOND])
async def test_a_second_tap_changes_nothing_and_the_card_is_drawn_anew(
    desk: DeskUnderTest, team: Team, verb: PayoutVerb
) -> None:
    finance, _other, manager = team
    payout = await request(desk, SARA, f"{ABOVE} ریال")
    who = {PayoutVerb.SECOND: manager}
    for step in (PayoutVerb.TAKE, PayoutVerb.APPROVE, PayoutVerb.SECOND):
        await press(who.get(step, finance), payout, step)
        if step is verb:
            break
    before, heard = await kept(desk), len(desk.heard[SARA])
    card = sound(await press(who.get(verb, finance), payout, verb))
    assert "کاری انجام نشد" in toast(desk)
    assert card.method == "editMessageText"
    assert await kept(desk) == before
    assert len(desk.heard[SARA]) == heard


async def test_a_rejected_one_is_free_again_and_the_citizen_reads_why(
    desk: DeskUnderTest, team: Team
) -> None:
    _finance, other, _manager = team
    payout = await request(desk)
    (card,) = await act(other, payout, PayoutVerb.REJECT, WHY)
    assert WHY in card.text
    assert "Staff 2002" in plain(card.text)
    notice = told(desk, SARA)[-1]
    assert WHY in notice
    assert "/case" in notice
    assert (await balance_of(desk)).held_rial == 0
    await assert_right(desk)


async def test_a_manager_recalls_and_approvals_begin_anew(desk: DeskUnderTest, team: Team) -> None:
    finance, _other, manager = team
    payout = await request(desk)
    await approved(finance, payout)
    await press(finance, payout, PayoutVerb.RECALL)
    assert isinstance(desk.refused[-1], StaffOnly)
    (card,) = await act(manager, payout, PayoutVerb.RECALL, "شبا را دوباره ببینید")
    assert acts_on(card) == {"approve", "reject"}
    assert "یک بار دیگر بررسی" in told(desk, SARA)[-1]
    assert "شبا را دوباره ببینید" not in told(desk, SARA)[-1], "said among colleagues"
    await press(finance, payout, PayoutVerb.APPROVE)
    assert (await now(desk, payout)).state is PayoutState.APPROVED


async def test_what_the_bank_returns_is_free_again_early_or_late(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    early, late = await request(desk), await request(desk, REZA, "۲۰۰ هزار تومان", OTHER_IBAN)
    for payout in (early, late):
        await approved(finance, payout)
    await exported(finance)
    await act(finance, early, PayoutVerb.RETURNED, "حساب بسته است")
    assert "حساب بسته است" in told(desk, SARA)[-1]
    assert await balance_of(desk) == Balance(CASH, 0, 0)
    await act(finance, late, PayoutVerb.PAID, "77129900")
    assert await balance_of(desk, REZA) == Balance(CASH - 2_000_000, 0, 0)
    (card,) = await act(finance, late, PayoutVerb.LATE, "۴۰۵۵۱۲۳ حساب بسته شد")
    assert "4055123" in card.text
    assert "حساب بسته شد" in told(desk, REZA)[-1]
    assert "/payout" in told(desk, REZA)[-1]
    assert await balance_of(desk, REZA) == Balance(CASH, 0, 0)
    for payout in (early, late):
        before = await kept(desk)
        for verb in (PayoutVerb.PAID, PayoutVerb.RETURNED, PayoutVerb.LATE):
            sound(await press(finance, payout, verb))
            assert "کاری انجام نشد" in toast(desk)
        assert await kept(desk) == before
    await assert_right(desk)


async def test_a_reference_that_another_file_was_paid_under_is_refused_with_words(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    first = await request(desk)
    await approved(finance, first)
    await exported(finance)
    await act(finance, first, PayoutVerb.PAID, "77129900")
    second = await request(desk, REZA, "۲۰۰ هزار تومان", OTHER_IBAN)
    await approved(finance, second)
    await exported(finance)
    before = await kept(desk)
    (said,) = await act(finance, second, PayoutVerb.PAID, "۷۷۱۲۹۹۰۰")
    assert isinstance(desk.refused[-1], ReferenceClaimed)
    assert shown(first.code) in plain(said.text)
    assert await kept(desk) == before


async def test_a_manager_corrects_a_reference_and_the_citizen_reads_the_right_one(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, manager = team
    payout = await request(desk)
    await approved(finance, payout)
    await exported(finance)
    await act(finance, payout, PayoutVerb.PAID, "77129900")
    await press(finance, payout, PayoutVerb.CORRECT)
    assert isinstance(desk.refused[-1], StaffOnly)
    (card,) = await act(manager, payout, PayoutVerb.CORRECT, "۷۷۱۲۹۹۰۱ رقم آخر اشتباه بود")
    assert "77129901" in card.text
    assert "رقم آخر اشتباه بود" in card.text
    assert "77129900" in card.text, "both stay in the history"
    news = told(desk, SARA)[-1]
    assert "77129901" in news
    assert "رقم آخر" not in news
    count = len(told(desk, SARA))
    await act(manager, payout, PayoutVerb.CORRECT, "77129901 دوباره")
    assert len(told(desk, SARA)) == count, "nothing was changed by it"
    await assert_right(desk)


@pytest.mark.parametrize(
    ("verb", "words", "refusal"),
    [
        (PayoutVerb.PAID, "بدون شماره", ReferenceUnreadable),
        (PayoutVerb.PAID, IBAN, ReferenceIsAccount),
        (PayoutVerb.RETURNED, "ن" * 201, PayoutReasonUnreadable),
    ],
)
async def test_what_the_bank_said_must_be_readable(
    desk: DeskUnderTest, team: Team, verb: PayoutVerb, words: str, refusal: type[Exception]
) -> None:
    finance, _other, _manager = team
    payout = await request(desk)
    await approved(finance, payout)
    await exported(finance)
    before = await kept(desk)
    await act(finance, payout, verb, words)
    assert isinstance(desk.refused[-1], refusal)
    assert await kept(desk) == before


async def test_a_late_return_without_a_reason_is_asked_again(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    payout = await request(desk)
    await approved(finance, payout)
    await exported(finance)
    await act(finance, payout, PayoutVerb.PAID, "77129900")
    (prompt,) = await press(finance, payout, PayoutVerb.LATE)
    (said,) = await finance.reply(prompt, "4055123")
    assert isinstance(desk.refused[-1], PayoutReasonUnreadable)
    assert "دلیلی" in said.text
    await finance.reply(prompt, " ")
    assert isinstance(desk.refused[-1], ReferenceUnreadable)
    await finance.reply(prompt, "4055123\nحساب بسته")
    assert (await now(desk, payout)).state is PayoutState.RETURNED_LATE


async def test_nobody_decides_about_their_own(desk: DeskUnderTest, team: Team) -> None:
    finance, other, _manager = team
    payout = await request(desk, finance.visitor.id)
    before = await kept(desk)
    for verb in (PayoutVerb.TAKE, PayoutVerb.REJECT):
        await press(finance, payout, verb)
        assert isinstance(desk.refused[-1], OwnPayout)
        assert await kept(desk) == before
    await approved(other, payout)
    assert not await finance.visitor.press_data("mpe:kanoon")
    assert isinstance(desk.refused[-1], OwnPayout)
    await exported(other)
    assert (await now(desk, payout)).state is PayoutState.SENT


OF_MANAGERS = (PayoutVerb.SECOND, PayoutVerb.RECALL, PayoutVerb.CORRECT)


async def test_roles_places_and_forgeries_are_refused_and_learn_nothing(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, manager = team
    payout = await request(desk)
    officer = await Officer.at(desk, OFFICER + 100, group_id=GROUP_ID)
    outsider = Officer.outsider(desk, 2999, GROUP_ID)
    await desk.open_desk(ELSEWHERE, "mazandaran")
    stranger = await Officer.at(desk, 2500, "mazandaran", role=Role.FINANCE, group_id=ELSEWHERE)
    before, heard = await kept(desk), len(desk.heard[SARA])
    for verb in PayoutVerb:
        missing = StaffOnly if verb in OF_MANAGERS else NoSuchPayout
        for person, refusal in (
            (officer, StaffOnly),
            (outsider, StaffOnly),
            (stranger, missing),
        ):
            assert not await press(person, payout, verb)
            assert isinstance(desk.refused[-1], refusal), (verb, refusal)
            assert "0001" not in toast(desk)
        await finance.visitor.press_data(PayoutDeskPressed(payout.code[::-1], verb.value).pack())
        assert isinstance(desk.refused[-1], missing), "its role is asked for before its code"
        await desk.person(finance.visitor.id).press_data(PayoutDeskPressed.on(payout, verb).pack())
        assert isinstance(desk.refused[-1], NotInDeskChat)
    await press(manager, payout, PayoutVerb.APPROVE)
    assert isinstance(desk.refused[-1], StaffOnly), "approving is the work of finance"
    await finance.visitor.press_data(f"mp:{payout.code}:forge")
    assert isinstance(desk.refused[-1], StaleButton)
    assert await kept(desk) == before
    assert len(desk.heard[SARA]) == heard


async def test_prompts_are_answered_by_who_may_in_words_of_their_own(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    payout = await request(desk)
    (prompt,) = await press(finance, payout, PayoutVerb.REJECT)
    before = await kept(desk)
    group = {"id": GROUP_ID, "type": "supergroup", "title": "Desk"}
    await finance.visitor.reply_to(prompt, WHY, sender_chat=group)
    assert isinstance(desk.refused[-1], AnonymousAdmin)
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "S"}
    await finance.visitor.reply_to(prompt, WHY, forward_origin=origin)
    officer = await Officer.at(desk, OFFICER + 100, group_id=GROUP_ID)
    await officer.reply(prompt, WHY)
    assert isinstance(desk.refused[-1], StaffOnly)
    (said,) = await finance.visitor.send(
        reply_to_message={"message_id": prompt.message_id, "date": 1, "chat": group},
        photo=[{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}],
    )
    assert "فایل" in said.text or "تصویر" in said.text
    assert await kept(desk) == before
    await desk.open_desk(ELSEWHERE)
    await finance.reply(prompt, WHY)
    assert isinstance(desk.refused[-1], NotInDeskChat), "the desk has moved to another group"
    assert await kept(desk) == before


async def test_the_card_of_what_moved_while_it_was_prompted_is_drawn_anew(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    payout = await request(desk)
    await desk.person(SARA).press_data(f"wyp:{payout.code}:gone")
    said = sound(await press(finance, payout, PayoutVerb.REJECT))
    assert "پس‌گرفته‌شده" in toast(desk)
    assert not acts_on(said)
    assert said.method == "editMessageText"


async def test_a_reply_to_a_card_goes_to_nobody(desk: DeskUnderTest, team: Team) -> None:
    finance, _other, _manager = team
    await request(desk)
    (card,) = desk.heard[GROUP_ID]
    before, heard = await kept(desk), len(desk.heard[SARA])
    await finance.reply(card, "به نظرم درست نیست")
    assert await kept(desk) == before
    assert len(desk.heard[SARA]) == heard


async def test_others_who_ask_for_the_same_account_are_a_warning(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    await request(desk)
    assert "⚠️" not in desk.heard[GROUP_ID][-1].text
    await request(desk, SARA, "۱۰۰ هزار تومان")
    assert "⚠️" not in desk.heard[GROUP_ID][-1].text, "one's own is no warning"
    second = await request(desk, REZA)
    assert "۱ نفر دیگر" in desk.heard[GROUP_ID][-1].text
    assert "۱ نفر دیگر" in sound(await press(finance, second, PayoutVerb.CARD)).text


async def test_the_group_reads_no_account_no_name_and_no_person(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, manager = team
    payout = await request(desk, SARA, f"{ABOVE} ریال")
    await approved(finance, payout)
    await press(manager, payout, PayoutVerb.SECOND)
    await finance.visitor.say("/payouts")
    await exported(finance)
    await act(finance, payout, PayoutVerb.PAID, "77129900")
    seen = "".join(repr(said.params) for said in desk.heard[GROUP_ID])
    for secret in (IBAN, IBAN[2:], IBAN[-8:-4], OWNER, OWNER.split()[0], str(SARA)):
        assert secret not in seen
    assert MASKED in plain(desk.heard[GROUP_ID][-1].text)


async def test_the_lists_are_counted_paged_and_lead_to_cards(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    nothing = await finance.visitor.say("/payouts")
    assert "در جریان نیست" in nothing.text
    count = PAYOUTS_ON_A_PAGE + 1
    payouts = []
    for number in range(count):
        desk.now += timedelta(minutes=1)
        payouts.append(await request(desk, SARA + 10 + number))
    lists = sound([await finance.visitor.say("/payouts")])
    assert "۹ درخواست در جریان است" in plain(lists.text)
    first = await tap(finance.visitor, lists, "requested")
    assert shown(payouts[0].code) in first.text
    assert shown(payouts[-1].code) not in first.text
    second = await tap(finance.visitor, first, "mpq", str(payouts[-2].id))
    assert shown(payouts[-1].code) in second.text
    card = await tap(finance.visitor, second, payouts[-1].code)
    assert card.method == "sendMessage"
    assert (await tap(finance.visitor, second, "mps")).text == lists.text
    for data, refusal in (
        ("mpq:kanoon:nowhere:0", StaleButton),
        ("mpq:nowhere:requested:0", StaleButton),
        ("mpq:kanoon:requested:x", StaleButton),
    ):
        await finance.visitor.press_data(data)
        assert isinstance(desk.refused[-1], refusal)


async def test_the_lists_of_another_office_stay_closed(desk: DeskUnderTest, team: Team) -> None:
    await request(desk)
    assert team
    await desk.open_desk(ELSEWHERE, "mazandaran")
    stranger = await Officer.at(desk, 2500, "mazandaran", role=Role.FINANCE, group_id=ELSEWHERE)
    assert "کیف پول ندارد" in (await stranger.visitor.say("/payouts")).text
    for data in (PayoutListPressed("kanoon", "requested", "0").pack(), "mpe:kanoon"):
        await stranger.visitor.press_data(data)
        assert isinstance(desk.refused[-1], StaffOnly | NotInDeskChat)
    assert not [said for said in desk.heard[ELSEWHERE] if "0001" in said.text]


async def test_every_act_is_in_the_audit_in_words(desk: DeskUnderTest, team: Team) -> None:
    finance, _other, manager = team
    payout = await request(desk)
    await approved(finance, payout)
    await act(manager, payout, PayoutVerb.RECALL, WHY)
    await press(finance, payout, PayoutVerb.APPROVE)
    await exported(finance)
    await act(finance, payout, PayoutVerb.PAID, "77129900")
    await act(finance, payout, PayoutVerb.LATE, "4055123 حساب بسته")
    entities = [{"type": "bot_command", "offset": 0, "length": 6}]
    pages = await manager.visitor.send(text="/audit", entities=entities)
    page = "".join(plain(said.text) for said in pages)
    for done in ("آغاز کرد", "بازخواند", "فایل واریز", "انجام‌شده ثبت کرد", "برگشت یک واریز"):
        assert done in page
    assert "payout" not in page.replace("payout:", ""), "each has words of its own"
    assert shown(payout.code) in page or payout.code in page
    async with desk.database.reading() as tx:
        notes = [opened_note(row) for row in await tx.execute(select(audit_table))]
    assert not [note for note in notes if note and (IBAN[2:] in note or OWNER in note)]


async def test_the_card_of_what_a_citizen_withdrew_names_who_had_acted(
    desk: DeskUnderTest, team: Team
) -> None:
    finance, _other, _manager = team
    payout = await request(desk)
    await press(finance, payout, PayoutVerb.TAKE)
    data = MyPayoutPressed.on(payout, MyPayoutVerb.WITHDRAW_SURELY).pack()
    await desk.person(SARA).press_data(data)
    card = plain(desk.heard[GROUP_ID][-1].text)
    assert "پس گرفت" in card
    assert "همکار پیشین" not in card
