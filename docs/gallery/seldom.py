"""What no scene says and drawn values rarely hit: views with the very values that call for it.

It is played like a test, after rare.py.
"""  # noqa: INP001 - beside the documentation, in no package

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.calendar.model import ClosureDraft, Day, DayKind, Span
from bot.cases.model import Action, Case, CaseState, ClockKind, Dossier, Event, Queue, QueueItem
from bot.catalogue.model import ServiceVersion
from bot.digests.model import Figures
from bot.kit.words import Language
from bot.wallet.errors import LineMoved
from bot.wallet.model import LineState, Payout, PayoutState
from bot.workshops.model import Event as WorkshopEvent
from bot.workshops.model import (
    Listing,
    RegistrationAct,
    RegistrationState,
    Standing,
    WaitingEntry,
    WaitingState,
    WorkshopState,
)
from docs.gallery.rare import UNFIT, Drawing, Unknown
from handlers.reply import Reply
from handlers.views import helping, my_affairs
from handlers.views.cases import case_why, my_case, my_cases
from handlers.views.cases.case_receipt import presence_lines
from handlers.views.catalogue import sources
from handlers.views.desk import case_acts, case_history, case_menus, queues
from handlers.views.office import digests, versions
from handlers.views.refusals import refusal
from handlers.views.rights import erasing
from handlers.views.wallet import payout_card
from handlers.views.workshops import (
    leaving,
    paying_fees,
    waiting_line,
    workshop_history,
    workshop_notices,
)
from handlers.views.workshops.registering_words import Sheet
from handlers.views.workshops.workshops import listing_text
from tests.handlers.conftest import Shipped, shipped  # noqa: F401 - a fixture
from tests.handlers.support import NOW

FLOWS = ("case_answer", "survey", "erase", "topup", "payout", "learner", "national_id")
UNREACHED = ("deactivated", "not found", "expired", "refused")
TURNS = (Standing(1, 0, 0, 1), Standing(1, 0, 1, 1))
TRIES = 60
TRIES_OF_A_VALUE = 400
CONFIRMED = (
    case_acts.question_sent,
    case_acts.answer_revised,
    case_acts.process_changed,
    case_acts.ended,
)
Page = Callable[[], str | Reply]
Pages = Callable[[Drawing], list[Page]]


def fit(d: Drawing, kind: type[Any]) -> Any:  # noqa: ANN401 - a value of that type
    """Draw a value until its parts go together."""
    for _ in range(TRIES_OF_A_VALUE):
        try:
            return d.of(kind)
        except UNFIT:
            continue
    raise Unknown(kind)


def cases(d: Drawing) -> list[Page]:
    """What is said of cases, to their authors and to staff."""
    published = d.held.catalogue.offices[0]
    case, event = fit(d, Case), fit(d, Event)
    hidden, words = replace(case, author_id=None), d.words
    late = QueueItem(replace(case, state=CaseState.OPEN), NOW - timedelta(days=2), "…")
    note = f"{ClockKind.RESOLUTION} {NOW.isoformat()} {NOW.isoformat()}"
    moved = replace(event, action=Action.LATE, note=note)
    snoozed = replace(event, action=Action.SNOOZED, note=NOW.isoformat())
    span = Span(NOW, NOW + timedelta(hours=1))
    unusual = Day(NOW.date(), (span,), DayKind.CLOSURE, closure=fit(d, ClosureDraft))
    return [
        partial(case_history._note, words, snoozed),  # noqa: SLF001 - a line of a list
        partial(
            queues.together, words, published, Queue.OPEN, [Dossier(case, (), (), ())] * 3, NOW
        ),
        partial(digests._unusual_day, words, unusual),  # noqa: SLF001 - likewise
        partial(digests._staff, words, fit(d, Figures)),  # noqa: SLF001 - likewise
        lambda: "\n".join(presence_lines(words, unusual, None, NOW)),
        *(partial(one, words, hidden) for one in CONFIRMED),
        *(partial(case_acts.undelivered, words, case, sign) for sign in UNREACHED),
        partial(case_menus.ready_answers, words, case, []),
        partial(case_menus.snoozes, words, case, {"hour": NOW, "next": NOW + timedelta(days=2)}),
        partial(case_why.why, words, case, [], 0),
        partial(my_case.timeline, words, Dossier(case, (), (), ()), 0),
        partial(my_cases._line, words, late, NOW),  # noqa: SLF001 - a line of a list
        partial(my_affairs._case_line, words, late, NOW),  # noqa: SLF001 - likewise
        partial(case_history._note, words, moved),  # noqa: SLF001 - likewise
    ]


def elsewhere(d: Drawing) -> list[Page]:
    """Help in the middle of something, and other pages of few."""
    words, published = d.words, d.held.catalogue.offices[0]
    unstated = published.agreement.model_copy(update={"term": "", "valid_to": None})
    open_end = replace(published, agreement=unstated, end=None)
    listed = [fit(d, ServiceVersion) for _ in range(12)]
    many = replace(fit(d, erasing.Leaving), titles=["نقاشی با آبرنگ"] * 9)
    sent = replace(fit(d, Payout), state=PayoutState.SENT)
    sheet = replace(fit(d, payout_card.Sheet), payout=sent)
    situations = [helping.Situation(flow=flow) for flow in FLOWS]
    return [
        *(partial(helping.help_page, words, one, is_page=False) for one in situations),
        partial(sources.validity, words, open_end),
        partial(
            versions.versions,
            words,
            published,
            published.services[0],
            listed,
            1,
            is_page=False,
        ),
        partial(erasing.erasing_page, words, many, {}, is_page=False),
        partial(refusal, LineMoved(LineState.CLAIMED), words),
        partial(payout_card.waits_for, words, sent),
        partial(payout_card.card, words, published, sheet, names={}, headline=None),
    ]


def workshops(d: Drawing) -> list[Page]:
    """What is said where nothing is paid, and to whoever waits."""
    words = d.words
    sheet = fit(d, Sheet)
    free = tuple(replace(one, fee_rial=0) for one in sheet.registrations)
    details = replace(sheet.workshop.details, fee_rial=0)
    workshop = replace(sheet.workshop, details=details)
    turn = replace(fit(d, WaitingEntry), state=WaitingState.WAITING, expires_at=NOW)
    sheet = replace(sheet, registrations=free, workshop=workshop, turn=turn)
    told = fit(d, workshop_notices.Told)
    same = RegistrationState.HELD
    event = replace(
        fit(d, WorkshopEvent), state_from=same, state_to=same, act=RegistrationAct.AWAIT_BANK
    )
    listing = fit(d, Listing)
    soon = replace(listing.workshop, state=WorkshopState.PUBLISHED)
    told = replace(told, party=replace(told.party, registrations=free))
    return [
        partial(workshop_history._deed, words, event),  # noqa: SLF001 - a line of a list
        partial(listing_text, words, replace(listing, workshop=soon)),
        *(partial(waiting_line.explained, sheet, standing) for standing in TURNS),
        partial(waiting_line.full, sheet, "", all_the_same=""),
        partial(leaving.withdraw_asked, sheet, "x"),
        partial(paying_fees.kept, sheet),
        partial(workshop_notices.offered, told, turn, "x"),
    ]


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("pages", [cases, elsewhere, workshops])
def test_seldom(shipped: Shipped, pages: Pages, language: Language) -> None:  # noqa: F811 - a fixture
    """Draw each page once, with the first values that go together."""
    left: dict[int, str] = {}
    for number in range(TRIES):
        drawing = Drawing(shipped, shipped.words[language], f"{pages.__name__} {number}")
        try:
            drawn = pages(drawing)
        except UNFIT as error:
            left = left or {-1: repr(error)}
            continue
        if -1 in left or not number or not left:
            left = dict.fromkeys(range(len(drawn)), "")
        for place, draw in enumerate(drawn):
            if place in left:
                left[place] = said(draw)
        left = {place: why for place, why in left.items() if why}
        if not left:
            return
    pytest.fail(f"never drawn: {left}")


def said(draw: Page) -> str:
    """Draw a page; gives why it cannot be drawn with these values."""
    try:
        page = draw()
        if isinstance(page, str):
            Reply(page)
    except UNFIT as error:
        return repr(error)
    return ""
