"""Invitations, roles, admin chats and the audit, in a real database."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from bot.citizens import use_cases as citizens
from bot.citizens.errors import (
    ChatTaken,
    InvitationGone,
    LastManager,
    NotStaff,
    SlowDown,
    StaffOnly,
)
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.rules import INVITATION_LASTS, INVITATIONS_OPEN_MAX, ensure_role
from bot.citizens.tables import audit, invitation
from bot.kit.database import Database

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
MANAGER, REZA, NARGES, MINA = (CitizenId(n) for n in (900, 901, 902, 903))
OFFICE, OTHER = "kanoon", "mazandaran"


async def given_staff(
    database: Database,
    citizen_id: CitizenId = MANAGER,
    role: Role = Role.MANAGER,
    at: str = OFFICE,
) -> Staff:
    async with database.transaction() as tx:
        await citizens.grant(
            tx, citizen_id=citizen_id, office_id=at, role=role, name=f"N{citizen_id}", now=NOW
        )
    return Staff(citizen_id, at, role, f"N{citizen_id}")


async def given_link(
    database: Database, role: Role = Role.OFFICER, by: CitizenId | None = None
) -> str:
    async with database.transaction() as tx:
        return await citizens.invite(tx, office_id=OFFICE, role=role, made_by=by, now=NOW)


async def accept(
    database: Database, token: str, by: CitizenId = REZA, now: datetime = NOW, name: str = "Reza"
) -> Staff:
    async with database.transaction() as tx:
        return await citizens.accept_invitation(tx, token=token, citizen_id=by, name=name, now=now)


async def deeds(database: Database, office_id: str = OFFICE) -> list[tuple[int, str, str]]:
    async with database.reading() as tx:
        entries = await citizens.audit_of(tx, office_id=office_id, limit=50)
    return [(entry.actor_id, entry.action, entry.subject) for entry in entries]


async def roles(database: Database, citizen_id: CitizenId = REZA) -> tuple[Staff, ...]:
    async with database.reading() as tx:
        return await citizens.roles_of(tx, citizen_id=citizen_id)


async def test_whoever_has_the_link_becomes_staff_and_it_is_recorded(database: Database) -> None:
    token = await given_link(database)
    joined = await accept(database, token)
    assert await roles(database) == (joined,) == (Staff(REZA, OFFICE, Role.OFFICER, "Reza"),)
    assert await deeds(database) == [(REZA, "join", "role:officer")]


async def test_a_link_fits_a_deep_link_and_cannot_be_read_from_the_database(
    database: Database,
) -> None:
    token = await given_link(database)
    assert len(f"inv_{token}") <= 64
    assert token.replace("-", "").replace("_", "").isalnum()
    async with database.reading() as tx:
        (row,) = (await tx.execute(select(invitation))).all()
    assert token not in str(tuple(row))
    assert token.encode() not in row.token_digest


async def test_a_link_works_once_and_the_one_who_used_it_is_greeted_again(
    database: Database,
) -> None:
    token = await given_link(database)
    joined = await accept(database, token)
    assert await accept(database, token) == joined
    assert len(await deeds(database)) == 1
    with pytest.raises(InvitationGone):
        await accept(database, token, by=NARGES)
    assert await roles(database, NARGES) == ()


async def test_of_a_rush_to_one_link_exactly_one_gets_in(database: Database) -> None:
    token = await given_link(database)

    async def one(citizen_id: int) -> bool:
        try:
            await accept(database, token, by=CitizenId(citizen_id))
        except InvitationGone:
            return False
        return True

    got_in = await asyncio.gather(*(one(citizen_id) for citizen_id in range(1, 9)))
    assert got_in.count(True) == 1
    async with database.reading() as tx:
        assert len(await citizens.staff_of_office(tx, office_id=OFFICE)) == 1


async def test_a_link_ends_after_three_days_to_the_second(database: Database) -> None:
    token = await given_link(database)
    with pytest.raises(InvitationGone):
        await accept(database, token, now=NOW + INVITATION_LASTS)
    await accept(database, token, now=NOW + INVITATION_LASTS - timedelta(seconds=1))


@pytest.mark.parametrize("token", ["", "x" * 60, "؟", "\ud800", "' OR 1=1 --"])
async def test_a_made_up_token_opens_nothing(database: Database, token: str) -> None:
    await given_link(database)
    with pytest.raises(InvitationGone):
        await accept(database, token)


async def test_what_a_refusal_undoes_leaves_the_link_usable(database: Database) -> None:
    token = await given_link(database)

    async def accept_and_fail() -> None:
        async with database.transaction() as tx:
            await citizens.accept_invitation(
                tx, token=token, citizen_id=REZA, name="Reza", now=NOW
            )
            raise ChatTaken

    with pytest.raises(ChatTaken):
        await accept_and_fail()
    assert await roles(database) == ()
    assert await deeds(database) == []
    await accept(database, token, by=NARGES)


async def test_only_a_manager_of_that_office_invites(database: Database) -> None:
    await given_staff(database, REZA, Role.OFFICER)
    await given_staff(database, NARGES, Role.MANAGER, at=OTHER)
    for stranger in (REZA, NARGES, MINA):
        with pytest.raises(StaffOnly):
            await given_link(database, by=stranger)
    await given_staff(database)
    await given_link(database, by=MANAGER)
    assert await deeds(database) == [(MANAGER, "invite", "role:officer")]


async def test_twenty_links_of_an_office_may_be_out_and_no_more(database: Database) -> None:
    tokens = [await given_link(database) for _ in range(INVITATIONS_OPEN_MAX)]
    with pytest.raises(SlowDown) as slow:
        await given_link(database)
    assert slow.value.again_at == NOW + INVITATION_LASTS
    async with database.transaction() as tx:
        await citizens.invite(tx, office_id=OTHER, role=Role.OFFICER, made_by=None, now=NOW)
    await accept(database, tokens[0])
    await given_link(database)


async def test_withdrawn_links_open_nothing(database: Database) -> None:
    manager = await given_staff(database)
    token = await given_link(database, by=MANAGER)
    async with database.transaction() as tx:
        count = await citizens.withdraw_invitations(tx, office_id=OFFICE, actor=manager, now=NOW)
    assert count == 1
    with pytest.raises(InvitationGone):
        await accept(database, token)


async def dismiss(
    database: Database, citizen_id: CitizenId, role: Role, actor: Staff, at: str = OFFICE
) -> Staff:
    async with database.transaction() as tx:
        return await citizens.dismiss(
            tx, citizen_id=citizen_id, office_id=at, role=role, actor=actor, now=NOW
        )


async def test_a_dismissed_member_keeps_what_they_did_and_loses_the_rest(
    database: Database,
) -> None:
    manager = await given_staff(database)
    token = await given_link(database)
    await accept(database, token)
    await dismiss(database, REZA, Role.OFFICER, manager)
    assert await roles(database) == ()
    assert await deeds(database) == [
        (MANAGER, "dismiss", f"staff:{REZA}:officer"),
        (REZA, "join", "role:officer"),
    ]
    with pytest.raises(InvitationGone):
        await accept(database, token)


async def test_a_dismissed_manager_cannot_come_back_by_a_link_of_their_own(
    database: Database,
) -> None:
    manager = await given_staff(database)
    await given_staff(database, REZA)
    token = await given_link(database, Role.MANAGER, by=REZA)
    await dismiss(database, REZA, Role.MANAGER, manager)
    with pytest.raises(InvitationGone):
        await accept(database, token)


async def test_an_office_keeps_its_last_manager(database: Database) -> None:
    manager = await given_staff(database)
    await given_staff(database, REZA, Role.OFFICER)
    await given_staff(database, NARGES, Role.MANAGER, at=OTHER)
    with pytest.raises(LastManager):
        await dismiss(database, MANAGER, Role.MANAGER, manager)
    assert await roles(database, MANAGER) == (manager,)
    assert await deeds(database) == []


async def test_two_managers_who_dismiss_each_other_do_not_both_go(database: Database) -> None:
    first, second = await given_staff(database), await given_staff(database, REZA)

    async def one(victim: Staff, actor: Staff) -> bool:
        try:
            await dismiss(database, victim.id, Role.MANAGER, actor)
        except (LastManager, StaffOnly):
            return False
        return True

    done = await asyncio.gather(one(first, second), one(second, first))
    assert sorted(done) == [False, True]


async def test_who_was_never_staff_cannot_be_dismissed(database: Database) -> None:
    manager = await given_staff(database)
    await given_staff(database, REZA, Role.OFFICER)
    with pytest.raises(NotStaff):
        await dismiss(database, REZA, Role.FINANCE, manager)
    with pytest.raises(NotStaff):
        await dismiss(database, MINA, Role.OFFICER, manager)
    with pytest.raises(StaffOnly):
        await dismiss(database, REZA, Role.OFFICER, manager, at=OTHER)


def test_a_manager_passes_for_an_officer_and_never_for_finance() -> None:
    manager = Staff(MANAGER, OFFICE, Role.MANAGER, "M")
    officer = Staff(MANAGER, OFFICE, Role.OFFICER, "M")
    assert ensure_role([manager], OFFICE, (Role.OFFICER,)) == manager
    assert ensure_role([manager, officer], OFFICE, (Role.OFFICER,)) == officer
    assert ensure_role([manager, officer], OFFICE, (Role.FINANCE, Role.MANAGER)) == manager
    for staff, office, asked in (
        ([manager], OFFICE, Role.FINANCE),
        ([officer], OFFICE, Role.MANAGER),
        ([manager], OTHER, Role.OFFICER),
        ([], OFFICE, Role.OFFICER),
    ):
        with pytest.raises(StaffOnly):
            ensure_role(staff, office, (asked,))


async def bind(database: Database, chat_id: int, actor: Staff, at: str = OFFICE) -> int | None:
    async with database.transaction() as tx:
        return await citizens.bind_admin_chat(
            tx, office_id=at, chat_id=chat_id, actor=actor, now=NOW
        )


async def chats(database: Database) -> dict[str, int]:
    async with database.reading() as tx:
        return await citizens.admin_chats(tx)


async def test_an_office_has_one_admin_chat_and_the_old_one_is_named(database: Database) -> None:
    manager = await given_staff(database)
    assert await bind(database, -5, manager) is None
    assert await bind(database, -5, manager) is None
    assert await bind(database, -6, manager) == -5
    assert await chats(database) == {OFFICE: -6}
    assert [action for _, action, _ in await deeds(database)] == ["bind_desk", "bind_desk"]


async def test_a_chat_serves_two_offices_only_for_who_manages_both(database: Database) -> None:
    manager = await given_staff(database)
    await bind(database, -5, manager)
    stranger = await given_staff(database, REZA, at=OTHER)
    with pytest.raises(ChatTaken):
        await bind(database, -5, stranger, at=OTHER)
    both = await given_staff(database, MANAGER, at=OTHER)
    await bind(database, -5, both, at=OTHER)
    async with database.reading() as tx:
        assert await citizens.offices_of_chat(tx, chat_id=-5) == (OFFICE, OTHER)
        assert await citizens.offices_of_chat(tx, chat_id=-6) == ()


async def test_a_role_held_no_longer_binds_nothing(database: Database) -> None:
    await given_staff(database)
    former = Staff(REZA, OFFICE, Role.MANAGER, "Former")
    with pytest.raises(StaffOnly):
        await bind(database, -5, former)
    assert await chats(database) == {}


async def test_a_desk_is_followed_to_where_its_group_moved(database: Database) -> None:
    await bind(database, -5, await given_staff(database))
    for expected in (True, False):
        async with database.transaction() as tx:
            moved = await citizens.follow_moved_chat(tx, old_chat_id=-5, new_chat_id=-1005)
        assert moved is expected
    assert await chats(database) == {OFFICE: -1005}


async def test_the_audit_is_paged_and_shows_one_office(database: Database) -> None:
    manager = await given_staff(database)
    other = await given_staff(database, at=OTHER)
    async with database.transaction() as tx:
        for number in range(5):
            for actor in (manager, other):
                await citizens.record(
                    tx, actor=actor, action="take", subject=f"case:{number}", now=NOW
                )
    async with database.reading() as tx:
        newest = await citizens.audit_of(tx, office_id=OFFICE, limit=3)
        older = await citizens.audit_of(tx, office_id=OFFICE, limit=3, before_id=newest[-1].id)
    subjects = [entry.subject for entry in (*newest, *older)]
    assert subjects == [f"case:{number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    "change",
    [
        update(audit).values(action="nothing"),
        delete(audit),
        insert(audit)
        .prefix_with("OR REPLACE")
        .values(
            id=1,
            at=NOW,
            office_id=OFFICE,
            actor_id=1,
            actor_name="Nobody",
            role="officer",
            action="nothing",
            subject="nothing",
        ),
    ],
    ids=["update", "delete", "replace"],
)
async def test_nobody_changes_or_removes_what_is_recorded(
    database: Database, database_url: str, change: object
) -> None:
    if "REPLACE" in str(change) and not database_url.startswith("sqlite"):
        return  # there is no such statement on a server
    await accept(database, await given_link(database))
    before = await deeds(database)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.transaction() as tx:
            await tx.execute(change)  # type: ignore[call-overload]
    assert await deeds(database) == before != []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Reza\nAhmadi", "Reza Ahmadi"),
        ("\u202eazeR", "azeR"),
        ("\x00\x1b[31m", "[31m"),
        (" \u200e ", "?"),
        ("Reza\ud800", "Reza"),
    ],
)
async def test_a_name_is_one_line_that_turns_nothing_around(
    database: Database, typed: str, kept: str
) -> None:
    assert (await accept(database, await given_link(database), name=typed)).name == kept


async def test_a_very_long_name_is_cut(database: Database) -> None:
    joined = await accept(database, await given_link(database), name="😀" * 200)
    assert 0 < len(joined.name.encode("utf-16-le")) // 2 <= 64
