"""Rows of the tables about cases, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.cases.model import (
    Action,
    Case,
    CaseId,
    CaseKind,
    CaseMessage,
    CaseState,
    Clock,
    ClockKind,
    Ending,
    Event,
    MessageId,
    MessageKind,
    Policy,
)
from bot.cases.tables import ending_reasons, event_notes, said_words
from bot.citizens.model import Role

if TYPE_CHECKING:
    from sqlalchemy import Row

    from bot.kit.crypto import Keyring


def case_of(row: Row[Any], keyring: Keyring) -> Case:
    """Read a case."""
    return Case(
        id=CaseId(row.id),
        tracking_code=row.tracking_code,
        office_id=row.office_id,
        service_id=row.service_id,
        service_version=row.service_version,
        kind=CaseKind(row.kind),
        author_id=row.author_id,
        language=row.language,
        state=CaseState(row.state),
        policy=Policy(
            row.first_response_minutes,
            row.next_response_minutes,
            row.resolution_minutes,
            row.warn_minutes,
        ),
        registered_at=row.registered_at,
        ending=None if row.ending is None else Ending(row.ending),
        ending_reason=ending_reasons.open_any(keyring, row.ending_reason, row.id),
        ended_at=row.ended_at,
        assignee_id=row.assignee_id,
        assigned_at=row.assigned_at,
        snoozed_until=row.snoozed_until,
        is_snoozed_until_reply=row.is_snoozed_until_reply,
        is_process_changed=row.is_process_changed,
        merged_into=row.merged_into,
        question_id=row.question_id,
        escalated_at=row.escalated_at,
    )


def message_of(row: Row[Any], keyring: Keyring) -> CaseMessage:
    """Read a message in its latest version."""
    return CaseMessage(
        id=MessageId(row.id),
        case_id=CaseId(row.case_id),
        kind=MessageKind(row.kind),
        author_id=row.author_id,
        text=said_words.open(keyring, row.text, row.id),
        said_at=row.said_at,
        version=row.version,
    )


def clock_of(row: Row[Any], prefix: str = "") -> Clock:
    """Read a promise, from columns that may carry a prefix beside those of its case."""
    values = {
        name.removeprefix(prefix): value
        for name, value in row._asdict().items()
        if name.startswith(prefix)
    }
    return Clock(**{**values, "kind": ClockKind(values["kind"])})


def event_of(row: Row[Any], keyring: Keyring) -> Event:
    """Read a line of a history."""
    return Event(
        case_id=CaseId(row.case_id),
        at=row.at,
        action=Action(row.action),
        actor_id=row.actor_id,
        role=None if row.role is None else Role(row.role),
        note=event_notes.open_any(keyring, row.note, row.case_id, row.at, row.action),
    )
