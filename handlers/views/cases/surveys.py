"""A question about an answer: how good it was, why, and weeks later whether it really helped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.model import CaseState
from bot.citizens.model import Notice
from bot.kit.digits import number
from bot.surveys.model import COMMENT_UNITS_MAX, SCORES, Reason, Solved
from bot.surveys.rules import is_poor, reasons_for
from handlers.callback_data.cases import NOT_CHOSEN, CaseBegins
from handlers.callback_data.surveys import (
    RatedPressed,
    ReasonPressed,
    RemarkPressed,
    SkipPressed,
    SolvedPressed,
)
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import CaseVerb, case_button, head
from handlers.views.common import way_back
from handlers.views.notices import mute_button
from handlers.views.workshops.registering_words import title_said

if TYPE_CHECKING:
    from bot.cases.model import Case
    from bot.kit.words import Words
    from bot.surveys.model import Survey
    from bot.workshops.model import Workshop


def rating_asked(words: Words, survey: Survey, case: Case) -> Reply:
    """Ask how good the answer was; taking part is up to the person (MZ-13)."""
    _ = words.gettext
    text = _(
        "{case}\n\n🌱 How good was the office's answer? One tap is enough and helps it to do "
        "better. Taking part is up to you, and whatever you choose changes nothing for your case."
    )
    scale = _("1 is poor, 5 is very good.")
    return Reply(text.format(case=head(words, case)) + "\n" + scale, _stars_rows(words, survey))


def workshop_rating_asked(words: Words, survey: Survey, workshop: Workshop) -> Reply:
    """Ask how a workshop was, once it is over (KN-08); taking part is up to the person."""
    _ = words.gettext
    text = _(
        "🎓 {workshop} is over. How was it: the teaching, sound and picture, and the hours? One "
        "tap is enough. Taking part is up to you."
    ).format(workshop=title_said(workshop, words))
    return Reply(text + "\n" + _("1 is poor, 5 is very good."), _stars_rows(words, survey))


def follow_up_asked(words: Words, survey: Survey, case: Case) -> Reply:
    """Ask, some weeks after the ending, whether the matter is really solved."""
    _ = words.gettext
    text = _(
        "{case}\n\n🌱 Some weeks ago the office ended this matter. Is it really solved? Answering "
        "is up to you."
    )
    answers = [
        Button(solved_name(solved, words), SolvedPressed(str(survey.id), solved.value))
        for solved in Solved
    ]
    return Reply(text.format(case=head(words, case)), [answers, [_mute(words)]])


def _stars_rows(words: Words, survey: Survey) -> list[list[Button]]:
    return [_stars(words, survey), [_mute(words)]]


def _mute(words: Words) -> Button:
    return mute_button(words, Notice.SURVEYS)


def rated(words: Words, survey: Survey) -> Reply:
    """Thank for a score, and offer the two reasons that fit it."""
    _ = words.gettext
    reasons = [
        Button(reason_name(reason, words), ReasonPressed(str(survey.id), reason.value))
        for reason in reasons_for(_score(survey))
    ]
    text = _("{thanks}\nWhat was the main reason?").format(thanks=_thanks(words, survey))
    return Reply(text, [reasons, _more(words, survey)], is_page=True)


def reasoned(words: Words, survey: Survey, case: Case | None) -> Reply:
    """Thank for the reason, and leave room for words."""
    _ = words.gettext
    assert survey.reason is not None
    text = _("{thanks}\nReason: {reason}.\nWould you like to add something?").format(
        thanks=_thanks(words, survey), reason=reason_name(survey.reason, words)
    )
    rows = [_more(words, survey), *_reopening(words, survey, case)]
    return Reply(text, rows, is_page=True)


def remark_asked(words: Words, survey: Survey) -> Reply:
    """Ask for a few words, which may be skipped."""
    _ = words.gettext
    text = _(
        "Please write your remark in one message, at most {most} characters. Leave out names and "
        "numbers of persons, please. Or skip it."
    )
    return Reply(
        text.format(most=number(COMMENT_UNITS_MAX, words.language)),
        [[Button(_("Skip"), SkipPressed(str(survey.id)))]],
    )


def finished(words: Words, survey: Survey, case: Case | None, *, is_page: bool = False) -> Reply:
    """Thank and let go; after a poor score with a way to go on with the matter."""
    _ = words.gettext
    text = _("🌷 Thank you. The office reads ratings and remarks without your name.")
    reopening = _reopening(words, survey, case)
    if reopening:
        text += "\n" + _("If the matter is not settled, you can have it looked at again.")
    return Reply(text, [*reopening, way_back(words)], is_page=is_page)


def followed_up(words: Words, survey: Survey, case: Case) -> Reply:
    """Be glad, or offer to go on with the matter."""
    _ = words.gettext
    if survey.solved is Solved.YES:
        text = _("🌷 Glad to hear it. Thank you for telling us.")
        return Reply(text, [way_back(words)], is_page=True)
    text = _("Thank you for telling us. I am sorry that it is not settled yet.")
    if case.state is CaseState.ANSWERED:
        again = case_button(_("↩️ Look at it again"), case, CaseVerb.REOPEN)
        text += "\n" + _("The office can look at the same case again.")
    else:
        again = Button(
            _("✍️ Tell the office again"),
            CaseBegins(case.office_id, case.service_id or NOT_CHOSEN, case.kind.value),
        )
        text += "\n" + _(
            "The case itself is closed by now, so please tell the office in a new one."
        )
    return Reply(text, [[again], way_back(words)], is_page=True)


def no_longer_open(words: Words) -> Reply:
    """Say that the time for a remark is over; what was given before is kept."""
    _ = words.gettext
    text = _("The time for this remark is over; your rating is kept. Thank you.")
    return Reply(text, [way_back(words)])


def reason_name(reason: Reason, words: Words) -> str:
    """Name a ready reason, as its button does."""
    _ = words.gettext
    names = {
        Reason.SLOW: _("🐢 It took long"),
        Reason.UNCLEAR: _("🌫 It was not clear"),
        Reason.FAST: _("⚡️ It was fast"),
        Reason.CLEAR: _("💎 It was clear"),
    }
    return names[reason]


def solved_name(solved: Solved, words: Words) -> str:
    """Name an answer to the later question, as its button does."""
    _ = words.gettext
    names = {
        Solved.YES: _("✅ Yes"),
        Solved.PARTLY: _("🌗 Partly"),
        Solved.NO: _("❌ No"),
    }
    return names[solved]


def _stars(words: Words, survey: Survey) -> list[Button]:
    _ = words.gettext
    return [
        Button(
            _("{score} ⭐").format(score=number(score, words.language)),
            RatedPressed(str(survey.id), str(score)),
        )
        for score in SCORES
    ]


def _score(survey: Survey) -> int:
    assert survey.score is not None
    return survey.score


def _thanks(words: Words, survey: Survey) -> str:
    _ = words.gettext
    score = _score(survey)
    return _("🌷 Thank you: {stars} ({score} of {best}).").format(
        stars="⭐" * score,
        score=number(score, words.language),
        best=number(max(SCORES), words.language),
    )


def _more(words: Words, survey: Survey) -> list[Button]:
    _ = words.gettext
    return [
        Button(_("✍️ Add a remark"), RemarkPressed(str(survey.id))),
        Button(_("That was all"), SkipPressed(str(survey.id))),
    ]


def _reopening(words: Words, survey: Survey, case: Case | None) -> list[list[Button]]:
    """The way back into a matter that was rated poorly, while it can be reopened."""
    _ = words.gettext
    if survey.score is None or not is_poor(survey.score):
        return []
    if case is None or case.state is not CaseState.ANSWERED:
        return []
    return [[case_button(_("↩️ Look at it again"), case, CaseVerb.REOPEN)]]
