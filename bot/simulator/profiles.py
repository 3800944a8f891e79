"""What each messenger can do, in one table; the simulator is as strict and as poor as it says."""

from dataclasses import dataclass

_FOUR_KINDS = frozenset({"message", "edited_message", "callback_query", "pre_checkout_query"})

_EIGHT_KINDS = _FOUR_KINDS | {
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "my_chat_member",
}

_COMMON_METHODS = frozenset(
    {
        "answercallbackquery",
        "answerprecheckoutquery",
        "copymessage",
        "deletemessage",
        "deletewebhook",
        "editmessagecaption",
        "editmessagereplymarkup",
        "editmessagetext",
        "getchat",
        "getchatadministrators",
        "getchatmember",
        "getfile",
        "getme",
        "getupdates",
        "getwebhookinfo",
        "sendchataction",
        "senddocument",
        "sendinvoice",
        "sendmessage",
        "sendphoto",
        "setwebhook",
    }
)


@dataclass(frozen=True, slots=True)
class Profile:
    """One messenger's habits."""

    name: str
    methods: frozenset[str]  # Lower case, as they are matched; any other is answered with 404.
    update_kinds: frozenset[str]
    default_kinds: frozenset[str]  # Those sent when the bot has not asked for others.
    parses_html: bool  # Otherwise a text is always Markdown and is returned as it was written.
    entity_kinds: frozenset[str] | None  # None means all of them.
    has_reply_parameters: bool
    has_supergroups: bool
    has_secret_header: bool
    is_complete: bool  # Objects carry every required field; Bale's lack some.
    button_actions: frozenset[str]
    keyboard_requests: frozenset[str]
    markups: frozenset[str]  # An unknown markup is dropped without a word.
    caption_units_max: int
    pending_updates_max: int
    currencies: frozenset[str] | None  # None means any three letters.
    payment_token: str  # Of a provider who moves no money.
    wallet_prefix: str  # What a provider token must begin with.
    plain_limit_every: int  # Every so many 429 come as a bare text; 0 means none does.


TELEGRAM = Profile(
    name="telegram",
    methods=_COMMON_METHODS
    | {
        "answerinlinequery",
        "deletemycommands",
        "getmycommands",
        "setmycommands",
    },
    update_kinds=_EIGHT_KINDS,
    default_kinds=_EIGHT_KINDS,
    parses_html=True,
    entity_kinds=None,
    has_reply_parameters=True,
    has_supergroups=True,
    has_secret_header=True,
    is_complete=True,
    button_actions=frozenset({"url", "callback_data", "pay", "copy_text", "web_app"}),
    keyboard_requests=frozenset({"request_contact", "request_location"}),
    markups=frozenset({"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"}),
    caption_units_max=1024,
    pending_updates_max=200_000,
    currencies=None,
    payment_token="1:TEST:trial-payments",  # noqa: S106 - it moves nothing
    wallet_prefix="",
    plain_limit_every=0,
)

BALE = Profile(
    name="bale",
    methods=_COMMON_METHODS,
    update_kinds=_FOUR_KINDS,
    default_kinds=_FOUR_KINDS,
    parses_html=False,
    entity_kinds=frozenset({"mention", "bot_command"}),
    has_reply_parameters=False,
    has_supergroups=False,
    has_secret_header=False,
    is_complete=False,
    button_actions=frozenset({"url", "callback_data", "pay"}),
    keyboard_requests=frozenset({"request_contact", "request_location"}),
    markups=frozenset({"inline_keyboard", "keyboard", "remove_keyboard"}),
    caption_units_max=4096,
    pending_updates_max=2_000,
    currencies=frozenset({"IRR"}),
    payment_token="WALLET-TEST-1111111111111111",  # noqa: S106 - as above
    wallet_prefix="WALLET-",
    plain_limit_every=2,
)

PROFILES = {profile.name: profile for profile in (TELEGRAM, BALE)}
