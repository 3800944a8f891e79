"""Which days a report is about, which week a digest tells, and when an end is told."""

from datetime import date, timedelta

import pytest

from bot.digests import rules
from bot.digests.model import AgreementStanding, DigestKind, ReportSpan
from tests.calendar.support import jalali
from tests.digests.support import desk_policy, office_calendar, tehran


@pytest.mark.parametrize(
    ("span", "today", "first", "last"),
    [
        (ReportSpan.WEEK, "1405/09/03", "1405/08/26", "1405/09/02"),
        (ReportSpan.THIS_MONTH, "1405/09/03", "1405/09/01", "1405/09/03"),
        (ReportSpan.THIS_MONTH, "1405/09/01", "1405/09/01", "1405/09/01"),
        (ReportSpan.LAST_MONTH, "1405/09/03", "1405/08/01", "1405/08/30"),
        (ReportSpan.LAST_MONTH, "1405/09/01", "1405/08/01", "1405/08/30"),
        (ReportSpan.LAST_MONTH, "1405/01/31", "1404/12/01", "1404/12/29"),
        (ReportSpan.LAST_MONTH, "1405/07/30", "1405/06/01", "1405/06/31"),
    ],
)
def test_a_report_goes_from_day_to_day_of_the_jalali_month(
    span: ReportSpan, today: str, first: str, last: str
) -> None:
    assert rules.days_of(span, jalali(today)) == (jalali(first), jalali(last))


def test_a_week_that_was_told_on_the_first_worked_day_is_not_told_on_the_second() -> None:
    saturday_off = office_calendar(date(2026, 11, 21))
    desk, weekly = desk_policy(), DigestKind.WEEKLY
    assert rules.due_period(weekly, desk, saturday_off, None, tehran(22, 9)) is not None
    assert rules.due_period(weekly, desk, saturday_off, None, tehran(23, 9)) is None


def test_an_end_is_spoken_of_from_sixty_days_before_it_on() -> None:
    assert rules.is_near(60)
    assert not rules.is_near(61)
    assert rules.is_near(-1)


@pytest.mark.parametrize(
    ("days_left", "told", "mark"),
    [
        (60, [], 60),
        (31, [60], None),
        (30, [60], 30),
        (7, [60, 30, 7], None),
        (0, [60, 30, 7], 0),
        (7, [0], None),
        (29, [], 30),
    ],
)
def test_the_nearest_moment_that_has_come_is_told_once(
    days_left: int, told: list[int], mark: int | None
) -> None:
    standing = AgreementStanding("MZ", date(2026, 11, 22) + timedelta(days=days_left), days_left)
    alert = rules.alert_for("kanoon", standing, told)
    assert (None if alert is None else alert.mark) == mark


def test_an_end_that_has_passed_is_told_unless_it_was() -> None:
    standing = AgreementStanding("MZ", date(2026, 11, 20), -2)
    alert = rules.alert_for("kanoon", standing, [60, 30, 7, 0])
    assert alert is not None
    assert (alert.office_id, alert.standing, alert.mark) == ("kanoon", standing, None)
    assert rules.alert_for("kanoon", standing, [None]) is None
