"""Weeks at the desk, played through the simulator by three citizens, two officers and a manager.

Whatever moment a citizen is told is compared with one that was counted minute by minute.
"""

from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from bot.citizens.model import Role
from bot.kit.tracking import shown
from tests.day_support import (
    MINUTE,
    OFFICE,
    Message,
    Somebody,
    World,
    about,
    at,
    buttons,
    code_of,
    in_words,
    moments_in,
    text_of,
    world_at,
)

pytestmark = pytest.mark.timeout(300)  # weeks, minute by minute

FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (
    date(2027, 3, 5) + timedelta(days=ahead) for ahead in range(7)
)
FRIDAY_NIGHT = at(FRIDAY, "23:00")
NEXT_SATURDAY = SATURDAY + timedelta(days=7)
SNOW = "برف سنگین"
HOUR = timedelta(hours=1)
TEN_DAYS = timedelta(days=10)


@dataclass(frozen=True)
class Owed:
    """A promise that runs: from when so many working minutes count, and without which pauses."""

    start: datetime
    minutes: int
    pauses: Sequence[tuple[datetime, datetime]] = ()


@dataclass
class Week:
    """Who is there, the cases they have, and which of the moments they were told are checked."""

    world: World
    codes: dict[str, str] = field(default_factory=dict)
    checked: set[tuple[int, int, str]] = field(default_factory=set)
    owed: dict[str, dict[str, Owed]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sara, self.ali, self.maryam = map(self.world.person, ("sara", "ali", "maryam"))
        self.officer = self.world.person("officer", self.world.group)
        self.colleague = self.world.person("colleague", self.world.group)
        self.manager = self.world.person("manager", self.world.group)

    @property
    def citizens(self) -> tuple[Somebody, ...]:
        return self.sara, self.ali, self.maryam  # who writes without a name

    @property
    def desk(self) -> list[Message]:
        """What was said in the admin chat."""
        return self.world.heard[self.world.group]

    def card(self, name: str, *parts: str) -> Message:
        return about(self.desk, self.codes[name], "d", *parts)

    def owe(
        self, name: str, *targets: str, pauses: Sequence[tuple[datetime, datetime]] = ()
    ) -> datetime:
        """Write down what is promised from now on; gives the first of the dates."""
        kind = name.partition(":")[2]
        running = self.owed.setdefault(name, {})
        for target in targets:
            minutes = self.world.promises.minutes(kind, target)
            running[target] = Owed(self.world.now, minutes, pauses)
        return self.due(name, targets[0])

    def due(self, name: str, target: str) -> datetime:
        owed = self.owed[name][target]
        return self.world.promises.due(owed.start, owed.minutes, owed.pauses)

    def dues(self) -> dict[str, dict[str, datetime]]:
        return {
            name: {target: self.due(name, target) for target in running}
            for name, running in self.owed.items()
        }

    def is_settled(self, name: str, *targets: str) -> None:
        """Strike out promises that are kept; all of them where none is named."""
        for target in targets or tuple(self.owed[name]):
            self.owed[name].pop(target, None)

    def check(self, message: Message, *moments: datetime | tuple[datetime]) -> None:
        """See that a message names these moments and no others; in a tuple, without weekday."""
        expected = [
            in_words(moment[0], with_weekday=False)
            if isinstance(moment, tuple)
            else in_words(moment)
            for moment in moments
        ]
        assert moments_in(message) == expected, text_of(message)
        self.checked.add((message["chat"]["id"], message["message_id"], text_of(message)))

    def unchecked(self) -> list[str]:
        """What citizens were told of moments that nobody has counted."""
        return [
            text_of(message)
            for person in self.citizens
            for message in person.heard
            if moments_in(message)
            and (person.chat, message["message_id"], text_of(message)) not in self.checked
        ]

    def digests_since(self, count: int) -> list[list[str]]:
        """From when to when the daily digests of the office reach that were told since."""
        title = self.world.said("🗞 <b>The day at the desk: {office}</b>")
        title = title.replace("<b>", "").partition("{office}")[0]
        return [
            moments_in(message)[:2]
            for message in self.desk[count:]
            if text_of(message).startswith(title + "کانون")
        ]

    async def moves(self, presses: Coroutine[None, None, list[Message]]) -> int:
        """See what a change of the calendar tells: each citizen once, and the right dates."""
        before, heard = self.dues(), {person.key: len(person.heard) for person in self.citizens}
        await presses
        dates: dict[str, list[datetime]] = {
            name: [due for target, due in dues.items() if before[name][target] != due]
            for name, dues in self.dues().items()
        }
        for person in self.citizens:
            own = {name: dates[name] for name in dates if name.startswith(f"{person.key}:")}
            told = person.heard[heard[person.key] :]
            is_told = any(own.values()) and person is not self.maryam
            assert len(told) == is_told, (own, [text_of(one) for one in told])
            for message in told:
                expected = [in_words(due) for moved in own.values() for due in moved]
                assert sorted(moments_in(message)) == sorted(expected), text_of(message)
                assert all(
                    (shown(self.codes[name]) in text_of(message)) is bool(own[name])
                    for name in own
                )
                self.checked.add((person.chat, message["message_id"], text_of(message)))
        return sum(map(bool, dates.values()))

    def ratings_asked(self, person: Somebody, heard: int) -> int:
        return sum(
            any(data.startswith("sv:") for data in buttons(one)) for one in person.heard[heard:]
        )

    async def registers(self, person: Somebody, kind: str, text: str) -> Message:
        """Let a citizen tell the office something, with an impatient finger."""
        name = f"{person.key}:{kind}"
        receipt = await person.tells(kind, text, is_anonymous=person is self.maryam, presses=2)
        self.codes[name] = code_of(receipt)
        self.owe(name, "first_response", "resolution")
        return receipt

    async def answers(self, officer: Somebody, name: str, text: str) -> None:
        await officer.says(text, reply_to=self.card(name))
        self.is_settled(name, "first_response", "next_response")

    async def ends(self, name: str, ending: str) -> None:
        (menu,) = await self.colleague.presses(self.card(name, "endings"), "endings")
        await self.colleague.presses(menu, "end", ending)
        self.is_settled(name)


@pytest.fixture(params=["telegram"])
async def week(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Week]:
    now = at(FRIDAY, "22:50")
    async with world_at(now, database_url, platform=request.param) as world:
        world.simulator.add_person("colleague", 2004, "مینا")
        world.simulator.join("colleague", world.group)
        await world.invited("colleague", Role.OFFICER)
        yield Week(world)


async def friday_night(week: Week) -> None:
    """Three people write; the receipt says when staff are next there, and nobody is woken."""
    world = week.world
    await world.pass_to(FRIDAY_NIGHT)
    opening = world.promises.opening(world.now)
    assert opening == at(SATURDAY, "07:30")
    for person, kind, text in (
        (week.sara, "complaint", "کلاس دو بار قطع شد و کسی پاسخ نداد."),
        (week.ali, "outage", "سامانه ثبت‌نام باز نمی‌شود."),
        (week.maryam, "suggestion", "نوبت‌های عصر را بیشتر کنید."),
    ):
        receipt = await week.registers(person, kind, text)
        week.check(receipt, week.due(f"{person.key}:{kind}", "first_response"), opening)
    assert len(world.ask("SELECT 1 FROM desk_case")) == 3, "pressed twice, registered once"
    (why,) = await week.ali.presses(about(week.ali.heard, week.codes["ali:outage"], "why"), "why")
    dues = [week.due("ali:outage", target) for target in ("first_response", "resolution")]
    week.check(why, *(moment for due in dues for moment in (world.now, due)))
    heard = [len(person.heard) for person in (*week.citizens, week.officer)]
    await world.pass_to(at(SATURDAY, "07:00"), step=2 * HOUR)
    assert [len(person.heard) for person in (*week.citizens, week.officer)] == heard


async def saturday_morning(week: Week) -> None:
    """Staff are reminded once; Ali is asked, and the clock stands still until he answers."""
    world, ali = week.world, week.ali
    before = len(week.desk)
    await world.pass_to(at(SATURDAY, "08:00"))
    assert week.digests_since(before) == [
        [in_words(at(day, "08:00")) for day in (FRIDAY, SATURDAY)]
    ]
    await world.pass_to(at(SATURDAY, "08:12"))
    assert world.said("⏰ Due soon") in text_of(week.desk[-1])
    assert code_of(week.desk[-1]) == week.codes["ali:outage"]
    warned = len(week.desk)
    await world.pass_to(at(SATURDAY, "08:20"))
    assert len(week.desk) == warned, "reminded once"

    (card,) = await week.officer.presses(week.card("ali:outage", "take"), "take")
    (prompt,) = await week.officer.presses(card, "ask")
    await week.officer.says("کدام صفحه؟", reply_to=prompt)
    asked = ali.heard[-1]
    assert "کدام صفحه؟" in text_of(asked)
    pause = (world.now, at(SATURDAY, "10:20"))
    await world.pass_to(pause[1], step=timedelta(minutes=40))
    assert ali.heard[-1] == asked, "nobody is late while the citizen is asked"
    week.is_settled("ali:outage", "first_response")
    (added,) = await ali.says("صفحه پرداخت", reply_to=asked)
    next_answer = week.owe("ali:outage", "next_response")
    week.check(added, next_answer)
    (page,) = await ali.presses(added, "open")
    minutes = world.promises.minutes("outage", "resolution")
    week.owed["ali:outage"]["resolution"] = Owed(FRIDAY_NIGHT, minutes, [pause])
    outcome = week.due("ali:outage", "resolution")
    week.check(page, (FRIDAY_NIGHT,), next_answer, outcome, (world.now,))
    assert outcome == at(SUNDAY, "09:30")


async def saturday_noon(week: Week) -> None:
    """Ali has his result; Sara's answer is late, and she hears it first, with a new date."""
    world, sara, ali, maryam = week.world, week.sara, week.ali, week.maryam
    await world.pass_to(at(SATURDAY, "11:00"))
    await week.answers(week.colleague, "ali:outage", "درست شد؛ دوباره امتحان کنید.")
    assert "درست شد" in text_of(ali.heard[-1])
    await week.ends("ali:outage", "done")
    week.check(ali.heard[-1], world.now + TEN_DAYS)

    broken = week.due("sara:complaint", "first_response")
    calls = len(world.simulator.journal.of("sendMessage"))
    await world.pass_to(broken + MINUTE)
    told = [call.params["chat_id"] for call in world.simulator.journal.of("sendMessage")[calls:]]
    assert [int(chat_id) for chat_id in told] == [sara.id, world.group], "the citizen first"
    late = sara.heard[-1]
    new_date = week.owe("sara:complaint", "first_response")
    week.check(late, broken, new_date)
    await sara.presses(late, "escalate")
    assert "📣" in text_of(week.desk[-1])
    (added,) = await sara.says("هنوز منتظرم.", reply_to=late)
    week.owe("sara:complaint", "next_response")
    week.check(added, new_date)

    heard = len(maryam.heard)
    await week.answers(week.officer, "maryam:suggestion", "از بهار بیشتر می‌شود.")
    assert len(maryam.heard) == heard, "nobody knows whom to tell"
    (found,) = await maryam.says(f"/track {week.codes['maryam:suggestion']}")
    assert "از بهار بیشتر می‌شود." in text_of(found)
    outcome = week.due("maryam:suggestion", "resolution")
    week.check(found, (FRIDAY_NIGHT,), outcome, (world.now,))
    (foreign,) = await maryam.says(week.codes["sara:complaint"])
    assert "کلاس" not in text_of(foreign)
    week.check(foreign, new_date)


async def sunday_snow(week: Week) -> None:
    """An emergency closure on a working morning: previewed, confirmed, and told once."""
    world, sara, ali = week.world, week.sara, week.ali
    await world.pass_to(at(SUNDAY, "08:00"))
    for person, kind in ((sara, "suggestion"), (ali, "question")):
        receipt = await week.registers(person, kind, "کلاس‌های بهار چند نفر جا دارد؟")
        week.check(receipt, week.due(f"{person.key}:{kind}", "first_response"))
    await world.pass_to(at(SUNDAY, "08:40"))
    clocks = world.ask("SELECT id, due_at, new_due_at FROM case_clock ORDER BY id")
    heard = [len(person.heard) for person in week.citizens]
    before = week.due("sara:complaint", "first_response")
    (today,) = await week.officer.says(f"/close {OFFICE} امروز 07:30-09:00 {SNOW}")
    assert SNOW in text_of(today)
    assert in_words(before, with_weekday=False) in moments_in(today), "the date last promised"
    await week.colleague.presses(today, "cly")  # who has not seen the preview
    assert world.ask("SELECT 1 FROM closure") == []
    assert world.ask("SELECT id, due_at, new_due_at FROM case_clock ORDER BY id") == clocks
    assert [len(person.heard) for person in week.citizens] == heard

    assert await week.moves(week.officer.presses(today, "cly", times=2)) == 4
    (tomorrow,) = await week.officer.says(f"/close {OFFICE} فردا {SNOW}")
    assert await week.moves(week.officer.presses(tomorrow, "cly")) == 4
    assert len(world.ask("SELECT 1 FROM closure")) == 2
    assert week.due("sara:complaint", "first_response") == at(TUESDAY, "07:31")
    await week.answers(week.officer, "sara:complaint", "پیگیری کردیم؛ نتیجه را می‌نویسیم.")
    heard_by_ali = len(ali.heard)
    await world.pass_to(at(TUESDAY, "07:00"), step=7 * HOUR)
    assert len(ali.heard) == heard_by_ali, "what was asked on Saturday is asked once"


async def tuesday_moon(week: Week) -> None:
    """The moon was not seen: the manager moves Eid by a day, and what depends on it moves too."""
    world = week.world
    before = len(week.desk)
    await world.pass_to(at(TUESDAY, "08:00"))
    assert week.digests_since(before) == [
        [in_words(at(day, "08:00")) for day in (SUNDAY, TUESDAY)]
    ]
    await week.answers(week.officer, "ali:question", "سی نفر.")
    await week.answers(week.officer, "sara:suggestion", "سپاس؛ بررسی می‌کنیم.")
    (fitr,) = world.ask("SELECT id FROM official_holiday WHERE day = ?", WEDNESDAY.isoformat())
    (page,) = await week.manager.says("/calendar")
    (holiday,) = await week.manager.presses(page, "hd", OFFICE, str(fitr[0]))
    await week.officer.presses(holiday, "hdm", "later")
    assert world.ask("SELECT 1 FROM official_holiday WHERE state = 'moved'") == []
    (preview,) = await week.manager.presses(holiday, "hdm", "later")
    before_it = week.due("sara:complaint", "resolution")
    assert await week.moves(week.manager.presses(preview, "cly")) == 4
    assert week.due("sara:complaint", "resolution") == at(WEDNESDAY, "12:30")
    assert before_it == at(NEXT_SATURDAY, "12:30")
    moved = world.ask("SELECT day FROM official_holiday WHERE state = 'moved' ORDER BY day")
    assert [row[0] for row in moved] == ["2027-03-11", "2027-03-12", "2027-04-04"]


async def eid(week: Week) -> None:
    """Nobody is disturbed on holidays, and the digest after them covers them all."""
    world = week.world
    await world.pass_to(at(WEDNESDAY, "10:00"), step=4 * HOUR)
    for name in ("sara:complaint", "ali:question", "sara:suggestion", "maryam:suggestion"):
        await week.ends(name, "answered")
        person = getattr(week, name.partition(":")[0])
        if person is not week.maryam:
            week.check(person.heard[-1], world.now + TEN_DAYS)
    await world.pass_to(at(WEDNESDAY, "13:00"))
    before, heard = len(week.desk), [len(person.heard) for person in week.citizens]
    await world.pass_to(at(NEXT_SATURDAY, "07:30"), step=7 * HOUR)
    assert len(week.desk) == before
    assert [len(person.heard) for person in week.citizens] == heard
    await world.pass_to(at(NEXT_SATURDAY, "08:00"))
    covered = [[in_words(at(day, "08:00")) for day in (WEDNESDAY, NEXT_SATURDAY)]]
    assert week.digests_since(before) == covered


async def weeks_after(week: Week) -> None:
    """Ali rates, reopens within ten days, and is asked later whether it is really solved."""
    world, ali, code = week.world, week.ali, week.codes["ali:outage"]
    rating = about(ali.heard, code, "sv", "2")
    (rated,) = await ali.presses(rating, "sv", "2")
    (reasoned,) = await ali.presses(rated, "svr", "slow")
    await world.pass_to(at(NEXT_SATURDAY + timedelta(days=1), "09:00"))
    (prompt,) = await ali.presses(reasoned, "ka", "reopen")
    (opened,) = await ali.says("باز هم قطع است.")
    assert prompt
    week.check(opened, week.owe("ali:outage", "next_response", "resolution"))
    await world.pass_to(world.now + HOUR / 2)
    await week.answers(week.officer, "ali:outage", "سرور را عوض کردیم.")
    await week.ends("ali:outage", "done")
    ended_at = world.now
    week.check(ali.heard[-1], ended_at + TEN_DAYS)
    ended = ali.heard[-1]
    await world.pass_to(ended_at + 2 * HOUR)
    assert len(world.ask("SELECT 1 FROM survey WHERE score IS NOT NULL")) == 1
    assert about(ali.heard, code, "sv", "5")["message_id"] > ended["message_id"]
    await world.pass_to(ended_at + TEN_DAYS)
    heard = len(ali.heard)
    (too_late,) = await ali.presses(ended, "ka", "reopen")
    week.check(too_late, *([ended_at + TEN_DAYS] * len(moments_in(too_late))))
    assert world.ask("SELECT state FROM desk_case WHERE tracking_code = ?", code) == [("closed",)]
    await world.pass_to(ended_at + timedelta(weeks=4))
    asked = [one for one in ali.heard[heard:] if any("svf" in data for data in buttons(one))]
    assert [code_of(one) for one in asked] == [week.codes["ali:question"], code]


async def test_weeks_at_the_desk_with_a_closure_a_moved_eid_and_a_delay(week: Week) -> None:
    await friday_night(week)
    await saturday_morning(week)
    await saturday_noon(week)
    await sunday_snow(week)
    await tuesday_moon(week)
    await eid(week)
    await weeks_after(week)
    assert week.unchecked() == []
    heard = dict(week.world.simulator.journal.counts)
    await week.world.rounds()
    assert week.world.simulator.journal.counts.get("sendMessage") == heard.get("sendMessage")
    keys = week.world.ask("SELECT dedupe_key FROM outbox")
    assert len(keys) == len(set(keys))
