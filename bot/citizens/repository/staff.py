"""Every query about staff, their invitations and where their desks are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.citizens.model import CitizenId, OpenInvitation, Role, Staff
from bot.citizens.tables import admin_chat, invitation, staff_role
from bot.kit.database import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row

    from bot.kit.database import Transaction

# Built once: the first is asked for every update.
_FIND_ROLES = (
    select(staff_role)
    .where(staff_role.c.citizen_id.in_(bindparam("ids", expanding=True)))
    .order_by(staff_role.c.citizen_id, staff_role.c.office_id, staff_role.c.role)
)
_OFFICES_OF_CHAT = (
    select(admin_chat.c.office_id)
    .where(admin_chat.c.chat_id == bindparam("chat"))
    .order_by(admin_chat.c.office_id)
)
_SAVE_ROLE = insert_or_replace(staff_role)
_SAVE_ADMIN_CHAT = insert_or_replace(admin_chat)


class StaffRepository:
    """Roles, invitations, and where the offices' desks are."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def roles(self, citizen_ids: Collection[CitizenId]) -> list[Staff]:
        """List all roles of several people."""
        rows = await self._tx.execute(_FIND_ROLES, {"ids": list(citizen_ids)})
        return [_staff(row) for row in rows]

    async def of_office(self, office_id: str, *, limit: int) -> list[Staff]:
        """List the staff of an office."""
        query = select(staff_role).where(staff_role.c.office_id == office_id)
        ordered = query.order_by(staff_role.c.citizen_id, staff_role.c.role)
        return [_staff(row) for row in await self._tx.execute(ordered.limit(limit))]

    async def lock(self, office_id: str) -> None:
        """Let nobody else take a role from the staff of an office meanwhile."""
        query = select(staff_role.c.role).where(staff_role.c.office_id == office_id)
        ordered = query.order_by(staff_role.c.citizen_id, staff_role.c.role)
        await self._tx.execute(ordered.with_for_update())

    async def save(self, person: Staff, now: datetime) -> None:
        """Give a person a role; who has it already is called by the name that is given now."""
        row = {"citizen_id": person.id, "office_id": person.office_id, "role": person.role.value}
        await self._tx.execute(_SAVE_ROLE, {**row, "name": person.name, "granted_at": now})

    async def remove(self, person: Staff) -> None:
        """Take a role from a person."""
        await self._tx.execute(
            delete(staff_role).where(
                staff_role.c.citizen_id == person.id,
                staff_role.c.office_id == person.office_id,
                staff_role.c.role == person.role.value,
            )
        )

    async def add_invitation(
        self,
        digest: bytes,
        *,
        office_id: str,
        role: Role,
        made_by: CitizenId | None,
        expires_at: datetime,
    ) -> None:
        """Keep an invitation that was made."""
        row = {"office_id": office_id, "role": role.value, "expires_at": expires_at}
        await self._tx.execute(
            insert(invitation), {"token_digest": digest, "made_by": made_by, **row}
        )

    async def use_invitation(
        self, digest: bytes, citizen_id: CitizenId, now: datetime
    ) -> tuple[str, Role] | None:
        """Use an invitation up and say for what it was, or None when there is none to use."""
        using = (
            update(invitation)
            .where(
                invitation.c.token_digest == digest,
                invitation.c.accepted_at.is_(None),
                invitation.c.expires_at > now,
            )
            .values(accepted_by=citizen_id, accepted_at=now)
            .returning(invitation.c.office_id, invitation.c.role)
        )
        row = (await self._tx.execute(using)).one_or_none()
        return None if row is None else (row.office_id, Role(row.role))

    async def invitation_used_by(
        self, digest: bytes, citizen_id: CitizenId
    ) -> tuple[str, Role] | None:
        """Say for what the invitation was that this person used."""
        query = select(invitation.c.office_id, invitation.c.role).where(
            invitation.c.token_digest == digest, invitation.c.accepted_by == citizen_id
        )
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else (row.office_id, Role(row.role))

    async def open_invitations(self, office_id: str, now: datetime) -> list[OpenInvitation]:
        """List the invitations of an office that can still be used, the first to end first."""
        query = select(invitation).where(
            invitation.c.office_id == office_id,
            invitation.c.accepted_at.is_(None),
            invitation.c.expires_at > now,
        )
        rows = await self._tx.execute(query.order_by(invitation.c.expires_at, invitation.c.id))
        return [OpenInvitation(Role(row.role), row.made_by, row.expires_at) for row in rows]

    async def withdraw_invitations(self, office_id: str, made_by: CitizenId | None = None) -> int:
        """Let nobody use the open invitations of an office any more, or those of one person."""
        which = (invitation.c.office_id == office_id) & invitation.c.accepted_at.is_(None)
        if made_by is not None:
            which &= invitation.c.made_by == made_by
        return (await self._tx.execute(delete(invitation).where(which))).rowcount

    async def forget_invitations(self, ended_before: datetime) -> int:
        """Forget the invitations that ended long ago, used or not, and count them."""
        is_old = invitation.c.expires_at < ended_before
        return (await self._tx.execute(delete(invitation).where(is_old))).rowcount

    async def bind_chat(self, office_id: str, chat_id: int, now: datetime) -> None:
        """Make a chat the admin chat of an office, in place of any other."""
        row = {"office_id": office_id, "chat_id": chat_id, "bound_at": now}
        await self._tx.execute(_SAVE_ADMIN_CHAT, row)

    async def admin_chats(self) -> dict[str, int]:
        """Say which chat is whose; an office without one is not named."""
        rows = await self._tx.execute(select(admin_chat.c.office_id, admin_chat.c.chat_id))
        return {row.office_id: row.chat_id for row in rows}

    async def offices_of_chat(self, chat_id: int) -> tuple[str, ...]:
        """Name the offices whose admin chat this is."""
        return tuple(await self._tx.scalars(_OFFICES_OF_CHAT, {"chat": chat_id}))

    async def move_chat(self, old_chat_id: int, new_chat_id: int) -> int:
        """Look for the desks of a chat where it went."""
        moving = update(admin_chat).where(admin_chat.c.chat_id == old_chat_id)
        return (await self._tx.execute(moving.values(chat_id=new_chat_id))).rowcount


def _staff(row: Row[Any]) -> Staff:
    return Staff(CitizenId(row.citizen_id), row.office_id, Role(row.role), row.name)
