"""What staff fill in to make a workshop, one line for each part."""

from __future__ import annotations

from enum import StrEnum


class FormField(StrEnum):
    """A line of the form, in the order in which it is asked."""

    TITLE = "title"
    DESCRIPTION = "description"
    SUBJECT = "subject"
    INSTRUCTOR = "instructor"
    PROVINCE = "province"
    AGES = "ages"
    FEE = "fee"
    PLACES = "places"
    QUORUM = "quorum"
    OPENS = "opens"
    CLOSES = "closes"
    LINK = "link"
    VENUE = "venue"
    FIRST_ON = "first_on"
    WEEKDAYS = "weekdays"
    HOURS = "hours"
    COUNT = "count"
    TERMS = "terms"
