"""The staff desk: officers answer, note, snooze, transfer and close from the admin chat."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.cases.errors import NoSuchCase, ReasonMissing, TextMissing, TextTooLongForCase
from bot.cases.model import Case, CaseState, Ending, MessageKind
from bot.citizens.errors import NotInDeskChat, StaffOnly
from handlers.callback_data import StaleButton
from handlers.callback_data.desk import CaseDeskPressed, DeskVerb
from handlers.views.desk import case_acts
from tests.handlers.desk_support import (
    COLLEAGUE,
    GROUP_ID,
    OFFICER,
    OTHER_GROUP_ID,
    REZA,
    SARA,
    STRANGER,
    WORDS,
    Officer,
    dossier,
    register,
    said_in,
    told,
    verb,
)
from tests.handlers.support import BOT, DeskUnderTest, Visitor, faults_of, plain

ANSWER = "گواهی شما امروز صادر شد."


@pytest.fixture(autouse=True)
async def nothing_wrong_or_personal_was_said(desk: DeskUnderTest) -> AsyncIterator[None]:
    yield
    for chat_id, messages in desk.heard.items():
        for said in messages:
            assert not faults_of(said), said.text
            if chat_id < 0:
                shown = plain(said.text) + str(said.params)
                assert "Sara" not in shown
                assert "7712345" not in shown


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID)
    return await Officer.at(desk, OFFICER)


@pytest.fixture
async def colleague(desk: DeskUnderTest, officer: Officer) -> Officer:
    del officer
    return await Officer.at(desk, COLLEAGUE)


async def spoken(desk: DeskUnderTest, case: Case) -> list[tuple[MessageKind, str]]:
    return [(said.kind, said.text) for said in (await dossier(desk, case)).messages]


class TestAnswering:
    async def test_a_reply_to_the_card_answers_the_citizen(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        assert WORDS in plain(card.text)
        (confirmed,) = await officer.reply(card, ANSWER)
        assert said_in(desk, "✅ Sent to the citizen.") in confirmed.text
        (heard,) = told(desk, SARA)
        assert ANSWER in heard
        assert desk.heard[SARA][0].about == f"case:{case.id}"
        assert (await dossier(desk, case)).case.assignee_id == OFFICER

    async def test_replying_to_the_confirmation_goes_on_with_the_same_case(
        self, desk: DeskUnderTest, officer: Officer, colleague: Officer
    ) -> None:
        first, second = await register(desk), await register(desk, author=REZA)
        (confirmed,) = await officer.reply(await officer.card(first), ANSWER)
        await officer.reply(await officer.card(second), "پاسخ دیگر")
        await colleague.reply(confirmed, "و نسخه آن هم ارسال شد.")
        assert len(told(desk, SARA)) == 2
        assert len(told(desk, REZA)) == 1

    async def test_who_is_anonymous_reads_the_answer_by_the_code_alone(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk, is_anonymous=True)
        (confirmed,) = await officer.reply(await officer.card(case), ANSWER)
        assert said_in(desk, "✅ Sent to the citizen.") not in confirmed.text
        assert set(desk.heard) == {GROUP_ID}
        assert (MessageKind.ANSWER, ANSWER) in await spoken(desk, case)

    async def test_a_note_never_leaves_the_office(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        (kept,) = await officer.reply(card, "/note با مالی هماهنگ شود")
        (prompt,) = await officer.press(card, DeskVerb.NOTE)
        await officer.reply(prompt, "مالی تأیید کرد")
        assert not told(desk, SARA)
        notes = [text for kind, text in await spoken(desk, case) if kind is MessageKind.NOTE]
        assert notes == ["با مالی هماهنگ شود", "مالی تأیید کرد"]
        assert said_in(desk, "📝 Noted for colleagues. The citizen does not see it.") in kept.text

    async def test_a_note_without_words_or_without_a_case_says_how_it_is_written(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        card = await officer.card(await register(desk))
        await officer.reply(card, "/note")
        assert isinstance(desk.refused[-1], TextMissing)
        said = await officer.visitor.say("/note به کدام پرونده؟")
        assert "/note" in said.text

    @pytest.mark.parametrize("text", ["/nte محرمانه", "@ali نظرت چیست؟", "/پاسخ"])
    async def test_what_looks_like_a_command_or_a_word_to_a_colleague_is_held_back(
        self, desk: DeskUnderTest, officer: Officer, text: str
    ) -> None:
        case = await register(desk)
        (said,) = await officer.reply(await officer.card(case), text)
        assert "/note" in said.text
        assert not told(desk, SARA)
        assert len(await spoken(desk, case)) == 1

    async def test_a_reply_to_a_colleague_goes_to_nobody(
        self, desk: DeskUnderTest, officer: Officer, colleague: Officer
    ) -> None:
        case = await register(desk)
        await officer.reply(await officer.card(case), ANSWER)
        mine = {"message_id": OFFICER * 1000, "date": 1, "chat": officer.visitor.chat}
        original = mine | {"from": officer.visitor.author, "text": ANSWER}
        said = await colleague.visitor.send(text="عالی بود", reply_to_message=original)
        assert said == []
        assert len(told(desk, SARA)) == 1

    async def test_an_edited_answer_reaches_the_citizen_as_a_correction_and_as_a_version(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        await officer.reply(await officer.card(case), ANSWER)
        edit = officer.visitor.message(text="گواهی شما فردا صادر می‌شود.", edit_date=1)
        edit["message_id"] = OFFICER * 1000
        (confirmed,) = await desk.receive("edited_message", edit)
        assert "✏️" in confirmed.text
        assert "فردا" in told(desk, SARA)[-1]
        latest = (await dossier(desk, case)).messages[-1]
        assert (latest.version, "فردا" in latest.text) == (2, True)

    async def test_an_answer_that_was_refused_is_not_sent_by_editing_it_and_that_is_said(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        await officer.reply(card, "پاسخ " * 500)
        assert isinstance(desk.refused[-1], TextTooLongForCase)
        edit = officer.visitor.message(
            text=ANSWER,
            edit_date=1,
            reply_to_message={
                "message_id": card.message_id,
                "date": 1,
                "chat": officer.visitor.chat,
                "from": BOT,
                "text": plain(card.text),
            },
        )
        edit["message_id"] = OFFICER * 1000
        (said,) = await desk.receive("edited_message", edit)
        assert said.text == case_acts.not_edited(desk.shared.words["fa"]).text
        assert not told(desk, SARA)

    async def test_files_are_refused_and_an_album_once(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        card = await officer.card(await register(desk))
        original = {
            "message_id": card.message_id,
            "date": 1,
            "chat": officer.visitor.chat,
            "from": {"id": 1, "is_bot": True, "first_name": "Mizban"},
            "text": plain(card.text),
        }
        photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
        for _ in range(3):
            await officer.visitor.send(photo=photo, media_group_id="7", reply_to_message=original)
        assert len(desk.heard[GROUP_ID]) == 2
        assert not told(desk, SARA)

    async def test_a_card_that_is_not_in_the_map_is_known_by_its_code(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        unknown = type(card)(card.method, card.params, card.chat_id, 4_000_000)
        await officer.reply(unknown, ANSWER)
        assert len(told(desk, SARA)) == 1

    async def test_an_answer_that_cannot_be_placed_is_said_to_have_gone_to_nobody(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        await register(desk)
        await register(desk, author=REZA)
        counts = await officer.visitor.say("/cases")
        (listed,) = await officer.visitor.press_data("q:kanoon:open:0")
        forgotten = type(listed)(listed.method, listed.params, listed.chat_id, 4_000_000)
        for original in (counts, listed, forgotten):
            (said,) = await officer.reply(original, ANSWER)
            assert "/cases" in said.text
        assert not told(desk, SARA)
        assert not told(desk, REZA)


@pytest.mark.parametrize(
    "text", ["&" * 2000, "🙂" * 1000, "<b>\u202e" * 300, "x" * 2000], ids=["&", "🙂", "tags", "x"]
)
async def test_whatever_is_written_every_page_of_a_case_can_be_shown(
    desk: DeskUnderTest, officer: Officer, text: str
) -> None:
    case = await register(desk, text=text)
    card = await officer.card(case)
    await officer.reply(card, text)
    card = await officer.card(case)
    await officer.press(card, DeskVerb.NOTE)
    (more,) = await officer.press(card, DeskVerb.MORE)
    await officer.press(more, DeskVerb.HISTORY)
    await officer.visitor.press_data("q:kanoon:open:0")
    assert not desk.refused


class TestButtons:
    async def test_only_one_of_two_officers_takes_a_case(
        self, desk: DeskUnderTest, officer: Officer, colleague: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        (mine,) = await officer.press(card, DeskVerb.TAKE)
        (theirs,) = await colleague.press(card, DeskVerb.TAKE)
        assert desk.direct[0].params["text"]
        assert f"Staff {OFFICER}" in mine.text
        assert f"Staff {OFFICER}" in theirs.text
        assert (await dossier(desk, case)).case.assignee_id == OFFICER
        assert {mine.method, theirs.method} == {"editMessageText"}

    async def test_where_pages_are_not_edited_each_card_stands_below_and_can_be_answered(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        desk.shared.edits_pages = False
        case = await register(desk)
        (card,) = await officer.press(await officer.card(case), DeskVerb.TAKE)
        assert (card.method, card.about) == ("sendMessage", f"case:{case.id}")
        await officer.reply(card, ANSWER)
        assert len(told(desk, SARA)) == 1

    async def test_a_case_is_given_back(
        self, desk: DeskUnderTest, officer: Officer, colleague: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        await officer.press(card, DeskVerb.TAKE)
        (more,) = await officer.press(card, DeskVerb.MORE)
        await colleague.press(more, DeskVerb.RELEASE)
        assert (await dossier(desk, case)).case.assignee_id == OFFICER
        await officer.press(more, DeskVerb.RELEASE)
        assert (await dossier(desk, case)).case.assignee_id is None

    async def test_a_ready_answer_is_seen_before_it_is_sent_and_sent_once(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        (listed,) = await officer.press(await officer.card(case), DeskVerb.READY)
        (preview,) = await officer.press(listed, DeskVerb.SEE, "received")
        ready = desk.shared.catalogue.published_by("kanoon").desk.ready_answers[0]
        assert plain(ready.text.fa) in plain(preview.text)
        assert not told(desk, SARA)
        for _ in range(2):
            await officer.press(preview, DeskVerb.SEND)
        assert len(told(desk, SARA)) == 1
        assert desk.direct[0].params["text"]

    async def test_asking_the_citizen_lets_the_deadline_rest(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        (prompt,) = await officer.press(await officer.card(case), DeskVerb.ASK)
        await officer.reply(prompt, "نام کارگاه چه بود؟")
        assert "نام کارگاه چه بود؟" in told(desk, SARA)[0]
        kept = await dossier(desk, case)
        assert kept.case.state is CaseState.WAITING
        card = await officer.card(case)
        assert said_in(desk, "⏸ The deadline rests until the citizen writes.") in card.text

    @pytest.mark.parametrize("ending", [Ending.DONE, Ending.ANSWERED])
    async def test_a_double_tap_closes_once(
        self, desk: DeskUnderTest, officer: Officer, ending: Ending
    ) -> None:
        case = await register(desk)
        await officer.reply(await officer.card(case), ANSWER)
        (menu,) = await officer.press(await officer.card(case), DeskVerb.ENDINGS)
        for _ in range(2):
            (card,) = await officer.press(menu, DeskVerb.END, ending.value)
        assert len(told(desk, SARA)) == 2
        kept = (await dossier(desk, case)).case
        assert (kept.state, kept.ending) == (CaseState.ANSWERED, ending)
        assert not [data for data in card.presses if data.endswith(":endings:")]

    async def test_leads_on_to_the_cases_that_nobody_has_taken(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case, other = await register(desk), await register(desk, author=SARA + 1)
        await officer.reply(await officer.card(case), ANSWER)
        (menu,) = await officer.press(await officer.card(case), DeskVerb.ENDINGS)
        (card,) = await officer.press(menu, DeskVerb.END, Ending.ANSWERED.value)
        (new,) = [data for data in card.presses if data.startswith("q:")]
        (listed,) = await officer.visitor.press_data(new, message_id=card.message_id)
        assert listed.method == "sendMessage"
        assert [data for data in listed.presses if data.startswith("d:")] == [
            f"d:{other.id}:open:"
        ]

    async def test_nothing_ends_as_answered_that_was_not_answered(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        (menu,) = await officer.press(await officer.card(case), DeskVerb.ENDINGS)
        assert not [data for data in menu.presses if data.endswith(":answered")]
        forged = CaseDeskPressed.on(case.id, DeskVerb.END, "answered").pack()
        (again,) = await officer.visitor.press_data(forged, message_id=menu.message_id)
        assert plain(again.text) == plain(menu.text)
        assert (await dossier(desk, case)).case.state is CaseState.OPEN
        assert not told(desk, SARA)

    async def test_an_answer_to_an_ended_case_is_said_to_be_unsent(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        (menu,) = await officer.press(card, DeskVerb.ENDINGS)
        await officer.press(menu, DeskVerb.END, "done")
        (said,) = await officer.reply(card, ANSWER)
        assert said.text == case_acts.over_not_sent(desk.shared.words["fa"], case).text
        assert len(told(desk, SARA)) == 1
        assert [kind for kind, _ in await spoken(desk, case)] == [MessageKind.WORDS]

    async def test_who_answers_beside_a_colleague_is_told_so(
        self, desk: DeskUnderTest, officer: Officer, colleague: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        (alone,) = await officer.reply(card, ANSWER)
        (beside,) = await colleague.reply(card, ANSWER)
        assert "👥" not in alone.text
        assert f"Staff {OFFICER}" in beside.text
        (again,) = await officer.reply(card, ANSWER)
        assert f"Staff {COLLEAGUE}" in again.text

    async def test_a_rejection_needs_a_reason_that_the_citizen_reads(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        (menu,) = await officer.press(await officer.card(case), DeskVerb.ENDINGS)
        _card, prompt = await officer.press(menu, DeskVerb.END, "cannot_be_done")
        assert (await dossier(desk, case)).case.state is CaseState.OPEN
        await officer.reply(prompt, "  ")
        assert isinstance(desk.refused[-1], ReasonMissing | TextMissing)
        await officer.reply(prompt, "دوره برگزار نشده است.")
        assert "دوره برگزار نشده است." in told(desk, SARA)[0]
        assert (await dossier(desk, case)).case.ending is Ending.CANNOT_BE_DONE

    async def test_a_case_moves_to_another_service_and_is_put_aside(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        (moves,) = await officer.press(card, DeskVerb.MOVES)
        service_id = verb(moves, DeskVerb.MOVE).rpartition(":")[2]
        await officer.press(moves, DeskVerb.MOVE, service_id)
        assert (await dossier(desk, case)).case.service_id == service_id != case.service_id
        (snoozes,) = await officer.press(card, DeskVerb.SNOOZES)
        (shown,) = await officer.press(snoozes, DeskVerb.SNOOZE, "tomorrow")
        until = (await dossier(desk, case)).case.snoozed_until
        assert until is not None
        assert "😴" in shown.text
        await officer.press(snoozes, DeskVerb.SNOOZE, "reply")
        assert (await dossier(desk, case)).case.is_snoozed_until_reply

    async def test_duplicates_are_merged_and_both_citizens_keep_their_privacy(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case, target = await register(desk), await register(desk, author=REZA)
        (more,) = await officer.press(await officer.card(case), DeskVerb.MORE)
        (prompt,) = await officer.press(more, DeskVerb.MERGE)
        await officer.reply(prompt, f"این با {target.tracking_code} یکی است")
        kept = (await dossier(desk, case)).case
        assert (kept.ending, kept.merged_into) == (Ending.MERGED, target.id)
        (heard,) = told(desk, SARA)
        assert target.tracking_code[:5] not in heard

    async def test_a_changed_process_closes_the_loop_with_its_author_once(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        (more,) = await officer.press(await officer.card(case), DeskVerb.MORE)
        (prompt,) = await officer.press(more, DeskVerb.CHANGED)
        for _ in range(2):
            await officer.reply(prompt, "مهلت صدور کوتاه شد.")
        assert len(told(desk, SARA)) == 1
        assert (await dossier(desk, case)).case.is_process_changed

    async def test_history_and_reasons_are_read_page_by_page(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        for number in range(6):
            desk.now += timedelta(minutes=1)
            await officer.reply(card, f"{number} " + "پاسخ " * 300)
        (more,) = await officer.press(card, DeskVerb.MORE)
        (history,) = await officer.press(more, DeskVerb.HISTORY)
        (older,) = await officer.press(history, DeskVerb.HISTORY, "1")
        assert history.text != older.text
        assert f"Staff {OFFICER}" in history.text
        (reasons,) = await officer.press(more, DeskVerb.WHY)
        assert "آذر" in reasons.text


class TestWhoAndWhere:
    async def test_staff_of_another_office_find_nothing(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk, office_id="kanoon")
        card = await officer.card(case)
        await desk.open_desk(OTHER_GROUP_ID, "mazandaran")
        other = await Officer.at(desk, COLLEAGUE, "mazandaran", group_id=OTHER_GROUP_ID)
        missing = CaseDeskPressed("999999", "take")
        for data in (verb(card, DeskVerb.TAKE), missing.pack()):
            assert await other.visitor.press_data(data) == []
            assert isinstance(desk.refused[-1], NoSuchCase)
            assert desk.direct[0].params["text"]
            assert case.tracking_code[:5] not in str(desk.direct)
        await other.reply(type(card)(card.method, card.params, OTHER_GROUP_ID, 5_000_000), ANSWER)
        assert isinstance(desk.refused[-1], NoSuchCase)
        assert not told(desk, SARA)
        assert len(await spoken(desk, case)) == 1

    async def test_who_is_no_officer_can_do_nothing(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        outsider = Officer.outsider(desk, STRANGER)
        before = await dossier(desk, case)
        for wanted in (DeskVerb.TAKE, DeskVerb.ASK, DeskVerb.READY, DeskVerb.MORE):
            await outsider.press(card, wanted)
            assert isinstance(desk.refused[-1], StaffOnly)
        for text in (ANSWER, "/note سلام"):
            await outsider.reply(card, text)
            assert isinstance(desk.refused[-1], StaffOnly)
        await outsider.visitor.send(text="/cases", entities=_command("/cases"))
        assert isinstance(desk.refused[-1], StaffOnly)
        assert await dossier(desk, case) == before

    async def test_a_card_pressed_elsewhere_does_nothing(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        take = verb(await officer.card(case), DeskVerb.TAKE)
        for visitor in (desk.person(OFFICER), Visitor(desk, OFFICER, "fa", group_id=-77)):
            await visitor.press_data(take)
            assert isinstance(desk.refused[-1], NotInDeskChat)
        assert (await dossier(desk, case)).case.assignee_id is None

    async def test_forwarded_and_edited_commands_have_no_effect(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        card = await officer.card(case)
        before = await dossier(desk, case)
        origin = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
        for text in ("/cases", "/note سلام"):
            entities = _command(text)
            forwarded = await officer.visitor.send(
                text=text, entities=entities, forward_origin=origin
            )
            edited = await officer.visitor.send(
                "edited_message", text=text, entities=entities, edit_date=2
            )
            assert forwarded == edited == []
        assert await officer.visitor.reply_to(card, ANSWER, forward_origin=origin) == []
        assert await dossier(desk, case) == before

    @pytest.mark.parametrize(
        "data",
        [
            "d:1",
            "d:1:take",
            "d:x:take:",
            "d:1:burn:",
            "d:1:send:received",
            "d:1:send:nothing.1",
            "d:1:move:nowhere",
            "d:1:moves:-1",
            "d:1:end:withdrawn",
            "d:1:snooze:never",
            "d:1:history:1.5",
            "q:kanoon:nothing:0",
            "q:nowhere:open:0",
            "q:kanoon:open:x",
        ],
    )
    async def test_a_forged_button_does_nothing(
        self, desk: DeskUnderTest, officer: Officer, data: str
    ) -> None:
        case = await register(desk)
        before = await dossier(desk, case)
        await officer.visitor.press_data(data.replace("d:1:", f"d:{case.id}:", 1))
        assert isinstance(desk.refused[-1], StaleButton)
        assert await dossier(desk, case) == before


def _command(text: str) -> list[dict[str, object]]:
    return [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
