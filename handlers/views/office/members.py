"""What is said about the staff of an office: invitations, lists, where the desk is."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.citizens.model import Role
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.kit.text import isolate
from handlers.callback_data.members import (
    DismissConfirmed,
    DismissPressed,
    InviteRolePressed,
    StaffPressed,
    WithdrawPressed,
)
from handlers.callback_data.setting_up import SetupPressed
from handlers.reply import Button, Reply
from handlers.views.common import code, said
from handlers.views.refusals.staff import role_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId, OpenInvitation, Staff
    from bot.kit.words import Words
    from handlers.callback_data import Payload

MEMBERS_ON_A_PAGE = 8


def person_name(name: str) -> str:
    """Show a person's name so that it neither marks up nor turns the text around it."""
    return isolate(escape(name, quote=False))


def offices_to_choose(
    words: Words,
    offices: Sequence[OfficeCatalogue],
    payload: Callable[[str], Payload],
) -> Reply:
    """Ask for which office, of those that the person may do this for."""
    _ = words.gettext
    rows = [
        [
            Button(
                "🏛 " + published.office.short_name.in_language(words.language),
                payload(published.office.id),
            )
        ]
        for published in offices
    ]
    return Reply(_("For which office?"), rows)


def roles_to_choose(
    words: Words,
    published: OfficeCatalogue,
    waiting: Sequence[OpenInvitation],
    *,
    is_page: bool,
) -> Reply:
    """Ask for which role the invitation is, and say how many links are out."""
    _ = words.gettext
    text = _(
        "<b>Invite to the staff of {office}</b>\n\n"
        "• Officer: answers citizens, and runs workshops.\n"
        "• Finance: verifies what was paid in, makes payouts, and compares with the bank.\n"
        "• Manager: does all that an officer does, approves, and invites and dismisses staff.\n\n"
        "For which role is the invitation?"
    ).format(office=said(published.office.short_name, words))
    office_id = published.office.id
    rows = [
        [Button(role_name(role, words), InviteRolePressed(office_id, role.value)) for role in Role]
    ]
    if waiting:
        out = _("{count} invitations that nobody has used yet are out.")
        text += "\n\n" + out.format(count=number(len(waiting), words.language))
        rows.append([Button(_("Withdraw them all"), WithdrawPressed(office_id))])
    return Reply(text, rows, is_page=is_page)


def invitation(
    words: Words, published: OfficeCatalogue, role: Role, link: str, until: datetime
) -> Reply:
    """Give a link that is to be passed on to one person."""
    _ = words.gettext
    text = _(
        "🔗 <b>Invitation to the staff of {office}: {role}</b>\n\n"
        "Please pass this message on to that one person and to nobody else: whoever opens the "
        "link first is given the role. It works once, until {until}.\n\n{link}"
    )
    return Reply(
        text.format(
            office=said(published.office.short_name, words),
            role=role_name(role, words),
            until=jalali_moment(until, words.language),
            link=escape(link, quote=False),
        )
    )


def invitation_sent_privately(words: Words, bot_username: str) -> Reply:
    """In a group, say where the link is: here anybody could open it."""
    _ = words.gettext
    text = _(
        "I sent you the link in our private chat, because here anybody could use it. If it is not "
        "there, open {bot}, press Start and write /invite there."
    )
    return Reply(text.format(bot=isolate(f"@{bot_username}")), is_page=True)


def invitations_withdrawn(words: Words, count: int) -> str:
    """Say that links are good for nothing now."""
    _ = words.gettext
    text = _("Withdrawn: {count} invitations. Their links no longer work.")
    return text.format(count=number(count, words.language))


def welcome(words: Words, published: OfficeCatalogue, member: Staff, *, has_desk: bool) -> Reply:
    """Greet a new member, and say where the work is done."""
    _ = words.gettext
    greeting = _("Welcome, {name}! From now on you are {role} of {office}. 🌿").format(
        name=person_name(member.name),
        role=role_name(member.role, words),
        office=said(published.office.short_name, words),
    )
    if has_desk:
        where = _(
            "The work is done in the office's admin chat, a group in this messenger. If you are "
            "not in it yet, ask your manager to add you."
        )
    else:
        where = _(
            "The office has no admin chat yet: a manager makes a group of staff only, adds me to "
            "it, and writes /desk there."
        )
    parts, rows = [greeting, where], []
    if member.role is Role.MANAGER:
        rows = [[setup_button(words, published)]]
        parts.append(
            _(
                "As a manager you can write here or in the admin chat: /invite for a new "
                "colleague, /staff for the list, /audit for who did what."
            )
        )
    return Reply("\n\n".join(parts), rows)


def setup_button(words: Words, published: OfficeCatalogue) -> Button:
    """Lead to the list of what an office needs: what is done, and what is open."""
    _ = words.gettext
    return Button(_("🧭 Set the office up, step by step"), SetupPressed(published.office.id))


def joined(words: Words, published: OfficeCatalogue, member: Staff) -> Reply:
    """Tell the admin chat who has joined, so that a link in wrong hands is noticed."""
    _ = words.gettext
    text = _(
        "👤 {name} used an invitation and is now {role} of {office}. If you do not know this "
        "person, a manager can end that: /staff"
    )
    return Reply(
        text.format(
            name=person_name(member.name),
            role=role_name(member.role, words),
            office=said(published.office.short_name, words),
        )
    )


def staff_list(
    words: Words,
    published: OfficeCatalogue,
    members: Sequence[Staff],
    offset: int,
    *,
    codes: Mapping[CitizenId, str],
    is_page: bool,
) -> Reply:
    """List the staff of an office by name.

    A manager gets the code by which /audit knows each, and a button to dismiss them.
    """
    _ = words.gettext
    office_id = published.office.id
    shown = members[offset : offset + MEMBERS_ON_A_PAGE]
    lines = [_("<b>Staff of {office}</b>").format(office=said(published.office.short_name, words))]
    rows = []
    for position, member in enumerate(shown, start=offset + 1):
        role = role_name(member.role, words)
        place = number(position, words.language)
        known_as = codes.get(member.id)
        lines.append(f"{place}. {person_name(member.name)}: {role}")
        if known_as is not None:
            lines[-1] += f" · {code(known_as)}"
            label = _("✖️ End: {name} ({role})").format(name=isolate(member.name), role=role)
            dismiss = DismissPressed(office_id, str(member.id), member.role.value)
            rows.append([Button(label, dismiss)])
    turns = []
    if offset:
        before = max(offset - MEMBERS_ON_A_PAGE, 0)
        turns.append(Button(_("Previous"), StaffPressed(office_id, str(before))))
    if offset + MEMBERS_ON_A_PAGE < len(members):
        after = offset + MEMBERS_ON_A_PAGE
        turns.append(Button(_("Next"), StaffPressed(office_id, str(after))))
    return Reply("\n".join(lines), [*rows, turns] if turns else rows, is_page=is_page)


def dismissal_to_confirm(words: Words, published: OfficeCatalogue, member: Staff) -> Reply:
    """Ask once more before a role is taken from somebody."""
    _ = words.gettext
    text = _(
        "Shall {name} no longer be {role} of {office}? What they did stays on record. Please "
        "remove them from the group yourself as well: I cannot."
    ).format(
        name=person_name(member.name),
        role=role_name(member.role, words),
        office=said(published.office.short_name, words),
    )
    confirmed = DismissConfirmed(member.office_id, str(member.id), member.role.value)
    rows = [
        [Button(_("Yes, end it"), confirmed)],
        [Button(_("No, back to the list"), StaffPressed(member.office_id, "0"))],
    ]
    return Reply(text, rows, is_page=True)


def dismissed(words: Words, member: Staff) -> str:
    """Say that it is done."""
    _ = words.gettext
    return _("{name} no longer has this role.").format(name=isolate(member.name))


def your_role_ended(words: Words, published: OfficeCatalogue, member: Staff) -> Reply:
    """Tell somebody that they are no longer staff in this role."""
    _ = words.gettext
    text = _("Your role as {role} of {office} was ended by a manager. Thank you for your work.")
    return Reply(
        text.format(
            role=role_name(member.role, words), office=said(published.office.short_name, words)
        )
    )
