"""The page of a workshop, its sessions, its terms, and what is sent to show it to others."""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.kit.text import ltr
from handlers.callback_data.registering import RegisterPressed
from handlers.callback_data.workshops import (
    SessionsPressed,
    SharePressed,
    TermsPressed,
    WorkshopOpened,
)
from handlers.reply import TEXT_UNITS_MAX, Button, File, Reply, utf16_units
from handlers.views.common import shielded, way_back
from handlers.views.workshops import workshop_brief as brief
from handlers.views.workshops import workshop_facts as facts
from handlers.views.workshops.registering_terms import terms_pages
from handlers.views.workshops.registering_words import (
    fee_said,
    mine_button,
    others_button,
    registration_button,
    title_said,
    workshop_button,
)
from handlers.views.workshops.subscriptions import subscribe_button

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.kit.words import Words
    from bot.workshops.model import Sieve, Terms
    from handlers.callback_data import Payload
    from handlers.views.workshops.workshop_facts import Showcase

SESSIONS_ON_A_PAGE: Final = 15
_DESCRIPTION_UNITS_MAX: Final = 2100
_LEAST_UNITS: Final = 60
_DOT_PIXELS: Final = 12
_QUIET_DOTS: Final = 4  # around the code, as scanners need it


def page(shown: Showcase, sieve: Sieve, *, is_page: bool) -> Reply:
    """Show what decides; `sieve` is what to ask for more of its kind by.

    Every session is behind a button, and so are the terms with each rule in full.
    """
    text = _whole(
        shown,
        [
            facts.state_fact(shown),
            *brief.stated(shown),
            facts.ages_fact(shown),
            facts.fee_fact(shown),
            facts.places_fact(shown),
            brief.span(shown),
            facts.where_fact(shown),
            brief.deadline(shown),
            brief.dropping(shown),
            brief.quorum(shown),
        ],
    )
    return Reply(text, _buttons(shown, sieve), is_page=is_page)


def _whole(shown: Showcase, lines: list[str]) -> str:
    head = f"🎨 {title_said(shown.workshop, shown.words)}"
    notes = [facts.sample_note(shown.words)] if shown.workshop.is_sample else []
    source = facts.source(
        shown, facts.CLAUSE_OF_SESSIONS, facts.CLAUSE_OF_QUORUM, facts.CLAUSE_OF_DROPPING
    )
    body = "\n".join(lines)
    rest = utf16_units("\n\n".join([head, *notes, body, source]))
    room = min(_DESCRIPTION_UNITS_MAX, TEXT_UNITS_MAX - rest - 2)
    description = shown.workshop.details.description
    told = [shielded(description, units_max=room)] if description and room > _LEAST_UNITS else []
    return "\n\n".join([head, *notes, *told, body, source])


def _buttons(shown: Showcase, sieve: Sieve) -> list[list[Button]]:
    _ = shown.words.gettext
    words, workshop = shown.words, shown.workshop
    workshop_id = str(workshop.id)
    rows = [[own] for own in _own_buttons(shown)]
    if shown.is_open:
        label = _("✍️ Register") if shown.room_count else _("🕰 Join the waiting list")
        rows.append([Button(label, RegisterPressed(workshop_id))])
    else:
        rows.append([subscribe_button(words, workshop.office_id, sieve)])
    return [
        *rows,
        [
            Button(_("🗓 All sessions"), SessionsPressed(workshop_id)),
            Button(_("📜 Terms and rules"), TermsPressed(workshop_id)),
        ],
        [
            Button(_("🔗 Share"), SharePressed(workshop_id)),
            others_button(words, workshop.office_id),
        ],
        way_back(words, shown.published.office),
    ]


def _own_buttons(shown: Showcase) -> list[Button]:
    _ = shown.words.gettext
    if not shown.own:
        return []
    if len(shown.own) > 1:
        return [mine_button(shown.words)]
    return [registration_button(shown.words, shown.own[0], _("🎓 My registration here"))]


def sessions_page(shown: Showcase, number_of_page: int) -> Reply:
    """Show exactly when every session is (KN-14), so many at a time."""
    _ = shown.words.gettext
    words, workshop = shown.words, shown.workshop
    last = max(0, (len(shown.sessions) - 1) // SESSIONS_ON_A_PAGE)
    page_number = min(number_of_page, last)
    first = page_number * SESSIONS_ON_A_PAGE
    lines = facts.session_lines(words, shown.sessions[first : first + SESSIONS_ON_A_PAGE])
    text = "\n\n".join(
        [
            f"🗓 {title_said(workshop, words)}",
            _("Sessions: {count}. All times are of Tehran.").format(
                count=number(len(shown.sessions), words.language)
            ),
            "\n".join(lines),
            _(
                "No session takes place on an official holiday. If the office has to move one, "
                "whoever is registered is told."
            ),
            facts.source(shown, facts.CLAUSE_OF_SESSIONS, "KN-20"),
        ]
    )
    turns = _turns(
        words,
        page_number,
        last,
        lambda other: SessionsPressed(str(workshop.id), str(other)),
    )
    rows = [turns, [workshop_button(words, workshop)], way_back(words, shown.published.office)]
    return Reply(text, rows, is_page=True)


def terms_page(shown: Showcase, terms: Terms, since: datetime, number_of_page: int) -> Reply:
    """Show the terms in full, with their version and date (KN-23), and below them the rules."""
    _ = shown.words.gettext
    words, workshop = shown.words, shown.workshop
    pages = terms_pages(terms)
    page_number = min(number_of_page, len(pages) - 1)
    is_last = page_number == len(pages) - 1
    rules = [facts.registration_fact(shown), facts.dropping_fact(shown), facts.quorum_fact(shown)]
    text = "\n\n".join(
        [
            f"📜 {title_said(workshop, words)}",
            _("Terms, version {version}, since {moment}.").format(
                version=number(terms.version, words.language),
                moment=jalali_moment(since, words.language),
            ),
            shielded(pages[page_number]),
            *(["\n".join(rules)] if is_last else []),
            facts.source(
                shown, facts.CLAUSE_OF_TERMS, facts.CLAUSE_OF_QUORUM, facts.CLAUSE_OF_DROPPING
            ),
        ]
    )
    turns = _turns(
        words,
        page_number,
        len(pages) - 1,
        lambda other: TermsPressed(str(workshop.id), str(other)),
    )
    rows = [turns, [workshop_button(words, workshop)], way_back(words, shown.published.office)]
    return Reply(text, rows, is_page=True)


def _turns(
    words: Words, page_number: int, last: int, leads_to: Callable[[int], Payload]
) -> list[Button]:
    _ = words.gettext
    turns = []
    if page_number > 0:
        turns.append(Button(_("Earlier"), leads_to(page_number - 1)))
    if page_number < last:
        turns.append(Button(_("More"), leads_to(page_number + 1)))
    return turns


def shared(shown: Showcase, link: str) -> Reply:
    """Give the link of a workshop, and a picture of it that a telephone reads."""
    _ = shown.words.gettext
    words, workshop = shown.words, shown.workshop
    text = "\n".join(
        [
            f"🎨 {title_said(workshop, words)}",
            _("💰 Fee: {fee}").format(fee=fee_said(workshop, workshop.fee_rial, words)),
            brief.deadline(shown),
            "",
            _("Whoever opens this link, or scans the picture, sees the page of the workshop:"),
            ltr(escape(link, quote=False)),
        ]
    )
    opened = Button(_("📄 The workshop"), WorkshopOpened(str(workshop.id)))
    return Reply(text, [[opened]], file=File("workshop.png", qr_picture(link), is_picture=True))


def qr_picture(link: str) -> bytes:
    """Draw a link as a code that cameras read."""
    drawn = BytesIO()
    import segno  # noqa: PLC0415 - only who shares a workshop needs it

    code = segno.make(link, error="m", micro=False)
    code.save(drawn, kind="png", scale=_DOT_PIXELS, border=_QUIET_DOTS)
    return drawn.getvalue()
