"""The tables of what was asked and of what the desk learnt besides its files.

Questions are kept without who asked them. Of an answer that staff wrote, every version stays.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from bot.catalogue.model import EndReason, Facet, LearntState, Outcome, VersionState
from bot.kit.database import Moment, metadata
from bot.kit.tables import Sealed, sealed

_OUTCOMES = ", ".join(f"'{outcome.value}'" for outcome in Outcome)
_STATES = ", ".join(f"'{state.value}'" for state in LearntState)
_FACETS = ", ".join(f"'{facet.value}'" for facet in Facet)
_VERSION_STATES = ", ".join(f"'{state.value}'" for state in VersionState)
_REASONS = ", ".join(f"'{reason.value}'" for reason in EndReason)

asked_question = Table(
    "asked_question",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("asked_on", Date, nullable=False),
    Column("office_id", String(24)),
    Column("text", Sealed(1000), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("entry_id", String(64)),
    CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
    Index("ix_asked_question_outcome_asked_on", "outcome", "asked_on"),
)
asked_words = sealed(asked_question.c.text, asked_question.c.id)

learnt_answer = Table(
    "learnt_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Column("office_id", String(24), nullable=False),
    Column("service_id", String(24)),
    Column("facet", String(16), nullable=False),
    Column("question", String(1000), nullable=False),
    Column("answer", String(3000), nullable=False),
    Column("state", String(16), nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("drafted_at", Moment, nullable=False),
    Column("reason", Sealed(1000)),
    Column("approver_id", BigInteger),
    Column("decided_at", Moment),
    UniqueConstraint("key", "version", name="uq_learnt_answer_version"),
    CheckConstraint(f"state IN ({_STATES})", name="state_known"),
    CheckConstraint(f"facet IN ({_FACETS})", name="facet_known"),
    CheckConstraint("version > 0", name="version_counted"),
    CheckConstraint("approver_id <> author_id", name="two_people"),
    CheckConstraint("state <> 'approved' OR approver_id IS NOT NULL", name="approved_by_somebody"),
    Index("ix_learnt_answer_state", "state", "office_id"),
    sqlite_autoincrement=True,
)

learnt_reasons = sealed(learnt_answer.c.reason, learnt_answer.c.key, learnt_answer.c.version)

# Which questions an answer was written for; their words stay when the questions are forgotten.
learnt_question = Table(
    "learnt_question",
    metadata,
    Column("learnt_id", ForeignKey("learnt_answer.id"), primary_key=True),
    Column("question_id", BigInteger, primary_key=True, autoincrement=False),
    Column("text", Sealed(1000), nullable=False),
    Index("ix_learnt_question_question_id", "question_id"),
)
learnt_words = sealed(
    learnt_question.c.text, learnt_question.c.learnt_id, learnt_question.c.question_id
)

# Questions that an office need not answer; forgotten together with the questions.
dismissed_question = Table(
    "dismissed_question",
    metadata,
    Column("office_id", String(24), primary_key=True),
    Column("question_id", BigInteger, primary_key=True, autoincrement=False),
    Column("dismissed_on", Date, nullable=False),
)

circular = Table(
    "circular",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("number", String(60), nullable=False),
    Column("issued_on", Date),
    Column("dispatched_at", Moment, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("summary", String(2000), nullable=False),
    Column("entered_by", BigInteger, nullable=False),
    UniqueConstraint("office_id", "number", name="uq_circular_number"),
    CheckConstraint("dispatched_at <= published_at", name="dispatched_first"),
    sqlite_autoincrement=True,
)

# A number once given is never given again or changed: cases keep the number of their day.
service_version = Table(
    "service_version",
    metadata,
    Column("office_id", String(24), primary_key=True),
    Column("service_id", String(24), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("effective_from", Moment, nullable=False),
    Column("circular_id", ForeignKey("circular.id"), nullable=False),
    CheckConstraint("number > 1", name="number_after_first"),
)

agreement_end = Table(
    "agreement_end",
    metadata,
    Column("office_id", String(24), primary_key=True),
    Column("agreement_id", String(24), primary_key=True),
    Column("reason", String(16), nullable=False),
    Column("document_ref", String(200), nullable=False),
    Column("ended_on", Date, nullable=False),
    Column("entered_by", BigInteger, nullable=False),
    Column("entered_at", Moment, nullable=False),
    CheckConstraint(f"reason IN ({_REASONS})", name="reason_known"),
    CheckConstraint("document_ref <> ''", name="reference_given"),
)

# Workbooks that were sent to take the place of what an office publishes, and what became of them.
catalogue_version = Table(
    "catalogue_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("number", Integer),
    Column("reason", String(1000), nullable=False),
    Column("proposed_by", BigInteger),
    Column("proposed_at", Moment, nullable=False),
    Column("seen_change", Integer, nullable=False),
    Column("shipped_digest", String(16), nullable=False),
    Column("content", LargeBinary),
    Column("file_id", String(255)),
    Column("chat_id", BigInteger),
    Column("message_id", BigInteger),
    Column("workshops", LargeBinary),  # what the workbook says of them, until it is decided
    UniqueConstraint("office_id", "number", name="uq_catalogue_version_number"),
    CheckConstraint(f"state IN ({_VERSION_STATES})", name="state_known"),
    CheckConstraint("state <> 'applied' OR number > 0", name="applied_numbered"),
    CheckConstraint("number IS NULL OR content IS NOT NULL", name="numbered_stored"),
    Index("ix_catalogue_version_state", "state"),
    sqlite_autoincrement=True,
)

# Which version came into force, one after the other; the highest number names what holds now.
# That each change of an office follows another lets only one of two that happen at once be made.
catalogue_change = Table(
    "catalogue_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("after_id", Integer, nullable=False),
    Column("version_id", ForeignKey("catalogue_version.id")),
    Column("changed_by", BigInteger),
    Column("changed_at", Moment, nullable=False),
    Column("reason", String(1000), nullable=False),
    UniqueConstraint("office_id", "after_id", name="uq_catalogue_change_after"),
    sqlite_autoincrement=True,
)
