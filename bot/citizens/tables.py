"""People and what they chose; staff, their invitations, chats and deeds; flows; limits."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from bot.citizens.model import Role
from bot.kit.database import Moment, metadata
from bot.kit.tables import Sealed, sealed

_ROLES = ", ".join(f"'{role.value}'" for role in Role)
_ROLE_KNOWN = f"role IN ({_ROLES})"

citizen = Table(
    "citizen",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8)),
    Column("office_id", String(24)),
    Column("topic_office_id", String(24)),
    Column("topic_service_id", String(24)),
    Column("topic_at", Moment, index=True),
    Column("changed_at", Moment, nullable=False),
    Column("muted", String(32)),  # which notices they want no more, with blanks between them
)

# Name and birth date are sealed and bound to their row; blanked when the learner is taken out.
learner = Table(
    "learner",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guardian_id", BigInteger, nullable=False),
    Column("given_name", LargeBinary, nullable=False),
    Column("born_on", Sealed("DATE"), nullable=False),
    Column("is_self", Boolean, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
    sqlite_autoincrement=True,
)
sealed(learner.c.given_name, learner.c.id)
births_sealed = sealed(learner.c.born_on, learner.c.id)
Index("ix_learner_guardian_id", learner.c.guardian_id)
Index(
    "uq_learner_self",
    learner.c.guardian_id,
    unique=True,
    sqlite_where=learner.c.is_self & learner.c.removed_at.is_(None),
)

staff_role = Table(
    "staff_role",
    metadata,
    Column("citizen_id", BigInteger, primary_key=True, autoincrement=False),
    Column("office_id", String(24), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("granted_at", Moment, nullable=False),
    CheckConstraint(_ROLE_KNOWN, name="role_known"),
)
Index("ix_staff_role_office_id", staff_role.c.office_id)

# Of the token only a digest is kept: who reads the database cannot join the staff with it.
invitation = Table(
    "invitation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_digest", LargeBinary(32), nullable=False),
    Column("office_id", String(24), nullable=False),
    Column("role", String(16), nullable=False),
    Column("made_by", BigInteger),
    Column("expires_at", Moment, nullable=False),
    Column("accepted_by", BigInteger),
    Column("accepted_at", Moment),
    UniqueConstraint("token_digest"),
    CheckConstraint(_ROLE_KNOWN, name="role_known"),
    CheckConstraint("(accepted_by IS NULL) = (accepted_at IS NULL)", name="accepted_by_somebody"),
)
Index("ix_invitation_office_id", invitation.c.office_id)
Index("ix_invitation_expires_at", invitation.c.expires_at)

admin_chat = Table(
    "admin_chat",
    metadata,
    Column("office_id", String(24), primary_key=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("bound_at", Moment, nullable=False),
)

# Triggers of its migrations let nobody change or remove a row; a note may be sealed anew.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("office_id", String(24), nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("actor_name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("note", Sealed(500)),
    Column("before", String(64)),
    Column("after", String(64)),
    CheckConstraint(_ROLE_KNOWN, name="role_known"),
    sqlite_autoincrement=True,
)
audit_notes = sealed(audit.c.note, audit.c.office_id, audit.c.at, audit.c.action, audit.c.subject)
Index("ix_audit_office_id", audit.c.office_id, audit.c.id)
Index("ix_audit_subject", audit.c.subject, audit.c.id)

# A digest of each row and of all before it (ADR 0033); triggers guard these rows too.
audit_link = Table(
    "audit_link",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("audit_id", Integer, ForeignKey("audit.id"), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    UniqueConstraint("audit_id"),
    CheckConstraint("number > 0", name="number_counted"),
)

# Where the chain ends: one row, locked by whoever adds to it.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    CheckConstraint("id = 1", name="only_one"),
    CheckConstraint("number >= 0", name="number_counted"),
)

# The person first: whether somebody is in any flow is asked without the chat.
dialogue = Table(
    "dialogue",
    metadata,
    Column("citizen_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(32), nullable=False),
    Column("step", String(32), nullable=False),
    Column("draft", LargeBinary, nullable=False),
    Column("token", String(16), nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)
drafts = sealed(dialogue.c.draft, dialogue.c.citizen_id, dialogue.c.chat_id)

# How often, in a slot of time and not at which moment: else the moment of an anonymous case would
# tell whose it is.
spent_limit = Table(
    "spent_limit",
    metadata,
    Column("citizen_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("slot_ends_at", Moment, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("forget_at", Moment, nullable=False, index=True),
    CheckConstraint("count > 0", name="count_positive"),
)

# By which a person is named where their number and their name are nobody's business.
person_code = Table(
    "person_code",
    metadata,
    Column("citizen_id", BigInteger, primary_key=True, autoincrement=False),
    Column("code", String(16), nullable=False),
    UniqueConstraint("code"),
)

# Who may not write to an office until when; the row goes when the ban ends or is lifted.
ban = Table(
    "ban",
    metadata,
    Column("citizen_id", BigInteger, primary_key=True, autoincrement=False),
    Column("office_id", String(24), primary_key=True),
    Column("reason", Sealed(200), nullable=False),
    Column("banned_by", BigInteger, nullable=False),
    Column("banned_at", Moment, nullable=False),
    Column("until", Moment, nullable=False, index=True),
    CheckConstraint("banned_at < until", name="ends_later"),
    CheckConstraint("banned_by <> citizen_id", name="by_another"),
)
ban_reasons = sealed(ban.c.reason, ban.c.citizen_id, ban.c.office_id)

# That a person agreed to what is kept of them. Of each text once; a new one is asked about anew.
consent = Table(
    "consent",
    metadata,
    Column("citizen_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("language", String(8), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("given_at", Moment, nullable=False, index=True),
    CheckConstraint("version > 0", name="version_counted"),
)

# Whose number becomes which, while one transaction puts it everywhere: no row outlives that.
# The guards of the ledger look here.
parting = Table(
    "parting",
    metadata,
    Column("citizen_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    UniqueConstraint("number"),
)

# That somebody was erased, and by which number the ledger goes on naming nobody. A day is no
# moment: the moment is that of the last update that the person sent.
erasure = Table(
    "erasure",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("erased_on", Date, nullable=False),
)
