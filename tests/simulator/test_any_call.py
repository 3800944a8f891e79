"""However wild a call is, it is answered or refused in words; the simulator never breaks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator import BALE, DEMO_TOKEN, TELEGRAM, Profile
from bot.simulator.errors import ApiError
from bot.simulator.methods import METHODS
from bot.simulator.state import World
from bot.simulator.wire import Params, success

NAMES = [
    "allowed_updates",
    "caption",
    "chat_id",
    "commands",
    "document",
    "entities",
    "from_chat_id",
    "message_id",
    "parse_mode",
    "photo",
    "prices",
    "reply_markup",
    "reply_parameters",
    "reply_to_message_id",
    "scope",
    "secret_token",
    "text",
    "url",
    "user_id",
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1001", "html", "{", "[1]", '{"inline_keyboard":[[{}]]}', "\ud800"])
)
KEYS = st.sampled_from(
    [
        "inline_keyboard",
        "keyboard",
        "remove_keyboard",
        "text",
        "type",
        "url",
        "callback_data",
        "offset",
        "length",
        "message_id",
        "chat_id",
        "user_id",
        "command",
        "description",
        "amount",
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("profile", [TELEGRAM, BALE], ids=lambda profile: profile.name)
@given(
    method=st.sampled_from(sorted(METHODS)),
    values=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
    is_known_chat=st.booleans(),
)
def test_any_call_is_answered_or_refused(
    profile: Profile, method: str, values: dict[str, Any], *, is_known_chat: bool
) -> None:
    world = World(profile, DEMO_TOKEN)
    world.chats[1001].is_started = True
    if is_known_chat:
        values["chat_id"] = 1001
    try:
        success(METHODS[method](world, Params(values)))
    except ApiError as error:
        refusal = error
    else:
        return
    assert 400 <= refusal.code < 500
