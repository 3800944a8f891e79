"""How the learning of answers and versions refuses, in words for staff."""

from __future__ import annotations

from html import escape

from bot.catalogue.errors import (
    AgreementOver,
    AlreadyDecided,
    AnswerMissing,
    AnswerTooLong,
    CircularIncomplete,
    CircularTaken,
    DecisionReasonMissing,
    IssuedAfterDispatch,
    LearntGone,
    NotYetDispatched,
    PersonalDataInAnswer,
    QuestionTaken,
    ReferenceMissing,
    SelfApproval,
)
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.kit.text import isolate
from bot.kit.words import Words
from handlers.views.refusals import refusal


@refusal.register
def _learnt_gone(_error: LearntGone, words: Words) -> str:
    _ = words.gettext
    return _("This answer is no longer here. Please open the list anew: /unanswered")


@refusal.register
def _question_taken(_error: QuestionTaken, words: Words) -> str:
    _ = words.gettext
    return _(
        "A colleague has already written an answer to this question. Please open the list anew: "
        "/unanswered"
    )


@refusal.register
def _self_approval(_error: SelfApproval, words: Words) -> str:
    _ = words.gettext
    return _("An answer is approved by another person than its author. Please ask a manager.")


@refusal.register
def _already_decided(_error: AlreadyDecided, words: Words) -> str:
    _ = words.gettext
    return _("This answer has been decided meanwhile. Please open the list anew: /unanswered")


@refusal.register
def _answer_missing(_error: AnswerMissing, words: Words) -> str:
    _ = words.gettext
    return _("There were no words in that. Please write the answer as citizens will read it.")


@refusal.register
def _answer_too_long(error: AnswerTooLong, words: Words) -> str:
    _ = words.gettext
    text = _(
        "That is too long: at most {most} characters, and it has {count}. Please write it shorter."
    )
    return text.format(
        most=number(error.units_max, words.language), count=number(error.units, words.language)
    )


@refusal.register
def _personal_data_in_answer(_error: PersonalDataInAnswer, words: Words) -> str:
    _ = words.gettext
    return _(
        "There is a national ID, card, account or mobile number or an e-mail address in it. "
        "Everybody would read it, so please write it without."
    )


@refusal.register
def _decision_reason_missing(_error: DecisionReasonMissing, words: Words) -> str:
    _ = words.gettext
    return _("Please say why in a sentence, so that its author knows.")


@refusal.register
def _circular_taken(error: CircularTaken, words: Words) -> str:
    _ = words.gettext
    return _("Circular {number} has been entered already; see /versions.").format(
        number=isolate(escape(error.number[:60], quote=False))
    )


@refusal.register
def _circular_incomplete(_error: CircularIncomplete, words: Words) -> str:
    _ = words.gettext
    return _("A circular needs a number, a summary and at least one service.")


@refusal.register
def _not_yet_dispatched(error: NotYetDispatched, words: Words) -> str:
    _ = words.gettext
    return _(
        "A circular holds from its dispatch on, and {moment} is still ahead. Please enter it then."
    ).format(moment=jalali_moment(error.dispatched_at, words.language))


@refusal.register
def _issued_after_dispatch(_error: IssuedAfterDispatch, words: Words) -> str:
    _ = words.gettext
    return _("A circular cannot be dispatched before it is issued. Please look at the two dates.")


@refusal.register
def _reference_missing(_error: ReferenceMissing, words: Words) -> str:
    _ = words.gettext
    return _("An agreement ends only by a document. Please write its number or name.")


@refusal.register
def _agreement_over(_error: AgreementOver, words: Words) -> str:
    _ = words.gettext
    return _("The end of this agreement has been entered already.")
