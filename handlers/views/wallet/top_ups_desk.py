"""Top-ups as finance and managers see them: codes and numbers of banks, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.wallet.model import TopUpState, TopUpWay
from handlers.callback_data.top_ups import TopUpDeskPressed, TopUpsListed, TopUpVerb
from handlers.reply import Button, Reply
from handlers.views.common import code, money, quoted, said
from handlers.views.desk.desk_words import colleague
from handlers.views.wallet.top_up_words import head, reference_line
from handlers.views.wallet.wallet_words import amount_line, at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words
    from bot.wallet.model import TopUp

SUBJECT: Final = "lists:topups"  # a reply to a list is no answer to anybody
TOP_UPS_ON_A_PAGE: Final = 8


@dataclass(frozen=True)
class Page:
    """A page of what waits: its lines, where it starts, and how much there is."""

    items: Sequence[TopUp]
    offset: int
    count: int


def card(
    words: Words,
    published: OfficeCatalogue,
    top_up: TopUp,
    *,
    names: Mapping[CitizenId, str],
    is_new: bool = False,
    is_page: bool = False,
) -> Reply:
    """Show a top-up as it stands, and what can be done with it now."""
    _ = words.gettext
    facts = [f"{head(words, top_up)} · {said(published.office.short_name, words)}"]
    if top_up.amount_rial:
        facts.append(amount_line(words, top_up.amount_rial))
    if top_up.reference:
        facts.append(reference_line(words, top_up.reference))
    if top_up.charge_id:
        facts.append(_("🧷 Charge: {charge}").format(charge=code(top_up.charge_id)))
    facts.append(_("🗓 Registered: {moment}").format(moment=at(top_up.created_at, words)))
    parts = ["\n".join(facts), _standing(words, top_up, names)]
    if top_up.reason is not None:
        parts.append(quoted(top_up.reason))
    if is_new and top_up.way is TopUpWay.BANK:
        parts.insert(0, _("📬 New top-up by bank"))
    elif is_new:
        parts.insert(0, _("🔎 Money came in that matches no bill"))
    return Reply("\n\n".join(parts), _acts(words, top_up), is_page=is_page)


def _standing(words: Words, top_up: TopUp, names: Mapping[CitizenId, str]) -> str:
    """Say where it stands, who decided it, and what is to be done."""
    _ = words.gettext
    decided = top_up.decided_by and colleague(names, top_up.decided_by, words)
    undone = top_up.reversed_by and colleague(names, top_up.reversed_by, words)
    said_so = {
        TopUpState.CREATED: _("A bill that is not paid yet. There is nothing to do."),
        TopUpState.PENDING: _(
            "Look for this amount under this reference in the account of the office. Verify it "
            "only once you see it there."
        ),
        TopUpState.VERIFIED: _("✅ Verified by {name}: it is in the citizen's wallet."),
        TopUpState.REJECTED: _("✖️ Rejected by {name}."),
        TopUpState.EXPIRED: _("⌛️ It ran out. If you find the money after all, verify it."),
        TopUpState.REVERSED: _("↩️ Taken back by {undone}."),
        TopUpState.WITHDRAWN: _("🗑 The citizen took it back. There is nothing to do."),
        TopUpState.UNMATCHED: _(
            "The gateway has this money, and no bill says whose it is; it waits in suspense. "
            "Once you are sure that it is the payer's, put it into their wallet."
        ),
    }
    if top_up.way is TopUpWay.INVOICE:
        said_so[TopUpState.PENDING] = said_so[TopUpState.CREATED]
        said_so[TopUpState.EXPIRED] = _("⌛️ The bill ran out unpaid.")
        if decided is None:
            said_so[TopUpState.VERIFIED] = _("✅ Paid: it is in the citizen's wallet.")
    if top_up.state is TopUpState.UNMATCHED and top_up.amount_rial == 0:
        return _("It is no amount in rials, so no wallet can hold it: settle it with the gateway.")
    return said_so[top_up.state].format(name=decided, undone=undone)


def _acts(words: Words, top_up: TopUp) -> list[list[Button]]:
    _ = words.gettext

    def act(label: str, verb: TopUpVerb) -> Button:
        return Button(label, TopUpDeskPressed(top_up.code, verb.value))

    verify = act(_("✅ It is there: verify"), TopUpVerb.VERIFY)
    if top_up.state is TopUpState.VERIFIED:
        return [[act(_("↩️ Take it back"), TopUpVerb.REVERSE)]]
    if top_up.state is TopUpState.UNMATCHED and top_up.amount_rial:
        return [[act(_("✅ Put it into the payer's wallet"), TopUpVerb.VERIFY)]]
    if top_up.way is TopUpWay.BANK and top_up.state is TopUpState.PENDING:
        return [[verify], [act(_("✖️ Reject"), TopUpVerb.REJECT)]]
    if top_up.way is TopUpWay.BANK and top_up.state is TopUpState.EXPIRED:
        return [[verify]]
    return []


def prompt(
    words: Words, published: OfficeCatalogue, top_up: TopUp, verb: TopUpVerb, *, note: str
) -> Reply:
    """Ask for the reason, in a message that is replied to; the citizen reads it."""
    _ = words.gettext
    texts = {
        TopUpVerb.REJECT: _(
            "✖️ Reject {amount}: reply to this message with the reason. The citizen reads it as "
            "you write it, and can register the payment once more."
        ),
        TopUpVerb.REVERSE: _(
            "↩️ Take {amount} back out of the wallet: reply to this message with the reason. The "
            "citizen reads it as you write it. It works only while the money is still there."
        ),
    }
    office = said(published.office.short_name, words)
    parts = [
        f"{head(words, top_up)} · {office}",
        texts[verb].format(amount=money(top_up.amount_rial, words)),
        _("To cancel, simply do not reply."),
    ]
    return Reply("\n\n".join([note, *parts] if note else parts))


def reason_needed(words: Words) -> str:
    """Say that a reply held no words."""
    _ = words.gettext
    return _("There is no reason in that. Please write it again.")


def counted(words: Words, offices: Sequence[tuple[OfficeCatalogue, int]]) -> Reply:
    """Show how many top-ups wait at each office of this chat."""
    _ = words.gettext
    rows = [
        [
            Button(
                f"🏛 {published.office.short_name.in_language(words.language)}: "
                f"{number(count, words.language)}",
                TopUpsListed(published.office.id, "0"),
            )
        ]
        for published, count in offices
    ]
    return Reply(_("💰 <b>Top-ups that wait for you</b>"), rows)


def listed(words: Words, published: OfficeCatalogue, page: Page, *, is_page: bool) -> Reply:
    """Show a page of what waits: the code, how much, which reference, since when."""
    _ = words.gettext
    heading = _("💰 <b>Top-ups that wait for you</b> · {office} ({count})").format(
        office=said(published.office.short_name, words),
        count=number(page.count, words.language),
    )
    if not page.items:
        heading += "\n\n" + _("Nothing waits here now. 🌿")
    parts = [_line(words, one, place) for place, one in enumerate(page.items, page.offset + 1)]
    rows = [[_open(words, one)] for one in page.items]
    return Reply("\n\n".join([heading, *parts]), [*rows, _turn(words, published, page)], is_page)


def _line(words: Words, top_up: TopUp, place: int) -> str:
    lines = [f"{number(place, words.language)}. {head(words, top_up)}"]
    if top_up.amount_rial:
        lines.append(amount_line(words, top_up.amount_rial))
    if top_up.reference:
        lines.append(reference_line(words, top_up.reference))
    return "\n".join([*lines, at(top_up.created_at, words)])


def _open(words: Words, top_up: TopUp) -> Button:
    sign = "🔎" if top_up.state is TopUpState.UNMATCHED else "🏦"
    label = f"{sign} {top_up.shown_code} · {number(top_up.amount_rial, words.language)}"
    return Button(label, TopUpDeskPressed(top_up.code, TopUpVerb.CARD.value))


def _turn(words: Words, published: OfficeCatalogue, page: Page) -> list[Button]:
    _ = words.gettext

    def turn(label: str, offset: int) -> Button:
        return Button(label, TopUpsListed(published.office.id, str(offset)))

    row = []
    if page.offset > 0:
        row.append(turn(_("◀️ Previous"), max(0, page.offset - TOP_UPS_ON_A_PAGE)))
    if page.offset + len(page.items) < page.count:
        row.append(turn(_("Next ▶️"), page.offset + TOP_UPS_ON_A_PAGE))
    return row
