"""What is said of workshops in a list, without a database."""

from bot.workshops.model import Entity, Event, Listing, Sieve, WorkshopAct, WorkshopId
from bot.workshops.rules.browsing import apart, opened_at, page_of, passes
from tests.workshops.support import CLOSES, FIRST, HOUR, NOW, OPENS, details, workshop

ONE = WorkshopId(1)


def event(act: str, at: object) -> Event:
    return Event(ONE, Entity.WORKSHOP, 1, act, "published", "open", "clock", at)  # type: ignore[arg-type]


def test_registration_began_when_it_was_opened_first() -> None:
    history = [
        event(WorkshopAct.PUBLISH, NOW),
        event(WorkshopAct.OPEN, OPENS),
        event(WorkshopAct.CLOSE, CLOSES),
        event(WorkshopAct.OPEN, CLOSES + HOUR),
    ]
    assert opened_at(history) == OPENS
    assert opened_at(history[:1]) is None
    assert opened_at([]) is None


def test_words_that_are_spelled_differently_are_listed_once_as_they_came_first() -> None:
    said = ["نقاشی", None, "سفال", "نقاشي", "", "ادبیات"]
    assert apart(said) == ["ادبیات", "سفال", "نقاشی"]
    assert apart(["نقاشي", "نقاشی"]) == ["نقاشي"]
    assert apart(["كوزه", "کاشی"]) == ["کاشی", "كوزه"], "whichever kaf was typed"


def test_what_costs_nothing_passes_for_free_and_so_does_what_has_no_fee_yet() -> None:
    free = Sieve(fee_rial_max=0)
    assert passes(details(fee_rial=0), free)
    assert passes(details(fee_rial=None), free)
    assert not passes(details(fee_rial=1), free)


def test_a_page_goes_on_where_the_last_one_ended() -> None:
    listings = [Listing(workshop(id=WorkshopId(number)), FIRST) for number in (5, 3, 9)]
    assert page_of(listings, None) == listings
    assert page_of(listings, WorkshopId(5)) == listings[1:]
    assert page_of(listings, WorkshopId(9)) == []
    assert page_of(listings, WorkshopId(4)) == listings
