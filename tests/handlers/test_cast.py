"""The trial messenger's staff: seated at every start, once."""

from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from handlers.jobs.cast import Cast, seat
from tests.handlers.support import GROUP_ID, NOW, DeskUnderTest

CAST = Cast(
    {Role.OFFICER: (2001, "Reza"), Role.FINANCE: (2002, "Narges"), Role.MANAGER: (2003, "Elham")},
    GROUP_ID,
)


async def test_every_role_of_every_office_is_filled_once(desk: DeskUnderTest) -> None:
    for _ in range(2):
        async with desk.database.transaction() as tx:
            await seat(tx, CAST, desk.shared.catalogue, NOW)
    async with desk.database.reading() as tx:
        chats = await citizens.admin_chats(tx)
        for published in desk.shared.catalogue.offices:
            office_id = published.office.id
            staff = await citizens.staff_of_office(tx, office_id=office_id)
            assert {(one.id, one.role, one.name) for one in staff} == {
                (id_, role, name) for role, (id_, name) in CAST.people.items()
            }
            assert chats[office_id] == GROUP_ID
            entries = await citizens.audit_of(tx, office_id=office_id, limit=9)
            assert [entry.action for entry in entries] == ["bind_desk"]


async def test_the_seated_staff_can_work_at_once(desk: DeskUnderTest) -> None:
    async with desk.database.transaction() as tx:
        await seat(tx, CAST, desk.shared.catalogue, NOW)
    (officer,) = desk.group(GROUP_ID, 2001)
    assert await officer.say("/cases")
    assert not desk.refused
