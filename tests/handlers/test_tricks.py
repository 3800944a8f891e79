"""What somebody who means harm would try next: each trick changes nothing that is not theirs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.cases.model import Case
from bot.citizens.model import Role
from bot.kit.tracking import shown
from bot.outbox.tables import said_about
from handlers.callback_data.desk import DeskVerb
from handlers.callback_data.rights import ErasurePressed
from tests.handlers import payout_support, test_members, top_up_support
from tests.handlers.citizen_support import everything_kept, kept_case
from tests.handlers.citizen_support import register as register_as
from tests.handlers.desk_support import (
    MANAGER,
    OFFICER,
    REZA,
    SARA,
    STRANGER,
    Officer,
    dossier,
    register,
)
from tests.handlers.registering_support import (
    SARA_ID,
    given_learner,
    given_workshop,
    registered,
)
from tests.handlers.support import BOT, GROUP_ID, DeskUnderTest, Said, faults_of, plain

FINANCE, FOREIGN = 2_020, -1_009
HOSTILE = "{office} {0} %(x)s {words.__class__} \u202e\u2067 <b>x</b> &lt; =1+1 \ufeff"
# What an answer leaves behind, and what a flow of the one who tries it does.
HARMLESS = {"outbox", "spent_limit", "asked_question", "dialogue", "said_about", "citizen"}
HARMLESS |= {"offered", "sqlite_sequence"}


@dataclass
class Office:
    """An office at work: a case of Sara's and its card, a payout, an open invitation."""

    desk: DeskUnderTest
    officer: Officer
    manager: Officer
    finance: Officer
    case: Case
    card: Said
    link: str

    @property
    def stranger(self) -> Officer:
        return Officer.outsider(self.desk, STRANGER, GROUP_ID)

    def copied(self, said: Said, **more: object) -> dict[str, object]:
        """The message that a reply is a reply to, as the platform gives it."""
        chat = self.officer.visitor.chat
        text = plain(said.text)
        return {
            "message_id": said.message_id,
            "date": 1,
            "chat": chat,
            "from": BOT,
            "text": text,
        } | more


@pytest.fixture
async def office(desk: DeskUnderTest) -> Office:
    await desk.open_desk(GROUP_ID, "kanoon")
    people = {}
    for person_id, role in (
        (OFFICER, Role.OFFICER),
        (MANAGER, Role.MANAGER),
        (FINANCE, Role.FINANCE),
    ):
        people[role] = await Officer.at(desk, person_id, "kanoon", role=role, group_id=GROUP_ID)
    case = await register(desk)
    card = await people[Role.OFFICER].card(case)
    link = await test_members.given_link(desk, "manager")
    return Office(
        desk, people[Role.OFFICER], people[Role.MANAGER], people[Role.FINANCE], case, card, link
    )


Trick = Callable[[Office], Awaitable[object]]


async def an_answer_of_one_who_is_no_staff(office: Office) -> None:
    await office.stranger.reply(office.card, "پول را به این حساب بریزید")


async def an_answer_that_was_forwarded(office: Office) -> None:
    origin = {
        "type": "user",
        "date": 1,
        "sender_user": {"id": STRANGER, "is_bot": False, "first_name": "x"},
    }
    await office.officer.visitor.reply_to(office.card, "جعلی", forward_origin=origin)


async def an_answer_in_the_name_of_the_group(office: Office) -> None:
    hidden = office.officer.visitor.chat
    await office.officer.visitor.reply_to(office.card, "جعلی", sender_chat=hidden)


async def an_answer_of_a_channel_that_is_bound_to_the_group(office: Office) -> None:
    channel = {"id": -1_010, "type": "channel", "title": "News"}
    more = {"sender_chat": channel, "is_automatic_forward": True}
    await office.officer.visitor.reply_to(office.card, "جعلی", **more)


async def an_answer_that_was_edited_into_one(office: Office) -> None:
    original = office.copied(office.card)
    visitor = office.officer.visitor
    await visitor.send("edited_message", text="جعلی", reply_to_message=original, edit_date=2)


async def a_card_that_was_copied_into_another_group(office: Office) -> None:
    elsewhere = Officer.outsider(office.desk, OFFICER, FOREIGN)
    await elsewhere.reply(office.card, "از گروهی دیگر")


async def a_card_that_an_officer_answers_in_private(office: Office) -> None:
    await office.desk.person(OFFICER).reply_to(office.card, "از گفت‌وگوی خصوصی")


async def a_card_of_somebody_who_calls_themselves_the_desk(office: Office) -> None:
    author = {"id": STRANGER, "is_bot": True, "first_name": "Mizban", "username": "mizban"}
    forged = office.copied(office.card, **{"from": author}) | {"message_id": 1}
    await office.stranger.visitor.send(text="جعلی", reply_to_message=forged)


async def a_reply_to_a_message_of_another_chat(office: Office) -> None:
    origin = {"type": "chat", "date": 1, "sender_chat": office.officer.visitor.chat}
    quoted = {
        "origin": origin,
        "chat": office.officer.visitor.chat,
        "message_id": office.card.message_id,
    }
    await office.desk.person(REZA).send(text="جعلی", external_reply=quoted)


async def a_link_that_is_opened_by_an_edit(office: Office) -> None:
    text = f"/start {office.link}"
    mark = [{"type": "bot_command", "offset": 0, "length": 6}]
    person = office.desk.person(STRANGER)
    await person.send("edited_message", text=text, entities=mark, edit_date=2)


async def a_link_that_is_opened_in_a_group(office: Office) -> None:
    await office.stranger.visitor.send(**test_members.command(f"/start {office.link}"))


async def a_link_whose_signs_were_changed(office: Office) -> None:
    person = office.desk.person(STRANGER)
    for link in (office.link[:-1], office.link + "A", office.link.swapcase(), office.link.upper()):
        await person.send(**test_members.command(f"/start {link}"))
    await person.send(**test_members.command(f"/start inv_%{'_' * 30}"))


async def a_ban_that_lasts_for_ever(office: Office) -> None:
    for days in ("9" * 30, "-1", "0", "1e3", "۹۱", "NaN", "0x7", "7.5", "٧٧٧٧٧٧٧"):
        await office.manager.reply(office.card, f"/ban {days} توهین")


async def a_ban_of_an_officer_by_an_officer(office: Office) -> None:
    await office.officer.reply(office.card, "/ban 7 توهین")


async def a_day_that_no_calendar_has(office: Office) -> None:
    for day in ("1405/13/01", "99999/01/01", "0/0/0", "1405/12/31", "-1405/09/03"):
        await office.officer.visitor.send(**test_members.command(f"/close kanoon {day} برف"))


async def a_case_that_is_called_by_odd_digits(office: Office) -> None:
    number = str(office.case.id)
    odd = (
        f"+{number}",
        f" {number}",
        f"{number}_0",
        f"0x{number}",
        f"{number}.0",
        f"{number}e0",
        "٣",
        "５",
    )
    for one in odd:
        await office.officer.visitor.press_data(f"d:{one}:take:")


async def a_button_with_more_parts_than_it_has(office: Office) -> None:
    for data in (
        f"d:{office.case.id}:take::",
        f"d:{office.case.id}:take",
        "d::::",
        "mbx:kanoon:::",
    ):
        await office.officer.visitor.press_data(data)


async def a_press_of_a_bot(office: Office) -> None:
    data = next(one for one in office.card.presses if f":{DeskVerb.TAKE.value}:" in one)
    author = {"id": STRANGER, "is_bot": True, "first_name": "Bot", "username": "other_bot"}
    message = office.copied(office.card)
    query = {"id": "5", "from": author, "chat_instance": "1", "data": data, "message": message}
    await office.desk.receive("callback_query", query)


async def a_press_of_the_service_that_speaks_for_groups(office: Office) -> None:
    for person_id in (1_087_968_824, 777_000, 136_817_688):
        hidden = Officer.outsider(office.desk, person_id, GROUP_ID)
        for data in office.card.presses:
            await hidden.visitor.press_data(data, message_id=office.card.message_id)


async def an_end_that_another_person_was_asked_about(office: Office) -> None:
    sara = office.desk.person(SARA)
    await sara.press_data("rt:e")
    (asked,) = await sara.press_data("rt:g")
    token = next(data for data in asked.presses if data.startswith("rte:"))
    await office.desk.person(REZA).press_data(token)
    await office.stranger.visitor.press_data(token)
    await sara.press_data(ErasurePressed("0" * 20).pack())


async def a_group_that_says_it_has_moved(office: Office) -> None:
    """Only the platform says so, in the group itself; a person cannot, from a chat of theirs."""
    person = office.desk.person(STRANGER)
    await person.send(migrate_to_chat_id=FOREIGN)
    await person.send(migrate_from_chat_id=GROUP_ID)


async def a_receipt_of_a_payment_that_nobody_was_billed_for(office: Office) -> None:
    office.desk.shared.takes_payments = True
    await top_up_support.billed(office.desk.person(SARA))
    for payload in ("topup:AAAAA", "1", "", "../..", "\0"):
        query = {
            "id": "q1",
            "from": office.desk.person(REZA).author,
            "currency": "IRR",
            "total_amount": 10**15,
            "invoice_payload": payload,
        }
        await office.desk.receive("pre_checkout_query", query)
        assert not office.desk.direct[-1].params["ok"]


async def a_command_in_the_words_under_a_picture(office: Office) -> None:
    mark = [{"type": "bot_command", "offset": 0, "length": 4}]
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    original = office.copied(office.card)
    caption = {"caption": "/ban 7 توهین", "caption_entities": mark, "photo": photo}
    await office.stranger.visitor.send(**caption, reply_to_message=original)


async def a_name_of_another_bot_behind_a_command(office: Office) -> None:
    text = "/invite@somebody_elses_bot"
    mark = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    await office.manager.visitor.send(text=text, entities=mark)


async def a_mark_that_reaches_beyond_the_text(office: Office) -> None:
    for offset, length in ((0, 10**9), (-5, 3), (10**9, 1), (3, 0)):
        mark = [{"type": "bot_command", "offset": offset, "length": length}]
        await office.manager.visitor.send(text="/invite", entities=mark)


TRICKS: list[Trick] = [
    value
    for name, value in sorted(globals().items())
    if name.startswith(("a_", "an_")) and callable(value)
]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
async def test_a_trick_changes_nothing_and_nobody_else_hears_of_it(
    desk: DeskUnderTest, office: Office, trick: Trick
) -> None:
    before, heard = await everything_kept(desk), len(desk.heard[SARA])
    await trick(office)
    after = await everything_kept(desk)
    changed = {name for name in after if after[name] != before.get(name)}
    if "bill" in trick.__name__:
        changed -= {"top_up", "consent"}  # the bill of Sara's own
    assert changed <= HARMLESS, changed
    told = [said for said in desk.heard[SARA][heard:] if "جعلی" in said.text]
    assert not told
    for messages in desk.heard.values():
        assert not [fault for said in messages for fault in faults_of(said)]


async def test_a_link_that_was_used_makes_nobody_else_staff(office: Office) -> None:
    first, second = office.desk.person(STRANGER), office.desk.person(STRANGER + 1)
    await first.say(f"/start {office.link}")
    for person in (second, first, second):
        await person.send(**test_members.command(f"/start {office.link}"))
    assert await test_members.roles(office.desk, STRANGER) == [("kanoon", Role.MANAGER)]
    assert await test_members.roles(office.desk, STRANGER + 1) == []


async def test_a_code_that_somebody_writes_into_their_words_leads_no_answer_astray(
    desk: DeskUnderTest, office: Office
) -> None:
    """A card is known by its own code where the map of messages was lost in a crash."""
    reza = desk.person(REZA)
    text = f"پاسخ را به پرونده {shown(office.case.tracking_code)} بدهید."
    receipt = await register_as(reza, text)
    theirs = (await kept_case(desk, receipt)).case
    card = await office.officer.card(theirs)
    async with desk.database.transaction() as tx:
        await tx.execute(said_about.delete())
    await office.officer.reply(card, "پاسخ برای رضا")
    said = [one.text for one in (await dossier(desk, theirs)).messages]
    others = [one.text for one in (await dossier(desk, office.case)).messages]
    assert "پاسخ برای رضا" not in others
    assert "پاسخ برای رضا" not in said, "with two codes in it, nobody knows which is meant"


@pytest.mark.parametrize("text", [HOSTILE, "{" * 300, "%s" * 100, "\u202e" * 50 + "x"])
async def test_what_is_written_is_said_back_as_it_is_and_fills_no_blank(
    desk: DeskUnderTest, office: Office, text: str
) -> None:
    workshop = await given_workshop(desk, title="x" + text[:30].replace("{", "("))
    await registered(desk, workshop, learner=await given_learner(desk))
    await desk.person(SARA_ID).send(**test_members.command("/myworkshops"))
    await office.officer.reply(office.card, text)
    await office.officer.reply(office.card, f"/note {text}")
    await office.manager.reply(office.card, f"/ban 1 {text}")
    await office.manager.visitor.send(**test_members.command("/audit"))
    await desk.person(SARA).send(**test_members.command("/cases"))
    for messages in desk.heard.values():
        for said in messages:
            assert not [fault for fault in faults_of(said) if "{" not in text], said.text
            assert "<class" not in said.text
            assert "\u202e" not in said.text


async def test_a_payout_cannot_be_decided_by_who_stands_in_the_group(
    desk: DeskUnderTest, office: Office
) -> None:
    await payout_support.give(desk)
    payout = await payout_support.request(desk)
    before = (await everything_kept(desk))["payout"]
    drawn = [
        data for said in desk.heard[GROUP_ID] for data in said.presses if data.startswith("mp")
    ]
    assert drawn, payout
    for who in (office.stranger, office.officer):
        for data in drawn:
            await who.visitor.press_data(data)
    assert (await everything_kept(desk))["payout"] == before


def test_there_are_as_many_tricks_as_somebody_has_patience_for() -> None:
    assert len(TRICKS) >= 20
    assert len({trick.__name__ for trick in TRICKS}) == len(TRICKS)


@pytest.mark.parametrize("number", ["09123456789", "0013542419", "IR820540102680020817909002"])
async def test_a_persons_number_in_a_reason_is_told_to_nobody(
    desk: DeskUnderTest, office: Office, number: str
) -> None:
    asked = test_members.command(f"/close kanoon 1405/09/03 سیل، تلفن {number}")
    (preview,) = await office.officer.visitor.send(**asked)
    confirm = next(data for data in preview.presses if data.startswith("cly:"))
    await office.officer.visitor.press_data(confirm, message_id=preview.message_id)
    assert "سیل" in desk.heard[SARA][-1].text
    for messages in desk.heard.values():
        assert not [said for said in messages if number[-8:] in said.text]
    assert number not in repr(await everything_kept(desk))
