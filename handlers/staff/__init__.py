"""The staff desk: all that staff do, in the admin chat of their office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.staff import (
    auditing,
    bans,
    catalogue_back,
    catalogue_book,
    digests,
    elsewhere,
    groups,
    members,
    posters,
    setting_up,
    training,
)
from handlers.staff.calendar import closures
from handlers.staff.cases import desk, queues
from handlers.staff.circulars import circulars
from handlers.staff.learning import learning
from handlers.staff.money import bank_files, credit, payout_lists, payouts, top_ups
from handlers.staff.workshops import (
    announcements,
    attendance,
    late_credit,
    make_ups,
    vouching,
    workshop_credit,
    workshop_making,
    workshop_people,
    workshop_removing,
    workshop_sessions,
    workshop_sheet,
    workshops,
)

if TYPE_CHECKING:
    from handlers.adding import Application


def add(application: Application) -> None:
    """Add the conversations of the staff desk, in the order in which they are asked."""
    for conversation in (
        members,
        auditing,
        bans,
        groups,
        setting_up,
        queues,
        closures,
        digests,
        posters,
        training,
        learning,
        circulars,
        catalogue_book,
        catalogue_back,
        top_ups,
        bank_files,
        credit,
        payout_lists,
        payouts,
        workshops,
        workshop_making,
        workshop_sheet,
        workshop_credit,
        workshop_sessions,
        attendance,
        make_ups,
        late_credit,
        workshop_people,
        workshop_removing,
        vouching,
        announcements,
        desk,
    ):
        conversation.add(application)
    desk.add_last(application)
    elsewhere.add(application)
