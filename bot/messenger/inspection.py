"""Whether the platform lets the bot do its work: asked before a start, and changed in nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.kit.clock import Clock
from bot.kit.remarks import Level, Remark, fine, ill, note
from bot.messenger.errors import CallFailed, Refused, unaddressed
from bot.messenger.platforms import Platform
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire

_SECONDS: Final = 10.0
_UNKNOWN: Final = {401, 404}
_OFF_BY: Final = timedelta(seconds=30)
_PENDING_MANY: Final = 1000
_INSIDE: Final = {"creator", "administrator", "member", "restricted"}
_ADMISSION: Final = "add the bot to the group again, or write /desk in another one"


async def inspect(
    api: BotApi,
    wire: Wire,
    chats: Mapping[str, int],
    clock: Clock,
) -> list[Remark]:
    """Ask the platform who the bot is, how updates come, what it may do, and what time it is."""
    place = f"platform: {api.platform.name}"
    try:
        bot = await _ask(api, "getMe")
    except Refused as refused:
        if refused.code not in _UNKNOWN:
            return [ill(place, f"it refuses to say who the bot is: {refused}.")]
        mend = "look at it, and whether MIZBAN_PLATFORM and MIZBAN_API_BASE_URL fit it"
        return [
            Remark(
                Level.WRONG, "MIZBAN_BOT_TOKEN", f"{api.platform.name} does not know it; {mend}."
            )
        ]
    except CallFailed as failed:
        wait = "the desk would wait for it; look whether this machine reaches the address"
        return [ill(place, f"it does not answer: {failed}; {wait}.")]
    remarks = [fine(place, f"it knows the bot as @{bot.get('username', '')}.")]
    if bot.get("can_join_groups") is False:
        mend = "allow it with /setjoingroups at @BotFather"
        remarks.append(ill(place, f"the bot may not be added to groups; {mend}."))
    remarks += await _intake(api, place)
    remarks += await _menus(api, place)
    remarks += [await _chat(api, office, chat) for office, chat in sorted(chats.items())]
    heard_at = await wire.clock_at(api.platform.base_url, timeout_seconds=_SECONDS)
    return [*remarks, clock_remark(clock(), heard_at, api.platform)]


async def _ask(api: BotApi, method: str, **params: object) -> dict[str, Any]:
    answer = await api.call(method, params, timeout_seconds=_SECONDS)
    return answer if isinstance(answer, dict) else {"result": answer}


async def _intake(api: BotApi, place: str) -> list[Remark]:
    try:
        webhook = await _ask(api, "getWebhookInfo")
    except CallFailed as failed:
        return [note(place, f"it does not say how updates come: {failed}.")]
    remarks = []
    if webhook.get("last_error_message"):
        mend = "see that the proxy leads to the desk and its certificate is right"
        why = unaddressed(webhook["last_error_message"])
        said = f"its last try to post updates failed ({why}); {mend}"
        remarks.append(note(place, f"{said}."))
    if int(webhook.get("pending_update_count", 0)) > _PENDING_MANY:
        count = webhook["pending_update_count"]
        remarks.append(
            note(place, f"{count} updates wait there; the desk takes them at its start.")
        )
    how = "posted to a webhook" if webhook.get("url") else "fetched"
    return [*remarks, fine(place, f"updates are {how}.")]


async def _menus(api: BotApi, place: str) -> list[Remark]:
    if not api.platform.has_every_method:
        return []
    try:
        menu = await _ask(api, "getMyCommands")
    except CallFailed as failed:
        return [note(place, f"its menus of commands cannot be read: {failed}.")]
    if not menu["result"]:
        return [note(place, "the menu of commands is empty; the desk fills it when it starts.")]
    return [fine(place, f"the menu has {len(menu['result'])} commands.")]


async def _chat(api: BotApi, office_id: str, chat_id: int) -> Remark:
    """Look whether the bot is in an admin chat and may write there; says no number of it."""
    about = f"admin chat of {office_id}"
    try:
        member = await _ask(api, "getChatMember", chat_id=chat_id, user_id=api.bot_id)
    except Refused as refused:
        return ill(about, f"the bot cannot look into it ({refused.description}); {_ADMISSION}.")
    except CallFailed as failed:
        return ill(about, f"nobody could say whether the bot is in it: {failed}.")
    status = member.get("status")
    if status not in _INSIDE:
        return ill(about, f"the bot is no longer in it; {_ADMISSION}.")
    if status == "restricted" and not member.get("can_send_messages", False):
        return ill(about, "the bot may not write in it; let the group's administrators allow it.")
    return fine(about, f"the bot is {status} of it and may write.")


def clock_remark(here: datetime, there: datetime | None, platform: Platform) -> Remark:
    """Compare this machine's clock with the platform's."""
    if there is None:
        return note("clock", f"{platform.name} does not say what time it is there.")
    ahead = here - there
    if abs(ahead) <= _OFF_BY:
        return fine("clock", f"it goes with that of {platform.name}.")
    way = "ahead" if ahead > timedelta(0) else "behind"
    mend = "set it, such as with timedatectl set-ntp true"
    said = f"{abs(ahead).total_seconds():.0f} seconds {way} of {platform.name}"
    return ill("clock", f"it is {said}; {mend}.")
