"""What staff fill in to make a workshop, one line for each part."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


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


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What somebody typed, line by line; whatever belongs to no line is kept to be named."""

    lines: Mapping[FormField, str]
    unknown: tuple[str, ...] = ()  # with a name that the form has not, or none at all
    joined: tuple[str, ...] = ()  # went on with a long text, though they look like lines
