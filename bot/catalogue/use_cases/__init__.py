"""What people and staff can do with the catalogue."""

from bot.catalogue.use_cases.circulars import (
    agreement_end,
    circulars_of,
    end_agreement,
    enter_circular,
    version_at,
    versions_of,
)
from bot.catalogue.use_cases.learning import (
    ANSWER_UNITS_MAX,
    approve_answer,
    approved_answers,
    dismiss_group,
    draft_answer,
    drafts_of,
    learnt,
    learnt_edition,
    question_groups,
    reject_answer,
    retire_answer,
)
from bot.catalogue.use_cases.questions import (
    KEPT_FOR,
    QUESTION_UNITS_MAX,
    ask,
    choose_meant,
    forget_old_questions,
    question_text,
    report_missed,
)

__all__ = [
    "ANSWER_UNITS_MAX",
    "KEPT_FOR",
    "QUESTION_UNITS_MAX",
    "agreement_end",
    "approve_answer",
    "approved_answers",
    "ask",
    "choose_meant",
    "circulars_of",
    "dismiss_group",
    "draft_answer",
    "drafts_of",
    "end_agreement",
    "enter_circular",
    "forget_old_questions",
    "learnt",
    "learnt_edition",
    "question_groups",
    "question_text",
    "reject_answer",
    "report_missed",
    "retire_answer",
    "version_at",
    "versions_of",
]
