"""An office: who it is, where it is found, and when it is open."""

from __future__ import annotations

from datetime import time  # noqa: TC003 - pydantic reads the annotations while running
from typing import Annotated, Literal

from pydantic import Field

from bot.catalogue.model.common import Day, Flag, Line, Record, Slug, Text, shaped


class Url(Record):
    """An entry of the registry of addresses; others refer to it by id, so it is mended once."""

    id: Slug
    address: Annotated[str, shaped(r"https?://\S+", "an address that begins with https://")]
    label: Text
    kind: Literal["portal", "site", "page", "shortlink"]
    is_trusted: bool = True
    flags: tuple[Flag, ...] = ()


class Hours(Record):
    """When the office is open, from one day to another: hours change several times a year."""

    valid_from: Day
    valid_to: Day | None
    weekdays: tuple[Literal["sat", "sun", "mon", "tue", "wed", "thu", "fri"], ...] = Field(
        min_length=1
    )
    opens: time
    closes: time
    note: Text | None = None
    source: Text
    source_url: Line | None = None


class Office(Record):
    """An office that promises services: a tenant of the desk."""

    id: Slug
    name: Text
    short_name: Text
    aliases: tuple[Line, ...] = ()
    parent_body: Text | None
    province: Text | None
    city: Text | None
    address: Text | None
    phones: tuple[Line, ...] | None
    site: Slug | None
    portal: Slug | None
    document_channels: tuple[Literal["portal", "in_person"], ...] = Field(min_length=1)
    checked_on: Day
    contact_note: Text | None = None
    hours: tuple[Hours, ...]
    urls: tuple[Url, ...]
    questions: tuple[Line, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Whatever it may be called, in any language."""
        full, short = self.name, self.short_name
        return (self.id, full.fa, full.en, short.fa, short.en, *self.aliases)
