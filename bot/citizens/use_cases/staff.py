"""Who acts for an office: how people become staff and cease to be, and what they did.

A manager makes a link, whoever opens it first joins, and nobody joins with it again. Where the
desk of an office is, is a manager's word too. Each such step leaves a row in the audit.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.citizens import rules
from bot.citizens.errors import ChatTaken, InvitationGone, LastManager, NotStaff, SlowDown
from bot.citizens.model import Role, Staff
from bot.citizens.repository import AuditRepository, StaffRepository
from bot.citizens.use_cases.chain import link
from bot.kit.database import at_end
from bot.kit.identity import masked
from bot.kit.text import alphabetical, cut

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.citizens.model import AuditEntry, CitizenId, OpenInvitation
    from bot.kit.database import Transaction

_TOKEN_BYTES = 24
_STAFF_MAX = 200
_MANAGER = (Role.MANAGER,)


async def invite(
    tx: Transaction, *, office_id: str, role: Role, made_by: CitizenId | None, now: datetime
) -> str:
    """Make an invitation that works once within three days, and return its token.

    `made_by` is None on the command line, whose user has the database anyway. Raises StaffOnly
    where they are no manager of the office, and SlowDown while twenty invitations are open.
    """
    staff = StaffRepository(tx)
    actor = None if made_by is None else await _manager(tx, made_by, office_id)
    waiting = await staff.open_invitations(office_id, now)
    if len(waiting) >= rules.INVITATIONS_OPEN_MAX:
        raise SlowDown(again_at=waiting[0].expires_at)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    await staff.add_invitation(
        rules.digest_of(token),
        office_id=office_id,
        role=role,
        made_by=made_by,
        expires_at=now + rules.INVITATION_LASTS,
    )
    if actor is not None:
        await record(tx, actor=actor, action="invite", subject=f"role:{role}", now=now)
    return token


async def open_invitations(
    tx: Transaction, *, office_id: str, now: datetime
) -> list[OpenInvitation]:
    """List the invitations that nobody has used yet, the first to end first."""
    return await StaffRepository(tx).open_invitations(office_id, now)


async def withdraw_invitations(
    tx: Transaction, *, office_id: str, actor: Staff, now: datetime
) -> int:
    """Let the open invitations of an office be good for nothing, and say how many there were."""
    manager = await _manager(tx, actor.id, office_id)
    count = await StaffRepository(tx).withdraw_invitations(office_id)
    if count:
        await record(
            tx,
            actor=manager,
            action="withdraw_invitations",
            subject="role:any",
            between=(count, 0),
            now=now,
        )
    return count


async def accept_invitation(
    tx: Transaction, *, token: str, citizen_id: CitizenId, name: str, now: datetime
) -> Staff:
    """Make whoever has the link a member of staff; two at once do not both become one.

    Who follows their own used link again is greeted again. Raises InvitationGone.
    """
    staff, digest = StaffRepository(tx), rules.digest_of(token)
    invited = await staff.use_invitation(digest, citizen_id, now)
    if invited is not None:
        member = Staff(citizen_id, *invited, rules.shown_name(name))
        await staff.save(member, now)
        await record(
            tx,
            actor=member,
            action="join",
            subject=f"role:{member.role}",
            between=(None, member.role),
            now=now,
        )
        return member
    used = await staff.invitation_used_by(digest, citizen_id)
    for held in await staff.roles([citizen_id]):
        if (held.office_id, held.role) == used:
            return held
    raise InvitationGone


async def grant(
    tx: Transaction,
    *,
    citizen_id: CitizenId,
    office_id: str,
    role: Role,
    name: str,
    now: datetime,
) -> None:
    """Give a person a role without an invitation; only the simulator's cast comes by it."""
    member = Staff(citizen_id, office_id, role, rules.shown_name(name))
    await StaffRepository(tx).save(member, now)


async def roles_of(tx: Transaction, *, citizen_id: CitizenId) -> tuple[Staff, ...]:
    """List all roles of a person, in any office."""
    return (await roles_of_all(tx, citizen_ids=[citizen_id])).get(citizen_id, ())


async def roles_of_all(
    tx: Transaction, *, citizen_ids: Collection[CitizenId]
) -> dict[CitizenId, tuple[Staff, ...]]:
    """List the roles of several people in one statement; who has none is not named."""
    found: dict[CitizenId, tuple[Staff, ...]] = {}
    for member in await StaffRepository(tx).roles(citizen_ids) if citizen_ids else ():
        found[member.id] = (*found.get(member.id, ()), member)
    return found


async def staff_of_office(tx: Transaction, *, office_id: str) -> list[Staff]:
    """List the staff of an office by name; who has two roles stands there twice."""
    found = await StaffRepository(tx).of_office(office_id, limit=_STAFF_MAX)
    return sorted(found, key=lambda one: (alphabetical(one.name), one.id, one.role))


async def dismiss(
    tx: Transaction,
    *,
    citizen_id: CitizenId,
    office_id: str,
    role: Role,
    actor: Staff,
    now: datetime,
) -> Staff:
    """Take a role from a person, and the links they made; what they did stays in the audit.

    Raises StaffOnly, NotStaff, and LastManager.
    """
    staff = StaffRepository(tx)
    await staff.lock(office_id)
    manager = await _manager(tx, actor.id, office_id)
    members = await staff.of_office(office_id, limit=_STAFF_MAX)
    leaving = next((one for one in members if (one.id, one.role) == (citizen_id, role)), None)
    if leaving is None:
        raise NotStaff
    if role is Role.MANAGER:
        if sum(one.role is Role.MANAGER for one in members) == 1:
            raise LastManager
        await staff.withdraw_invitations(office_id, made_by=citizen_id)
    await staff.remove(leaving)
    await record(
        tx,
        actor=manager,
        action="dismiss",
        subject=f"staff:{citizen_id}:{role}",
        note=leaving.name,
        between=(role, None),
        now=now,
    )
    return leaving


async def bind_admin_chat(
    tx: Transaction, *, office_id: str, chat_id: int, actor: Staff, now: datetime
) -> int | None:
    """Make a chat the desk of an office, and return the chat that was it before, if another.

    A chat serves several offices only for who manages all of them. Raises StaffOnly, ChatTaken.
    """
    manager = await _manager(tx, actor.id, office_id)
    staff = StaffRepository(tx)
    managed = {
        held.office_id for held in await staff.roles([actor.id]) if held.role is Role.MANAGER
    }
    if not set(await staff.offices_of_chat(chat_id)) <= managed:
        raise ChatTaken
    before = await admin_chat_of(tx, office_id=office_id)
    if before == chat_id:
        return None
    await staff.bind_chat(office_id, chat_id, now)
    await record(
        tx,
        actor=manager,
        action="bind_desk",
        subject=f"chat:{chat_id}",
        between=(before, chat_id),
        now=now,
    )
    return before


async def admin_chat_of(tx: Transaction, *, office_id: str) -> int | None:
    """Say which chat is the desk of an office."""
    return (await admin_chats(tx)).get(office_id)


async def admin_chats(tx: Transaction) -> dict[str, int]:
    """Say which chats are the desks of which offices."""
    return await StaffRepository(tx).admin_chats()


async def offices_of_chat(tx: Transaction, *, chat_id: int) -> tuple[str, ...]:
    """Name the offices whose desk this chat is."""
    return await StaffRepository(tx).offices_of_chat(chat_id)


async def follow_moved_chat(tx: Transaction, *, old_chat_id: int, new_chat_id: int) -> bool:
    """Look for a desk where its group went; False where it was no desk, or was followed before."""
    return await StaffRepository(tx).move_chat(old_chat_id, new_chat_id) > 0


async def record(
    tx: Transaction,
    *,
    actor: Staff,
    action: str,
    subject: str,
    note: str | None = None,
    between: tuple[object, object] = (None, None),
    now: datetime,
) -> None:
    """Write down for ever that somebody did something, about what, why, and between which states.

    The subject names a thing by its number, never a citizen, and of numbers that name a person
    nothing is left in the note: what stands here outlives the wish to be forgotten (ADR 0033).
    """
    kept = None if note is None else cut(masked(note), rules.NOTE_UNITS_MAX)
    before, after = map(_state, between)
    id_ = await AuditRepository(tx).add(
        actor, action, subject, now, note=kept, between=(before, after)
    )
    at_end(tx, link, id_)


def _state(one: object) -> str | None:
    if one is None:
        return None
    if isinstance(one, datetime):
        return f"{one.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    return cut(str(one), rules.STATE_UNITS_MAX)


async def audit_of(
    tx: Transaction,
    *,
    office_id: str,
    limit: int,
    before_id: int | None = None,
    subjects: Collection[str] | None = None,
    by: CitizenId | None = None,
) -> list[AuditEntry]:
    """List what was done for an office, the newest first, from before an entry on.

    Where subjects are named, only what was done to them, or by this person.
    """
    assert limit > 0
    return await AuditRepository(tx).of_office(
        office_id, limit=limit, before_id=before_id, subjects=subjects, actor_id=by
    )


async def _manager(tx: Transaction, citizen_id: CitizenId, office_id: str) -> Staff:
    """Look again whether they are a manager: a colleague may have dismissed them meanwhile."""
    held = await StaffRepository(tx).roles([citizen_id])
    return rules.ensure_role(held, office_id, _MANAGER)
