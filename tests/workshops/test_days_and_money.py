"""Which days an office works where little is known of it, and what is written of a fee."""

from typing import Any

import pytest

from bot.calendar.model import OfficeCalendar
from bot.workshops.model import ClosedDay, ClosedWhy, MakeUpId, RegistrationAct, RegistrationId
from bot.workshops.rules import deadlines, money, planning
from tests.calendar.support import FRI, closed, hours, jalali, office, windows
from tests.workshops.support import registration


def unknown(*closures: Any) -> OfficeCalendar:
    return OfficeCalendar("kanoon", (), (), closures)


@pytest.mark.parametrize(
    ("day", "is_known"),
    [("1405/08/01", False), ("1405/08/02", True), ("1405/08/09", True), ("1405/08/10", False)],
)
def test_hours_are_known_from_their_first_day_to_their_last(day: str, *, is_known: bool) -> None:
    of_fridays = hours(frozenset({FRI}), valid_from="1405/08/02", valid_to="1405/08/09")
    assert deadlines.knows_hours(office(of_fridays), jalali(day)) is is_known


def test_hours_without_an_end_are_known_for_good() -> None:
    calendar = office(hours(valid_from="1405/08/02"))
    assert deadlines.knows_hours(calendar, jalali("1409/01/01"))
    assert not deadlines.knows_hours(calendar, jalali("1405/08/01"))


def test_a_closure_decides_even_where_nobody_knows_the_hours() -> None:
    sunday, friday = "1405/08/03", "1405/08/08"
    assert deadlines.is_working_day(unknown(), jalali(sunday))
    assert not deadlines.is_working_day(unknown(closed(sunday)), jalali(sunday))
    assert not deadlines.is_working_day(unknown(), jalali(friday))
    opened = unknown(closed(friday, opened=windows("08:00-12:00")))
    assert deadlines.is_working_day(opened, jalali(friday))


@pytest.mark.parametrize("day", ["1405/08/03", "1405/08/08"])
def test_a_closure_is_the_reason_where_nobody_knows_the_hours(day: str) -> None:
    because = ClosedDay(jalali(day), ClosedWhy.CLOSURE, ("سرمای شدید",))
    assert planning.closed_day(unknown(closed(day)), jalali(day)) == because


def test_a_fee_goes_back_to_who_is_removed_unless_it_is_decided_otherwise() -> None:
    paid = registration(journal_id=12)
    assert money.effect_of(RegistrationAct.REMOVE, paid) is money.Effect.REVERSE
    kept = money.effect_of(RegistrationAct.REMOVE, paid, is_refunded=False)
    assert kept is money.Effect.EARN
    dropped = money.effect_of(RegistrationAct.DROP, paid, is_refunded=False)
    assert dropped is money.Effect.REVERSE


def test_credit_for_a_late_class_names_the_class_and_the_place() -> None:
    subject = money.late_subject(MakeUpId(7), RegistrationId(31))
    assert subject == "makeup:7:31"
    assert subject.startswith(money.late_matter(MakeUpId(7)))
