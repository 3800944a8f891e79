"""Every query about surveys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from bot.citizens.model import CitizenId
from bot.kit.database import insert_new, keyring_of
from bot.surveys.model import (
    Reason,
    Remark,
    Satisfaction,
    ServiceScore,
    Solved,
    Survey,
    SurveyId,
    SurveyKind,
)
from bot.surveys.tables import comments, is_unasked, survey

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction


class SurveyRepository:
    """Questions about answers, planned, asked and answered."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def add_new(
        self,
        *,
        kind: SurveyKind,
        subject: str,
        resolution: int,
        office_id: str,
        service_id: str | None,
        citizen_id: CitizenId,
        officer_id: CitizenId | None,
        due_at: datetime,
    ) -> None:
        """Plan a question, unless this resolution is asked about already."""
        row = {
            "kind": kind.value,
            "subject": subject,
            "resolution": resolution,
            "office_id": office_id,
            "service_id": service_id,
            "citizen_id": citizen_id,
            "officer_id": officer_id,
            "due_at": due_at,
        }
        await self._tx.execute(insert_new(survey), row)

    async def remove_unasked(self, subject: str) -> None:
        """Forget the planned questions about a matter that nobody was asked yet."""
        matching = (survey.c.subject == subject) & is_unasked(survey)
        await self._tx.execute(delete(survey).where(matching))

    async def forget(self, subjects: Collection[str]) -> None:
        """Delete all that was asked and answered about matters that are forgotten."""
        await self._tx.execute(delete(survey).where(survey.c.subject.in_(subjects)))

    async def forget_due_before(self, about: str, before: datetime) -> int:
        """Delete all about one kind of matter that was to be asked before a moment; count it."""
        is_about = survey.c.subject.startswith(f"{about}:", autoescape=True)
        gone = await self._tx.execute(delete(survey).where(is_about, survey.c.due_at < before))
        return gone.rowcount

    async def of_citizen(self, citizen_id: CitizenId) -> list[Survey]:
        """List all that a person was asked and answered, the first one first."""
        query = select(survey).where(survey.c.citizen_id == citizen_id).order_by(survey.c.id)
        return [_survey(row, self._keyring) for row in await self._tx.execute(query)]

    async def forget_citizen(self, citizen_id: CitizenId, number: int) -> None:
        """Delete what a person wrote, and was not asked yet; their scores stay as nobody's."""
        is_theirs = survey.c.citizen_id == citizen_id
        await self._tx.execute(delete(survey).where(is_theirs, survey.c.answered_at.is_(None)))
        await self._tx.execute(
            update(survey).where(is_theirs).values(citizen_id=number, comment=None)
        )

    async def find(self, survey_id: SurveyId) -> Survey | None:
        """Find a question by its number."""
        query = select(survey).where(survey.c.id == survey_id)
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _survey(row, self._keyring)

    async def due(self, now: datetime, *, limit: int) -> list[Survey]:
        """List the questions whose time has come, the longest waiting first."""
        query = (
            select(survey)
            .where(is_unasked(survey), survey.c.due_at <= now)
            .order_by(survey.c.due_at, survey.c.id)
            .limit(limit)
        )
        return [_survey(row, self._keyring) for row in await self._tx.execute(query)]

    async def mark_asked(self, survey_id: SurveyId, now: datetime) -> bool:
        """Write down that it was asked; False when it had been, or is planned no longer."""
        matching = (survey.c.id == survey_id) & is_unasked(survey)
        result = await self._tx.execute(update(survey).where(matching).values(asked_at=now))
        return result.rowcount == 1

    async def keep(self, answered: Survey) -> None:
        """Write down what was answered."""
        values = {
            "score": answered.score,
            "reason": None if answered.reason is None else answered.reason.value,
            "comment": comments.seal_any(self._keyring, answered.comment, answered.id),
            "solved": None if answered.solved is None else answered.solved.value,
            "answered_at": answered.answered_at,
        }
        query = update(survey).where(survey.c.id == answered.id)
        await self._tx.execute(query.values(values))

    async def satisfaction(self, office_id: str, since: datetime, until: datetime) -> Satisfaction:
        """Count the ratings of a period, and take their mean."""
        query = select(func.count(), func.avg(survey.c.score))
        row = (await self._tx.execute(query.where(_rated(office_id, since, until)))).one()
        return Satisfaction(row[0], None if row[1] is None else float(row[1]))

    async def reasons(self, office_id: str, since: datetime, until: datetime) -> dict[Reason, int]:
        """Count the ready reasons of a period."""
        query = (
            select(survey.c.reason, func.count())
            .where(_rated(office_id, since, until), survey.c.reason.is_not(None))
            .group_by(survey.c.reason)
        )
        return {Reason(row[0]): row[1] for row in await self._tx.execute(query)}

    async def solved(self, office_id: str, since: datetime, until: datetime) -> dict[Solved, int]:
        """Count what people said of whether it was really solved."""
        query = (
            select(survey.c.solved, func.count())
            .where(_answered(SurveyKind.FOLLOW_UP, office_id, since, until))
            .group_by(survey.c.solved)
        )
        return {Solved(row[0]): row[1] for row in await self._tx.execute(query)}

    async def remarks(
        self, office_id: str, since: datetime, until: datetime, *, limit: int
    ) -> list[Remark]:
        """List what was written to the scores of a period, the newest first."""
        query = (
            select(survey.c.id, survey.c.score, survey.c.comment)
            .where(_rated(office_id, since, until), survey.c.comment.is_not(None))
            .order_by(survey.c.answered_at.desc(), survey.c.id.desc())
            .limit(limit)
        )
        return [
            Remark(row.score, comments.open(self._keyring, row.comment, row.id))
            for row in await self._tx.execute(query)
        ]

    async def scores(
        self, office_id: str, since: datetime, until: datetime, *, limit: int
    ) -> list[ServiceScore]:
        """List how the services were rated in a period, the worst first."""
        count, mean = func.count(), func.avg(survey.c.score)
        query = (
            select(survey.c.service_id, count, mean)
            .where(_rated(office_id, since, until))
            .group_by(survey.c.service_id)
            .order_by(mean, count.desc(), survey.c.service_id)
            .limit(limit)
        )
        rows = await self._tx.execute(query)
        return [ServiceScore(row[0], Satisfaction(row[1], float(row[2]))) for row in rows]


def _rated(office_id: str, since: datetime, until: datetime) -> ColumnElement[bool]:
    return _answered(SurveyKind.RATING, office_id, since, until)


def _answered(
    kind: SurveyKind, office_id: str, since: datetime, until: datetime
) -> ColumnElement[bool]:
    return (
        (survey.c.office_id == office_id)
        & (survey.c.kind == kind.value)
        & (survey.c.answered_at >= since)
        & (survey.c.answered_at < until)
    )


def _survey(row: Row[Any], keyring: Keyring) -> Survey:
    return Survey(
        id=SurveyId(row.id),
        kind=SurveyKind(row.kind),
        subject=row.subject,
        resolution=row.resolution,
        office_id=row.office_id,
        service_id=row.service_id,
        citizen_id=CitizenId(row.citizen_id),
        officer_id=None if row.officer_id is None else CitizenId(row.officer_id),
        due_at=row.due_at,
        asked_at=row.asked_at,
        score=row.score,
        reason=None if row.reason is None else Reason(row.reason),
        comment=comments.open_any(keyring, row.comment, row.id),
        solved=None if row.solved is None else Solved(row.solved),
        answered_at=row.answered_at,
    )
