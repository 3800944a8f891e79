"""Before a start the platform is asked whether it lets the bot do its work; nothing is changed."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.kit.clock import now
from bot.kit.remarks import Level, Remark
from bot.messenger.inspection import clock_remark, inspect
from bot.messenger.platforms import BALE, PLATFORMS, TELEGRAM
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.simulator import Simulator
from bot.simulator.faults import FaultKind
from bot.simulator.profiles import PROFILES

MANAGER = 7001


@asynccontextmanager
async def asked(
    simulator: Simulator, *, token: str = "", chats: dict[str, int] | None = None
) -> AsyncIterator[list[Remark]]:
    async with simulator.serve() as address, Wire() as wire:
        platform = PLATFORMS[simulator.world.profile.name].at(address)
        api = BotApi(platform, token or simulator.token, wire)
        yield await inspect(api, wire, chats or {}, now)


def named(remarks: list[Remark], level: Level) -> list[str]:
    return [str(one) for one in remarks if one.level is level]


def with_group(profile: str = "telegram") -> tuple[Simulator, int]:
    simulator = Simulator(profile=PROFILES[profile])
    simulator.add_person("manager", MANAGER, "Manager")
    kind = "supergroup" if PROFILES[profile].has_supergroups else "group"
    return simulator, simulator.add_group("Staff", ["manager"], kind=kind)


@pytest.mark.parametrize("profile", list(PROFILES))
async def test_where_all_is_well_nothing_is_ill(profile: str) -> None:
    simulator, group = with_group(profile)
    async with asked(simulator, chats={"kanoon": group}) as remarks:
        assert named(remarks, Level.ILL) + named(remarks, Level.WRONG) == []
        well = named(remarks, Level.FINE)
        assert any("knows the bot as @" in line for line in well)
        assert any(line.startswith("admin chat of kanoon: the bot is ") for line in well)
        assert f"clock: it goes with that of {profile}." in well
        assert not any(str(group) in str(one) for one in remarks)


async def test_a_token_that_is_not_known_keeps_the_desk_from_starting() -> None:
    async with asked(Simulator(), token="2:" + "S3cret" * 6) as remarks:
        (remark,) = remarks
        assert (remark.level, remark.about) == (Level.WRONG, "MIZBAN_BOT_TOKEN")
        assert "S3cret" not in str(remark)


async def test_a_platform_that_does_not_answer_is_ill_and_its_reason_is_told() -> None:
    async with Simulator().serve() as address:
        platform = TELEGRAM.at(address)
    async with Wire() as wire:
        (remark,) = await inspect(BotApi(platform, "1:token", wire), wire, {}, now)
    assert remark.level is Level.ILL
    assert "Connection refused" in str(remark)


def put_out(simulator: Simulator, group: int) -> None:
    simulator.set_bot_member("manager", group, "kicked")


def hush(simulator: Simulator, group: int) -> None:
    simulator.world.chats[group].bot_status = "restricted"


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [(put_out, "add the bot to the group again"), (hush, "may not write in it")],
)
async def test_an_admin_chat_in_which_the_bot_cannot_speak_is_named(
    spoil: Callable[[Simulator, int], None], complaint: str
) -> None:
    simulator, group = with_group()
    spoil(simulator, group)
    async with asked(simulator, chats={"kanoon": group}) as remarks:
        (line,) = named(remarks, Level.ILL)
        assert line.startswith("admin chat of kanoon: ")
        assert complaint in line


async def test_a_chat_that_is_gone_is_named() -> None:
    async with asked(Simulator(), chats={"kanoon": -100123}) as remarks:
        (line,) = named(remarks, Level.ILL)
        assert "the bot cannot look into it" in line


async def test_a_menu_that_is_empty_will_be_filled_and_one_that_is_filled_is_counted() -> None:
    simulator = Simulator()
    async with asked(simulator) as remarks:
        assert any("the menu of commands is empty" in line for line in named(remarks, Level.NOTE))
    async with simulator.serve() as address, Wire() as wire:
        api = BotApi(TELEGRAM.at(address), simulator.token, wire)
        await api.call("setMyCommands", {"commands": [{"command": "a", "description": "b"}]})
        remarks = await inspect(api, wire, {}, now)
    assert any("the menu has 1 commands" in line for line in named(remarks, Level.FINE))


async def test_a_bot_that_may_not_be_added_to_groups_is_told_how_to_allow_it() -> None:
    simulator = Simulator()
    complete, simulator.world.profile = (
        simulator.world.profile,
        replace(simulator.world.profile, is_complete=False),
    )
    assert complete.is_complete
    simulator.world.bot["can_join_groups"] = False
    async with asked(simulator) as remarks:
        assert any("/setjoingroups" in line for line in named(remarks, Level.ILL))


async def test_what_goes_wrong_on_the_way_to_a_webhook_is_told() -> None:
    simulator = Simulator()
    hidden = "https://desk.example/telegram/" + "s" * 43
    simulator.world.webhook.last_error = f"Connection refused: {hidden}"
    async with asked(simulator) as remarks:
        (line,) = [line for line in named(remarks, Level.NOTE) if "Connection refused" in line]
        assert "[address]" in line
        assert "sss" not in line


async def test_a_platform_that_stumbles_on_the_way_is_told_and_the_rest_is_asked() -> None:
    simulator, group = with_group()
    for method in ("getwebhookinfo", "getmycommands", "getchatmember"):
        simulator.faults.order(FaultKind.SERVER_ERROR, method=method)
    async with asked(simulator, chats={"kanoon": group}) as remarks:
        assert any("nobody could say" in line for line in named(remarks, Level.ILL))
        assert len(named(remarks, Level.NOTE)) == 2
        assert any(line.startswith("clock: ") for line in named(remarks, Level.FINE))


@pytest.mark.parametrize(
    ("seconds", "level", "said"),
    [
        (0, Level.FINE, "goes with"),
        (-29, Level.FINE, "goes with"),
        (31, Level.ILL, "31 seconds ahead"),
        (-3600, Level.ILL, "3600 seconds behind"),
    ],
)
def test_a_clock_that_is_off_is_told_by_how_much(seconds: int, level: Level, said: str) -> None:
    there = datetime(2026, 11, 22, tzinfo=UTC)
    remark = clock_remark(there + timedelta(seconds=seconds), there, BALE)
    assert remark.level is level
    assert said in str(remark)


def test_a_platform_that_says_no_time_is_no_fault() -> None:
    remark = clock_remark(datetime(2026, 11, 22, tzinfo=UTC), None, TELEGRAM)
    assert remark.level is Level.NOTE
