"""First contact, languages, help, privacy, and everything the desk does not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.citizens import use_cases as citizens
from bot.kit.jalali import tehran_day
from bot.kit.words import LANGUAGES
from bot.workshops.rules.policy import policy_of
from handlers import catalogue, workshops
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data import (
    HomePressed,
    LanguagePressed,
    PagePressed,
    StaleButton,
)
from handlers.context import pressed
from handlers.helping import help_here
from handlers.staff import members
from handlers.staff.access import offices_here
from handlers.views import privacy
from handlers.views import start as views
from handlers.views.catalogue import catalogue as pages
from handlers.views.office import groups

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext
    from handlers.reply import Reply

_DEEP_LINK_PARTS = 3  # svc_<office>_<service>
_INVITATION = "inv_"
_OFFICE = "off_"
_WORKSHOP = "w"  # and its number
_PAGES = ("help", "privacy", "language")
_FILES = (
    filters.PHOTO
    | filters.Document.ALL
    | filters.VIDEO
    | filters.VIDEO_NOTE
    | filters.VOICE
    | filters.AUDIO
    | filters.ANIMATION
)


def add(application: Application) -> None:
    """Add the conversations about the desk itself."""
    private = filters.ChatType.PRIVATE
    application.add_handler(CommandHandler("start", start, filters=private))
    application.add_handler(CommandHandler(_PAGES, show_page_by_command, filters=private))
    add_buttons(
        application,
        (HomePressed, show_home),
        (PagePressed, show_page),
        (LanguagePressed, choose_language),
    )


def add_fallbacks(application: Application) -> None:
    """Add what is said to everything that no conversation took."""
    application.add_handler(CallbackQueryHandler(refuse_button))
    application.add_handler(MessageHandler(NEW_IN_PRIVATE & filters.COMMAND, refuse_command))
    application.add_handler(MessageHandler(NEW_IN_PRIVATE & _FILES, refuse_file))
    application.add_handler(
        MessageHandler(NEW_IN_PRIVATE & ~filters.StatusUpdate.ALL, ask_for_words)
    )
    application.add_handler(
        CommandHandler(["start", "help"], point_to_private, filters=filters.ChatType.GROUPS)
    )


async def start(update: Update, context: DeskContext) -> None:
    """Welcome a person; a deep link may open a service or a workshop, or invite to the staff."""
    payload = "".join((context.args or [])[:1])
    if payload.startswith(_INVITATION):
        await members.accept(update, context, payload.removeprefix(_INVITATION))
        return
    if payload.startswith(_WORKSHOP) and payload.removeprefix(_WORKSHOP).isdecimal():
        await workshops.open_link(context, payload.removeprefix(_WORKSHOP))
        return
    if payload.startswith(_OFFICE):
        if await catalogue.open_link(context, payload.removeprefix(_OFFICE)):
            return
    elif _open_service(context, payload):
        return
    context.reply(_home(context, is_page=False))


def _home(context: DeskContext, *, is_page: bool) -> Reply:
    dialogue = context.unit.dialogue
    begun = None if dialogue is None else dialogue.name
    return views.home(context.words, context.unit.desk.catalogue, begun=begun, is_page=is_page)


def _open_service(context: DeskContext, payload: str) -> bool:
    """Open the service that a link names, and say whether there is one."""
    _kind, *ids = payload.split("_", _DEEP_LINK_PARTS - 1)
    if not payload.startswith("svc_") or len(ids) != _DEEP_LINK_PARTS - 1:
        return False
    published = context.unit.desk.catalogue.find(ids[0])
    service = None if published is None else published.service(ids[1])
    if published is None or service is None:
        return False
    today = tehran_day(context.unit.now)
    context.speak_of(published.office.id, service.id)
    context.reply(pages.service_card(context.words, published, service, today, is_page=False))
    return True


async def show_page_by_command(update: Update, context: DeskContext) -> None:
    """Answer /help, /privacy and /language."""
    message = update.effective_message
    assert message is not None
    name = (message.text or "").split()[0].removeprefix("/").split("@")[0].lower()
    context.reply(await _page(context, name, is_page=False))


async def show_home(update: Update, context: DeskContext) -> None:
    """Answer the "first page" button."""
    HomePressed.unpack(pressed(update))
    context.reply(_home(context, is_page=True))


async def show_page(update: Update, context: DeskContext) -> None:
    """Answer a button that leads to help, privacy or the languages."""
    name = PagePressed.unpack(pressed(update)).page
    context.reply(await _page(context, name, is_page=True))


async def _page(context: DeskContext, name: str, *, is_page: bool) -> Reply:
    if name == "help":
        return await help_here(context, is_page=is_page)
    if name == "privacy":
        offices = context.unit.desk.catalogue.offices
        return privacy.privacy_page(context.words, offices, is_page=is_page)
    if name in tuple(privacy.Part):
        offices = context.unit.desk.catalogue.offices
        asked = any(policy_of(one.desk).requires_national_id for one in offices)
        return privacy.privacy_part(context.words, privacy.Part(name), is_national_id_asked=asked)
    if name == "language":
        return views.language_page(context.words, context.unit.desk.words, is_page=is_page)
    raise StaleButton


async def choose_language(update: Update, context: DeskContext) -> None:
    """Answer a language button."""
    code = LanguagePressed.unpack(pressed(update)).language
    language = next((language for language in LANGUAGES if language == code), None)
    if language is None:
        raise StaleButton
    unit = context.unit
    await citizens.choose_language(unit.tx, citizen=unit.citizen, language=language, now=unit.now)
    unit.language = language
    context.toast(views.language_chosen(context.words))
    context.reply(views.home(context.words, unit.desk.catalogue, is_page=True))


async def refuse_button(_update: Update, _context: DeskContext) -> None:
    """Refuse a button that is none of ours, or no longer."""
    raise StaleButton


async def refuse_command(_update: Update, context: DeskContext) -> None:
    """Answer a command that does not exist."""
    context.reply(views.unknown_command(context.words))


async def refuse_file(update: Update, context: DeskContext) -> None:
    """Refuse a file without opening it; of an album, only the first is answered (MZ-19, KN-21)."""
    desk = context.unit.desk
    chosen = desk.catalogue.find(context.unit.citizen.office_id or "")
    offices = desk.catalogue.offices if chosen is None else (chosen,)
    assert update.effective_message is not None
    album = update.effective_message.media_group_id
    once = None if album is None else f"album:{album}"
    context.reply(views.file_refused(context.words, offices), once=once)


async def ask_for_words(_update: Update, context: DeskContext) -> None:
    """Answer a sticker, a contact, a place or anything else without words."""
    context.reply(views.words_only(context.words))


async def point_to_private(_update: Update, context: DeskContext) -> None:
    """In a group, answer nothing but where the desk talks; in an admin chat, how it works."""
    if await offices_here(context):
        context.reply(groups.desk_help(context.words))
        return
    context.reply(views.private_only(context.words, context.unit.desk.bot_username))
