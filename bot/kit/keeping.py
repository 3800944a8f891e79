"""For how long each kind of record is kept: the one table of it.

The nightly rounds delete by it, the pages about privacy are written from it, and nothing else
says how long anything is kept. What is kept for no set time, such as the lines of a wallet, is
not in it: it goes when a person is erased, or turns nameless. Nor is what ends on a day of its
own: a ban goes in the night after its end.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """A kind of record that is kept for a time."""

    TOPIC = "topic"  # what a person has just spoken of
    OFFER = "offer"  # the buttons that a person was shown last
    DIALOGUE = "dialogue"  # a flow of several messages that was left alone
    QUESTION = "question"  # what was asked, without who asked it
    UPDATE = "update"  # that something was received: its number, blank
    FAILED_UPDATE = "failed_update"  # what could not be answered, to find the fault
    MESSAGE = "message"  # that something was said: its key, blank
    UNREACHABLE = "unreachable"  # that a person cannot be reached here
    SUBJECT = "subject"  # which message was about what
    INVITATION = "invitation"  # an invitation to the staff, after its end
    CONSENT = "consent"  # that somebody agreed; they are asked again afterwards
    CASE = "case"  # after its end
    RATING = "rating"  # of a workshop; that of a case goes with the case
    PREPARATION = "preparation"  # what was said of getting ready for a session
    WORKSHOP_MARK = "workshop_mark"  # that something was told, and which sheets were opened
    NATIONAL_ID = "national_id"  # after the end of a workshop, or of a draft that was left
    PAYOUT_ACCOUNT = "payout_account"  # the account's number and its owner, after the payout


_YEAR: Final = timedelta(days=365)
_MONTH: Final = timedelta(days=30)

KEPT_FOR: Final = {
    Kind.TOPIC: timedelta(minutes=30),
    Kind.OFFER: timedelta(hours=24),
    Kind.DIALOGUE: timedelta(hours=24),
    Kind.QUESTION: _MONTH,
    Kind.UPDATE: timedelta(days=7),  # longer than a platform may deliver an update again
    Kind.FAILED_UPDATE: _MONTH,
    Kind.MESSAGE: timedelta(days=7),
    Kind.UNREACHABLE: _YEAR,
    Kind.SUBJECT: 2 * _YEAR,  # a case is answered by a reply to what was said of it
    Kind.INVITATION: _MONTH,
    Kind.CONSENT: 3 * _YEAR,
    Kind.CASE: _YEAR,
    Kind.RATING: _YEAR,
    Kind.PREPARATION: _YEAR,  # as long as a case: it is evidence for one
    Kind.WORKSHOP_MARK: _MONTH,
    Kind.NATIONAL_ID: _MONTH,
    Kind.PAYOUT_ACCOUNT: timedelta(days=90),
}
