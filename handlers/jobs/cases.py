"""What the clock does to cases: it reminds staff, owns up to the late, and tidies up.

Each round marks what it acts on and queues what it says in one transaction, an office at a time.
News of more than a few cases at once is told as one list, for an admin chat that is full of cards
is read by nobody, and the messenger takes only some twenty messages a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.calendar import use_cases as calendars
from bot.cases import use_cases as cases
from bot.cases.model import Queue
from bot.citizens import use_cases as citizens
from bot.kit.clock import TEHRAN
from bot.kit.jalali import tehran_day
from bot.outbox import use_cases as outbox
from handlers.jobs.apart import kept_apart
from handlers.jobs.notices import notice
from handlers.views.cases import case_notices
from handlers.views.desk import desk as views
from handlers.views.desk import queues as lists

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.cases.model import Case, Clock, Dossier, Overdue
    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.database import Database, Transaction
    from bot.kit.words import Words
    from handlers.context import Shared
    from handlers.reply import Reply

    _Act = Callable[["_Office"], Awaitable[bool]]

_T = TypeVar("_T")

_QUIET_BEFORE, _QUIET_FROM = 7, 22  # hours in Tehran outside of which nobody is told of delays
_CARDS_AT_ONCE_MAX = 3


@dataclass(frozen=True)
class _News:
    """What is told of one case, once for each key."""

    key: str
    dossier: Dossier
    card: Reply


@dataclass(frozen=True)
class _Office:
    """One office in one transaction of a round."""

    desk: Shared
    tx: Transaction
    published: OfficeCatalogue
    calendar: OfficeCalendar
    admin_chat_id: int | None
    names: Mapping[CitizenId, str]
    now: datetime

    @property
    def id(self) -> str:
        """The office's own id."""
        return self.published.office.id

    @property
    def words(self) -> Words:
        """The language of the desk, in which colleagues read together."""
        return self.desk.words_of(self.desk.default_language)

    async def tell_desk(self, queue: Queue, news: Sequence[_News]) -> None:
        """Tell the admin chat: a few cases by their cards, more of them in one list.

        An office without an admin chat finds the cases in its lists later.
        """
        if self.admin_chat_id is None or not news:
            return
        if len(news) <= _CARDS_AT_ONCE_MAX:
            for one in news:
                about = f"case:{one.dossier.case.id}"
                await self._tell(one.key, self.admin_chat_id, about, one.card)
            return
        dossiers = [one.dossier for one in news]
        reply = lists.together(self.words, self.published, queue, dossiers, self.now)
        await self._tell(f"{news[0].key}:together", self.admin_chat_id, lists.SUBJECT, reply)

    async def tell_author(self, key: str, case: Case, reply: Reply) -> None:
        """Tell the citizen, unless they are anonymous."""
        if case.author_id is not None:
            await self._tell(key, int(case.author_id), f"case:{case.id}", reply)

    async def dossier(self, case: Case) -> Dossier:
        """Read all that belongs to a case."""
        return await cases.dossier(self.tx, case_id=case.id)

    def card(self, dossier: Dossier, headline: views.Headline) -> Reply:
        """Show the case of a piece of news that is one line."""
        return views.told(
            self.words, self.published, dossier, self.now, headline=headline, names=self.names
        )

    async def _tell(self, key: str, chat_id: int, about: str, reply: Reply) -> None:
        await outbox.queue(self.tx, key, [notice(chat_id, reply, about=about)], self.now)


async def _in_each_office(desk: Shared, database: Database, now: datetime, act: _Act) -> bool:
    """Act for each office in a transaction of its own; one that fails holds up no other."""
    told = False
    for published in desk.catalogue.offices:
        with kept_apart(published.office.id):
            async with database.transaction() as tx:
                told |= await act(await _office(desk, tx, published, now))
    return told


async def _news_of(
    office: _Office, found: Sequence[_T], write: Callable[[_Office, _T], Awaitable[_News]]
) -> list[_News]:
    """Write the news of each case; where one fails, the others are told all the same."""
    news: list[_News] = []
    for one in found:
        with kept_apart(f"news of {office.id}"):
            async with office.tx.begin_nested():
                news.append(await write(office, one))
    return news


async def _office(
    desk: Shared, tx: Transaction, published: OfficeCatalogue, now: datetime
) -> _Office:
    office_id = published.office.id
    calendar = await calendars.calendar_of(
        tx, office_id=office_id, hours=published.hours, today=tehran_day(now)
    )
    staff = await citizens.staff_of_office(tx, office_id=office_id)
    names = {member.id: member.name for member in staff}
    admin_chat_id = await citizens.admin_chat_of(tx, office_id=office_id)
    return _Office(desk, tx, published, calendar, admin_chat_id, names, now)


async def tell_overdue(desk: Shared, database: Database, now: datetime) -> bool:
    """Own up to broken promises: to the citizen first, with the new date, then to staff.

    Nobody is told at night, where only a desk that was down for hours could find a late case.
    """
    if not _QUIET_BEFORE <= now.astimezone(TEHRAN).hour < _QUIET_FROM:
        return False
    return await _in_each_office(desk, database, now, _tell_overdue)


async def _tell_overdue(office: _Office) -> bool:
    found = await cases.overdue(
        office.tx, office_id=office.id, calendar=office.calendar, now=office.now
    )
    await office.tell_desk(Queue.LATE, await _news_of(office, found, _late))
    return bool(found)


async def _late(office: _Office, late: Overdue) -> _News:
    case, key = late.case, f"late:{late.clock.id}:{int(late.new_due_at.timestamp())}"
    words = office.desk.words_of(case.language)
    owned_up = case_notices.late(words, case, late.new_due_at, clock=late.clock)
    await office.tell_author(f"{key}:citizen", case, owned_up)
    dossier = await office.dossier(case)
    card = views.late(
        office.words,
        office.published,
        dossier,
        office.now,
        clock=late.clock,
        new_due_at=late.new_due_at,
        names=office.names,
    )
    return _News(f"{key}:desk", dossier, card)


async def warn_staff(desk: Shared, database: Database, now: datetime) -> bool:
    """Remind staff, in their working hours, of promises that are due soon."""
    return await _in_each_office(desk, database, now, _warn_staff)


async def _warn_staff(office: _Office) -> bool:
    found = await cases.due_warnings(
        office.tx, office_id=office.id, calendar=office.calendar, now=office.now
    )
    await office.tell_desk(Queue.DUE, await _news_of(office, found, _due))
    return bool(found)


async def _due(office: _Office, due: tuple[Case, Clock]) -> _News:
    case, clock = due
    dossier = await office.dossier(case)
    key = f"warned:{clock.id}:{int(clock.promised_at.timestamp())}"
    return _News(key, dossier, office.card(dossier, views.Headline.DUE_SOON))


async def wake_snoozed(desk: Shared, database: Database, now: datetime) -> bool:
    """Bring back the cases that were put aside until now."""
    return await _in_each_office(desk, database, now, _wake_snoozed)


async def _wake_snoozed(office: _Office) -> bool:
    woken = await cases.wake_snoozed(office.tx, office_id=office.id, now=office.now)
    await office.tell_desk(Queue.OPEN, await _news_of(office, woken, _woken))
    return bool(woken)


async def _woken(office: _Office, case: Case) -> _News:
    dossier = await office.dossier(case)
    key = f"woken:{case.id}:{int(office.now.timestamp())}"
    return _News(key, dossier, office.card(dossier, views.Headline.WOKEN))


async def return_idle_claims(desk: Shared, database: Database, now: datetime) -> bool:
    """Give back to everybody the cases that were taken and then left alone."""
    return await _in_each_office(desk, database, now, _return_idle_claims)


async def _return_idle_claims(office: _Office) -> bool:
    released = await cases.idle_claims(
        office.tx,
        office_id=office.id,
        calendar=office.calendar,
        kept_minutes=office.published.desk.claim_kept_minutes,
        now=office.now,
    )
    await office.tell_desk(Queue.NEW, await _news_of(office, released, _returned))
    return bool(released)


async def _returned(office: _Office, case: Case) -> _News:
    dossier = await office.dossier(case)
    key = f"idle:{case.id}:{int(office.now.timestamp())}"
    return _News(key, dossier, office.card(dossier, views.Headline.CLAIM_RETURNED))


async def close_answered(_desk: Shared, database: Database, now: datetime) -> bool:
    """Close the cases to whose ending nobody objected in ten days, silently."""
    async with database.transaction() as tx:
        await cases.close_answered(tx, now=now)
    return False
