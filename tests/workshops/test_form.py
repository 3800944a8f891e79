"""Reading the form of a workshop: each line for itself, and all that is wrong at once."""

from collections.abc import Mapping
from datetime import time
from typing import Any

import pytest

from bot.workshops.errors import FormUnreadable
from bot.workshops.model import FilledForm, FormField, Plan
from bot.workshops.rules.form import read_form, read_moment, with_form
from tests.calendar.support import MON, SAT, at, jalali
from tests.workshops.support import details

TODAY = jalali("1405/08/01")
FREE = frozenset({"رایگان"})
F = FormField
PLAN = {
    F.FIRST_ON: "1405/08/23",
    F.WEEKDAYS: "شنبه و دوشنبه",
    F.HOURS: "17:00 تا 18:30",
    F.COUNT: "۸ جلسه",
}


def changed(**lines: str) -> dict[str, Any]:
    """What is no longer as it was, once a form was read."""
    before = details()
    form = {F(name): typed for name, typed in lines.items()}
    after = with_form(before, form, TODAY, FREE)
    return {
        name: getattr(after, name)
        for name in before.__dataclass_fields__
        if getattr(after, name) != getattr(before, name)
    }


def unread_of(lines: Mapping[FormField, str], *unknown: str) -> tuple[Any, ...]:
    with pytest.raises(FormUnreadable) as refused:
        read_form(details(), FilledForm(lines, unknown), TODAY, FREE)
    return refused.value.lines, refused.value.unknown


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (F.TITLE, "title"),
        (F.DESCRIPTION, "description"),
        (F.SUBJECT, "subject"),
        (F.INSTRUCTOR, "instructor"),
        (F.PROVINCE, "province"),
        (F.LINK, "online_link"),
        (F.VENUE, "venue"),
    ],
)
def test_words_are_kept_as_they_were_typed(line: FormField, part: str) -> None:
    assert changed(**{line: "سفال و ۲ رنگ"}) == {part: "سفال و ۲ رنگ"}


@pytest.mark.parametrize(
    ("line", "typed", "parts"),
    [
        (F.AGES, "۸ تا ۱۴ سال", {"age_min": 8, "age_max": 14}),
        (F.AGES, "از ۹ سال", {"age_min": 9, "age_max": None}),
        (F.FEE, "رایگان", {"fee_rial": 0}),
        (F.FEE, "۴۵۰٬۰۰۰ ریال", {"fee_rial": 450_000}),
        (F.FEE, "۴۵ هزار تومان", {"fee_rial": 450_000}),
        (F.PLACES, "۲۰ نفر", {"places": 20}),
        (F.QUORUM, "دست‌کم 5", {"quorum": 5}),
    ],
)
def test_numbers_are_read_with_the_words_around_them(
    line: FormField, typed: str, parts: dict[str, Any]
) -> None:
    assert changed(**{line: typed}) == parts


def test_a_day_alone_opens_with_its_midnight_and_closes_with_the_next() -> None:
    moments = changed(opens="1405/08/05", closes="1405/08/15")
    assert moments == {"opens_at": at("1405/08/05 00:00"), "closes_at": at("1405/08/16 00:00")}


def test_a_day_with_an_hour_means_that_hour() -> None:
    moments = changed(opens="1405/08/05 ساعت 09:15", closes="1405/08/15 ۵ عصر")
    assert moments == {"opens_at": at("1405/08/05 09:15"), "closes_at": at("1405/08/15 17:00")}


def test_a_day_may_be_said_as_seen_from_today() -> None:
    moments = changed(opens="فردا", closes="پس‌فردا")
    assert moments == {"opens_at": at("1405/08/02 00:00"), "closes_at": at("1405/08/04 00:00")}
    filled = FilledForm({**PLAN, F.FIRST_ON: "فردا", F.OPENS: "فردا"})
    after, plan = read_form(details(), filled, TODAY, FREE)
    assert after.opens_at == at("1405/08/02 00:00")
    assert plan is not None
    assert plan.first_on == jalali("1405/08/02")


UNREADABLE = {
    F.AGES: ["کودکان", "۷ تا ۹ یا ۱۲", ""],
    F.FEE: ["زیاد", ""],
    F.PLACES: ["چند", "۱۰ یا ۱۲"],
    F.QUORUM: ["", "2 3"],
    F.OPENS: ["به‌زودی", "1405/08/05 تا 1405/08/07", "1405/08/05 شاید"],
    F.CLOSES: ["1405/08/32", "1405/08/15 25:00"],
}


@pytest.mark.parametrize(
    ("line", "typed"), [(line, typed) for line, all_of in UNREADABLE.items() for typed in all_of]
)
def test_a_line_that_cannot_be_read_is_named(line: FormField, typed: str) -> None:
    assert unread_of({line: typed}) == ((line,), ())


def test_all_that_is_wrong_is_named_at_once() -> None:
    lines = {F.TITLE: "نقاشی", F.FEE: "زیاد", F.PLACES: "چند", F.COUNT: "هشت", F.HOURS: "عصرها"}
    assert unread_of(lines, "رنگ: آبی") == (
        (F.FEE, F.PLACES, F.FIRST_ON, F.WEEKDAYS, F.HOURS, F.COUNT),
        ("رنگ: آبی",),
    )
    assert unread_of({F.TITLE: "نقاشی"}, "رنگ: آبی") == ((), ("رنگ: آبی",))


def test_a_form_gives_the_parts_and_the_plan() -> None:
    filled = FilledForm({F.TITLE: "سفال", **PLAN})
    after, plan = read_form(details(), filled, TODAY, FREE)
    assert after == details(title="سفال")
    assert plan == Plan(jalali("1405/08/23"), frozenset({SAT, MON}), time(17), 90, 8)


def test_a_form_without_sessions_has_no_plan() -> None:
    _, plan = read_form(details(), FilledForm({F.TITLE: "سفال"}), TODAY, FREE)
    assert plan is None


@pytest.mark.parametrize("line", PLAN)
def test_a_plan_that_lacks_a_line_says_which(line: FormField) -> None:
    rest = {one: typed for one, typed in PLAN.items() if one is not line}
    assert unread_of(rest) == ((line,), ())


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        (F.FIRST_ON, "1405/08/23 تا 1405/08/30"),
        (F.FIRST_ON, "1405/08/23 شاید"),
        (F.WEEKDAYS, "هر روز"),
        (F.HOURS, "18:30 تا 17:00"),
        (F.HOURS, "17:00 تا 18:00 و 19:00 تا 20:00"),
        (F.HOURS, "17:00 تا 18:30 شاید"),
        (F.COUNT, "چند"),
    ],
)
def test_a_plan_says_which_of_its_lines_is_unclear(line: FormField, typed: str) -> None:
    assert unread_of({**PLAN, line: typed}) == ((line,), ())


def test_a_session_lasts_from_its_first_minute_to_its_last() -> None:
    lines = {**PLAN, F.HOURS: "۹:۵۰ تا ۱۱:۱۵"}
    _, plan = read_form(details(), FilledForm(lines), TODAY, FREE)
    assert plan is not None
    assert (plan.starts, plan.minutes) == (time(9, 50), 85)


def test_a_moment_is_a_day_to_its_end_or_an_hour_of_it() -> None:
    assert read_moment("1405/08/15", TODAY) == at("1405/08/16 00:00")
    assert read_moment("1405/08/15 10:30", TODAY) == at("1405/08/15 10:30")
    assert read_moment("فردا", TODAY) == at("1405/08/03 00:00")
    assert read_moment("بعداً", TODAY) is None
