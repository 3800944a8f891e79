"""Files of the bank and the gateway in the admin chat: finance sends them, a round opens them.

A file is taken only as a reply to the prompt that asks for it; any other is refused unopened. What
stays nobody's money is listed here, and a manager enters that it was sent back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.kit.identity import masked
from bot.kit.sheets import SHEET_BYTES_MAX, SheetFault
from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.errors import BankFileUnreadable, NoSuchBankLine
from bot.wallet.model import BankFileKind, BankLineId, CellFault
from handlers.adding import NEW_IN_GROUP, Application, add_buttons
from handlers.callback_data import number_in
from handlers.callback_data.bank_files import (
    BankFileAsked,
    FindingsPressed,
    SendBackPressed,
    SuspensePressed,
)
from handlers.context import pressed
from handlers.keepers import keeper
from handlers.recognizing import About, album_of
from handlers.staff.access import FINANCE, MANAGERS, acting, acting_here, staff_action
from handlers.views.cases.case_draft import cleaned
from handlers.views.wallet import bank_files as views
from handlers.views.wallet import suspense

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Staff
    from bot.wallet.model import BankLine
    from handlers.context import DeskContext

FILE_ASKED, REASON_ASKED = "do:bankfile", "do:sendback"
_LIST: Final = "lists:bank"  # a reply to a list is no answer to anybody


def add(application: Application) -> None:
    """Add the two commands, their buttons, and what is replied to their prompts."""
    application.add_handler(CommandHandler("reconcile", offer_kinds, filters=NEW_IN_GROUP))
    application.add_handler(CommandHandler("suspense", show_suspense, filters=NEW_IN_GROUP))
    words = ~filters.COMMAND & ~filters.StatusUpdate.ALL
    asked = NEW_IN_GROUP & About(FILE_ASKED) & words
    application.add_handler(MessageHandler(asked & filters.Document.ALL, receive))
    application.add_handler(MessageHandler(asked, insist))
    application.add_handler(MessageHandler(NEW_IN_GROUP & About(REASON_ASKED) & words, send_back))
    add_buttons(
        application,
        (BankFileAsked, ask_for_file),
        (FindingsPressed, show_findings),
        (SuspensePressed, turn_suspense),
        (SendBackPressed, ask_why),
    )


@staff_action(*FINANCE)
async def offer_kinds(update: Update, context: DeskContext) -> None:
    """Answer /reconcile, for each office of this chat that keeps a wallet."""
    for published in await _keepers(update, context):
        context.reply(views.kinds(context.words, published), about=_LIST)


@staff_action(*FINANCE)
async def ask_for_file(update: Update, context: DeskContext) -> None:
    """Ask for the file, in a message that is replied to with it."""
    asked = BankFileAsked.unpack(pressed(update))
    kind, published = asked.read(), keeper(context, asked.office_id)
    await acting(update, context, asked.office_id, FINANCE)
    about = f"{FILE_ASKED}:{kind.value}:{asked.office_id}"
    context.reply(views.prompt(context.words, published, kind), about=about)


@staff_action(*FINANCE)
async def receive(update: Update, context: DeskContext) -> None:
    """Note that a file came; it is fetched and opened outside of any transaction."""
    message = update.effective_message
    assert message is not None
    assert message.document is not None
    *_, kind, office_id = (context.unit.subject or "").split(":")
    published = keeper(context, office_id)
    staff = await acting(update, context, published.office.id, FINANCE)
    if (message.document.file_size or 0) > SHEET_BYTES_MAX:
        raise BankFileUnreadable((CellFault(SheetFault.TOO_LARGE.value),), 1)
    await wallet.receive_bank_file(
        context.unit.tx,
        office_id=published.office.id,
        kind=BankFileKind(kind),
        name=" ".join(masked(cleaned(message.document.file_name or "")).split()) or kind,
        file_id=message.document.file_id,
        chat_id=message.chat_id,
        message_id=message.message_id,
        actor=staff,
        now=context.unit.now,
    )
    context.reply(views.received(context.words))


@staff_action(*FINANCE)
async def insist(update: Update, context: DeskContext) -> None:
    """Answer whatever else is replied to the prompt; pictures are no files of a bank."""
    await acting_here(update, context, FINANCE)
    message = update.effective_message
    assert message is not None
    context.reply(views.file_needed(context.words), once=album_of(message))


@staff_action(*FINANCE)
async def show_findings(update: Update, context: DeskContext) -> None:
    """Turn to what a file of this chat led to of one kind."""
    file_id, outcome, after = FindingsPressed.unpack(pressed(update)).read()
    offices = await acting_here(update, context, FINANCE)
    found = await wallet.differences(context.unit.tx, file_id=file_id)
    if found.file.office_id not in offices:
        raise NoSuchBankLine
    published = keeper(context, found.file.office_id)
    findings = await wallet.findings(
        context.unit.tx,
        file_id=file_id,
        outcomes=[outcome],
        after=after,
        limit=views.FINDINGS_ON_A_PAGE + 1,
    )
    page = views.findings_page(context.words, published, found, outcome, findings)
    context.reply(page, about=_LIST)


@staff_action(*FINANCE)
async def show_suspense(update: Update, context: DeskContext) -> None:
    """Answer /suspense, for each office of this chat that keeps a wallet."""
    for published in await _keepers(update, context):
        await _show_suspense(context, published, 0, is_page=False)


@staff_action(*FINANCE)
async def turn_suspense(update: Update, context: DeskContext) -> None:
    """Turn the list of an office."""
    asked = SuspensePressed.unpack(pressed(update))
    published = keeper(context, asked.office_id)
    await acting(update, context, asked.office_id, FINANCE)
    await _show_suspense(context, published, asked.after_line, is_page=True)


async def _show_suspense(
    context: DeskContext, published: OfficeCatalogue, after: int, *, is_page: bool
) -> None:
    tx, office_id = context.unit.tx, published.office.id
    lines = await wallet.suspense_lines(
        tx, office_id=office_id, after=after, limit=suspense.LINES_ON_A_PAGE + 1
    )
    total = await wallet.suspense_sum(tx, office_id=office_id)
    page = suspense.listed(context.words, published, lines, total, after=after, is_page=is_page)
    context.reply(page, about=_LIST)


@staff_action(*MANAGERS)
async def ask_why(update: Update, context: DeskContext) -> None:
    """Ask a manager for the reason, in a message that they reply to."""
    line, staff, published = await _take_up(
        update, context, SendBackPressed.unpack(pressed(update)).line
    )
    rules.ensure_sends_back(line, staff)
    prompt = suspense.prompt(context.words, published, line)
    context.reply(prompt, about=f"{REASON_ASKED}:{line.id}")


@staff_action(*MANAGERS)
async def send_back(update: Update, context: DeskContext) -> None:
    """Enter that it was sent back, with the reason of the reply."""
    message = update.effective_message
    assert message is not None
    number = (context.unit.subject or "").rpartition(":")[2]
    line, staff, published = await _take_up(update, context, BankLineId(number_in(number)))
    reason = " ".join(masked(cleaned(message.text or "")).split())
    if not reason:
        note = suspense.reason_needed(context.words)
        prompt = suspense.prompt(context.words, published, line, note=note)
        context.reply(prompt, about=f"{REASON_ASKED}:{line.id}")
        return
    unit = context.unit
    sent = await wallet.send_back(
        unit.tx, line_id=line.id, reason=reason, actor=staff, now=unit.now
    )
    context.reply(suspense.sent_back(context.words, published, sent), about=_LIST)


async def _take_up(
    update: Update, context: DeskContext, line_id: BankLineId
) -> tuple[BankLine, Staff, OfficeCatalogue]:
    """Find a line of an office of this chat; another's is as good as none (NoSuchBankLine)."""
    offices = await acting_here(update, context, MANAGERS)
    line = await wallet.find_bank_line(context.unit.tx, line_id=line_id)
    if line.office_id not in offices:
        raise NoSuchBankLine
    return line, offices[line.office_id], keeper(context, line.office_id)


async def _keepers(update: Update, context: DeskContext) -> list[OfficeCatalogue]:
    """Find the offices of this chat that keep a wallet and that the person acts for."""
    found = await acting_here(update, context, FINANCE)
    catalogue = context.unit.desk.catalogue
    offices = [catalogue.published_by(office_id) for office_id in found]
    keepers = [one for one in offices if one.desk.wallet is not None]
    if not keepers:
        context.reply(views.no_wallet(context.words), about=_LIST)
    return keepers
