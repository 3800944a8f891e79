"""Cases and officers for the tests of the staff desk."""

from dataclasses import dataclass
from itertools import count

from bot.calendar import use_cases as calendars
from bot.cases import use_cases as cases
from bot.cases.model import Case, CaseKind, Dossier, Policy
from bot.citizens.model import CitizenId, Role
from bot.kit.jalali import tehran_day
from handlers.callback_data.desk import CaseDeskPressed, DeskVerb
from tests.handlers.support import DeskUnderTest, Said, Visitor, plain

GROUP_ID = -1001
OTHER_GROUP_ID = -1002
SARA, REZA, MINA = 771_234_561, 771_234_562, 771_234_563  # found nowhere but in a leak
OFFICER, COLLEAGUE, MANAGER, STRANGER = 2001, 2002, 2003, 2999
WORDS = "سه هفته است که گواهی کارگاه من صادر نشده است."


async def register(
    desk: DeskUnderTest,
    *,
    author: int = SARA,
    text: str = WORDS,
    kind: CaseKind = CaseKind.COMPLAINT,
    office_id: str = "kanoon",
    is_anonymous: bool = False,
    service_version: int = 1,
) -> Case:
    """Register a case as the citizens' flow does."""
    published = desk.shared.catalogue.published_by(office_id)
    policy = Policy.of(published.desk.target(kind))
    async with desk.database.transaction() as tx:
        calendar = await calendars.calendar_of(
            tx, office_id=office_id, hours=published.hours, today=tehran_day(desk.now)
        )
        return await cases.register(
            tx,
            key=f"test:{next(_keys)}",
            office_id=office_id,
            service_id=published.services[0].id,
            service_version=service_version,
            kind=kind,
            text=text,
            author_id=CitizenId(author),
            is_anonymous=is_anonymous,
            language="fa",
            policy=policy,
            calendar=calendar,
            source_message_id=None,
            now=desk.now,
        )


_keys = count(1)


async def dossier(desk: DeskUnderTest, case: Case) -> Dossier:
    """Read a case as it is kept."""
    async with desk.database.reading() as tx:
        return await cases.dossier(tx, case_id=case.id)


async def case_of(desk: DeskUnderTest, code: str) -> Case:
    """Find a case by its code, as it is kept."""
    async with desk.database.reading() as tx:
        sight = await cases.sight(tx, code=code, citizen_id=CitizenId(1))
        return (await cases.dossier(tx, case_id=sight.dossier.case.id)).case


def told(desk: DeskUnderTest, person_id: int) -> list[str]:
    """What a citizen was told, as they read it."""
    return [plain(said.text) for said in desk.heard[person_id]]


def said_in(desk: DeskUnderTest, message: str) -> str:
    """Say a message of the product in the desk's language."""
    return desk.shared.words["fa"].gettext(message)


def verb(said: Said, wanted: DeskVerb, arg: str = "") -> str:
    """Find what the button of a card carries that does this."""
    found = [data for data in said.presses if f":{wanted.value}:{arg}" in data]
    assert found, (wanted, said.presses)
    return found[0]


@dataclass
class Officer:
    """A member of staff in the admin chat."""

    visitor: Visitor

    @classmethod
    async def at(
        cls,
        desk: DeskUnderTest,
        person_id: int,
        *office_ids: str,
        role: Role = Role.OFFICER,
        group_id: int = GROUP_ID,
    ) -> "Officer":
        await desk.make_staff(person_id, role, *office_ids)
        return cls.outsider(desk, person_id, group_id)

    @classmethod
    def outsider(cls, desk: DeskUnderTest, person_id: int, group_id: int = GROUP_ID) -> "Officer":
        """Somebody in the group who is no member of staff."""
        visitor = Visitor(desk, person_id, "fa", group_id=group_id)
        visitor._message_ids = count(person_id * 1000)  # of one group: nobody shares a number
        return cls(visitor)

    async def card(self, case: Case) -> Said:
        """Open a card below, as from a list."""
        (said,) = await self.visitor.press_data(CaseDeskPressed.on(case.id, DeskVerb.OPEN).pack())
        return said

    async def press(self, said: Said, wanted: DeskVerb, arg: str = "") -> list[Said]:
        """Press a button of a message."""
        return await self.visitor.press_data(verb(said, wanted, arg), message_id=said.message_id)

    async def reply(self, said: Said, text: str) -> list[Said]:
        """Write something in reply to a message of the desk."""
        return await self.visitor.reply_to(said, text)
