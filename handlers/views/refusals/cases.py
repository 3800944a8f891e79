"""How a citizen's case refuses, in words."""

from __future__ import annotations

from bot.cases.errors import (
    AlreadyEscalated,
    CaseIsOver,
    CaseNotOver,
    CodeUnreadable,
    NoSuchCase,
    NotLate,
    TextMissing,
    TextTooLongForCase,
    TooLateToReopen,
    TooManyOpenCases,
)
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.kit.tracking import shown
from bot.kit.words import Words
from handlers.views.common import code
from handlers.views.refusals import refusal


@refusal.register
def _no_such_case(_error: NoSuchCase, words: Words) -> str:
    _ = words.gettext
    return _(
        "I found no case for you under this code. Please look at the code once more, or open "
        "your cases with /cases."
    )


@refusal.register
def _code_unreadable(_error: CodeUnreadable, words: Words) -> str:
    _ = words.gettext
    return _(
        "I could not read a tracking code in that. It has ten letters and digits, such as {code}; "
        "small letters and Persian digits are fine."
    ).format(code=code(shown("K7M29QXFAT")))


@refusal.register
def _text_missing(_error: TextMissing, words: Words) -> str:
    _ = words.gettext
    return _("There were no words in that. Please write it in a sentence or two.")


@refusal.register
def _text_too_long(error: TextTooLongForCase, words: Words) -> str:
    _ = words.gettext
    return _(
        "That is longer than one message of a case can be ({most} characters; yours has {count}). "
        "Please shorten it or send it in two parts; what you sent before is kept."
    ).format(
        most=number(error.units_max, words.language), count=number(error.units, words.language)
    )


@refusal.register
def _too_many_cases(error: TooManyOpenCases, words: Words) -> str:
    _ = words.gettext
    return _(
        "You have {count} open cases, which is as many as one person can have at a time. Once one "
        "is answered you can register the next; you can also add a message to an open one: /cases"
    ).format(count=number(error.count_max, words.language))


@refusal.register
def _case_is_over(error: CaseIsOver, words: Words) -> str:
    _ = words.gettext
    if error.until is None:
        return _("Case {code} is closed. You are welcome to register a new one: /case").format(
            code=code(shown(error.tracking_code))
        )
    return _(
        "Case {code} has been answered. If it is not solved, you can reopen it until {moment}."
    ).format(
        code=code(shown(error.tracking_code)), moment=jalali_moment(error.until, words.language)
    )


@refusal.register
def _case_not_over(error: CaseNotOver, words: Words) -> str:
    _ = words.gettext
    return _("Case {code} is still open; you can simply add a message to it.").format(
        code=code(shown(error.tracking_code))
    )


@refusal.register
def _too_late_to_reopen(error: TooLateToReopen, words: Words) -> str:
    _ = words.gettext
    return _(
        "Case {code} was closed on {moment}, so it can no longer be reopened. You are welcome to "
        "register a new one and to name this code in it: /case"
    ).format(
        code=code(shown(error.tracking_code)),
        moment=jalali_moment(error.closed_at, words.language),
    )


@refusal.register
def _not_late(error: NotLate, words: Words) -> str:
    _ = words.gettext
    return _(
        "Case {code} is not late. Should its date pass without an answer, I will tell you, and "
        "you can then call a manager with one tap."
    ).format(code=code(shown(error.tracking_code)))


@refusal.register
def _already_escalated(error: AlreadyEscalated, words: Words) -> str:
    _ = words.gettext
    return _("A manager of the office has been told of case {code} already.").format(
        code=code(shown(error.tracking_code))
    )
