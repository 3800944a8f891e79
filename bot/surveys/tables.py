"""One row a question to one person about one ending of one matter, with its answer."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    FromClause,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from bot.kit.database import Moment, metadata
from bot.kit.tables import Sealed, sealed
from bot.surveys.model import COMMENT_UNITS_MAX, Reason, Solved, SurveyKind


def _one_of(column: str, kind: type[SurveyKind | Reason | Solved]) -> str:
    values = ", ".join(f"'{member.value}'" for member in kind)
    return f"{column} IN ({values})"


def is_unasked(rows: FromClause) -> ColumnElement[bool]:
    """True for a question that waits to be asked."""
    return rows.c.asked_at.is_(None)


survey = Table(
    "survey",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("resolution", Integer, nullable=False),
    Column("office_id", String(24), nullable=False),
    Column("service_id", String(24)),
    Column("citizen_id", BigInteger, nullable=False),
    Column("officer_id", BigInteger),
    Column("due_at", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("score", SmallInteger),
    Column("reason", String(16)),
    Column("comment", Sealed(COMMENT_UNITS_MAX)),
    Column("solved", String(16)),
    Column("answered_at", Moment),
    UniqueConstraint("kind", "subject", "resolution", name="uq_survey_resolution"),
    CheckConstraint(_one_of("kind", SurveyKind), name="kind_known"),
    CheckConstraint(_one_of("reason", Reason), name="reason_known"),
    CheckConstraint(_one_of("solved", Solved), name="solved_known"),
    CheckConstraint("score BETWEEN 1 AND 5", name="score_in_range"),
    CheckConstraint("score IS NULL OR kind = 'rating'", name="score_of_rating"),
    CheckConstraint("solved IS NULL OR kind = 'follow_up'", name="solved_of_follow_up"),
    CheckConstraint("answered_at IS NULL OR asked_at IS NOT NULL", name="asked_first"),
    CheckConstraint("resolution > 0", name="resolution_counted"),
    sqlite_autoincrement=True,
)
comments = sealed(survey.c.comment, survey.c.id)

Index(
    "ix_survey_unasked",
    survey.c.due_at,
    survey.c.id,
    sqlite_where=is_unasked(survey),
)
Index("ix_survey_subject", survey.c.subject)
Index("ix_survey_answered", survey.c.office_id, survey.c.kind, survey.c.answered_at)
