"""Buttons that somebody forged, of somebody else, or in a group; and what must never be said."""

import logging

import pytest

from bot.workshops.model import RegistrationState
from handlers.callback_data import StaleButton, identifying, learners, my_workshops, registering
from tests.handlers.registering_support import (
    CHILD,
    MINA_ID,
    REZA_ID,
    SARA_ID,
    balance_of,
    given_learner,
    given_money,
    given_workshop,
    press,
    registered,
    registrations,
    states,
    tap,
    up_to_place,
    up_to_terms,
)
from tests.handlers.support import GROUP_ID, DeskUnderTest, faults_of, plain
from tests.workshops import given
from tests.workshops.support import FEE

PREFIXES = sorted(
    payload.prefix
    for module in (registering, my_workshops, learners, identifying)
    for payload in vars(module).values()
    if isinstance(payload, type) and "prefix" in vars(payload)
)
OF_SOMEBODY_ELSE = (
    "wra:1:1",
    "wrt:1:0",
    "wrh:1",
    "wrp:1:operation",
    "wrb:1",
    "wri:1:0",
    "wri:1:n",
    "wrx:1:s",
    "wrx:1:",
    "wj:1:1:",
    "wj:2:1:s",
    "wja:1:operation:s",
    "wjd:1:s",
    "wjl:1:s",
    "wjw:1",
    "wmr:1:",
    "wmr:2:1",
    "wms:1:0",
    "wmh:1",
    "wmd:1:",
    "wmd:1:operation",
    "wmw:1:operation",
    "wmm:1:0",
    "wmt:1:1:0",
    "wmv:1:1:1:operation:s",
    "wmi:1",
    "wmc:1:s",
    "wrl:1:1",
    "wrs:1:1",
    "wle:s:1:0",
    "wle:r:1:0",
    "wle:g:1:0",
)

FORGED = (
    "",
    ":",
    ":x:y",
    ":-1",
    ":99999999999999999999:1",
    ":1-1:1",
    ":1:۱",
    ":1:\0",
    ":1:a b",
    ":1:2:3:4:5:6:7",
)


async def somebody_with_everything(desk: DeskUnderTest) -> None:
    """Reza has a confirmed place and a turn in a line, and learners."""
    first = await given_workshop(desk, places=1, quorum=1)
    reza, _receipt = await registered(desk, first, REZA_ID)
    second = await given_workshop(desk, places=1, quorum=1, fee_rial=0, title="سفال")
    await registered(desk, second, MINA_ID)
    child = await given_learner(desk, REZA_ID, name="آراد")
    page = await up_to_place(reza, second, child)
    if any(data.startswith("wrh") for data in page.presses):
        page = await tap(reza, page, "wrh")
    await tap(reza, page, "wj", "0")


async def test_what_is_somebody_elses_is_as_good_as_none(desk: DeskUnderTest) -> None:
    await somebody_with_everything(desk)
    before = await given.rows_of(desk.database)
    for data in OF_SOMEBODY_ELSE:
        desk.refused.clear()
        said = await desk.person(SARA_ID).press_data(data)
        assert len(said) == 1
        assert not faults_of(said[0])
        for secret in (CHILD, "آراد", "class.example.ir", str(REZA_ID)):
            assert secret not in plain(said[0].text), data
        assert desk.refused, data
    assert await given.rows_of(desk.database) == before


def test_every_button_of_ones_own_is_tried_by_somebody_else() -> None:
    tried = {data.partition(":")[0] for data in OF_SOMEBODY_ELSE}
    assert set(PREFIXES) - tried == {"wr", "wm", "wld"}, "these lead to what is one's own"


async def test_a_forged_button_breaks_nothing(desk: DeskUnderTest) -> None:
    await somebody_with_everything(desk)
    before = await given.rows_of(desk.database)
    for prefix in PREFIXES:
        for rest in FORGED:
            said = await desk.person(REZA_ID).press_data(prefix + rest)
            assert not [fault for one in said for fault in faults_of(one)], prefix + rest
    assert await given.rows_of(desk.database) == before


async def test_nothing_of_it_is_said_or_done_in_a_group(desk: DeskUnderTest) -> None:
    await somebody_with_everything(desk)
    before = await given.rows_of(desk.database)
    (reza,) = desk.group(GROUP_ID, REZA_ID)
    desk.heard.clear()
    for data in (*OF_SOMEBODY_ELSE, "wr:1", "wm:0:", "wle:l:0:0", "wle:a:0:0"):
        desk.refused.clear()
        await reza.press_data(data)
        assert [type(error) for error in desk.refused] == [StaleButton], data
    assert await given.rows_of(desk.database) == before
    assert not [said for said in desk.heard[GROUP_ID] if CHILD in said.text]


async def test_the_command_is_for_private_chats(desk: DeskUnderTest) -> None:
    await somebody_with_everything(desk)
    (reza,) = desk.group(GROUP_ID, REZA_ID)
    for said in await reza.send(text="/myworkshops"):
        assert "نقاشی" not in said.text


async def test_registrations_of_two_people_or_workshops_are_never_taken_together(
    desk: DeskUnderTest,
) -> None:
    first = await given_workshop(desk)
    second = await given_workshop(desk, title="سفال", fee_rial=0)
    sara, reza = desk.person(SARA_ID), desk.person(REZA_ID)
    await given_money(desk, cash=5 * FEE)
    await up_to_terms(sara, first, await given_learner(desk))
    await up_to_terms(reza, first, await given_learner(desk, REZA_ID))
    await up_to_terms(sara, second, await given_learner(desk, name="آراد"))
    for ids in ("1-2", "1-3", "2-1"):
        await press(sara, f"wra:{ids}:1")
        await press(sara, f"wrp:{ids}:operation")
    assert set(await states(desk)) == {RegistrationState.DRAFT}
    assert await states(desk, REZA_ID) == [RegistrationState.DRAFT]


async def test_an_operation_of_somebody_else_pays_for_nothing(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    await given_money(desk, cash=FEE)
    await given_money(desk, REZA_ID, cash=FEE)
    sara, reza = desk.person(SARA_ID), desk.person(REZA_ID)
    page = await up_to_place(sara, workshop, await given_learner(desk))
    data = next(data for data in page.presses if data.startswith("wrp:"))
    operation = data.rpartition(":")[2]
    await tap(sara, page, "wrp")
    await up_to_place(reza, workshop, await given_learner(desk, REZA_ID))
    (held,) = await registrations(desk, REZA_ID)
    await press(reza, f"wrp:{held.id}:{operation}")
    assert await states(desk, REZA_ID) == [RegistrationState.CONFIRMED]
    assert (await balance_of(desk, REZA_ID)).available_rial == 0


async def test_buttons_and_logs_carry_no_name_and_no_person(
    desk: DeskUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    workshop = await given_workshop(desk)
    sara, _receipt = await registered(desk, workshop)
    await sara.say("/myworkshops")
    await press(sara, "wmr:1:")
    await press(sara, "wle:l:0:0")
    for said in desk.heard[SARA_ID]:
        for data in said.presses:
            assert CHILD not in data
            assert str(SARA_ID) not in data
    ours = [record.getMessage() for record in caplog.records if "sql" not in record.name]
    assert not [line for line in ours if CHILD in line or str(SARA_ID) in line]
