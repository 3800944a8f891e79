"""Posters for a wall or a counter: whose desk it is, what of it, and a code for the phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.kit.jalali import jalali_day, jalali_moment
from bot.kit.text import cut, ltr, strip_bidi
from handlers.callback_data.posters import PosterPressed
from handlers.reply import Button, FileToMake, Reply
from handlers.views.common import digits, said
from handlers.views.papers.page import ALARM, INK, LEAD, QUIET, Page
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.catalogue.model import OfficeCatalogue, Service
    from bot.kit.words import Words
    from bot.workshops.model import Workshop

POSTER_FILE: Final = "poster"
_QR_MM: Final = 92.0
_TITLE_UNITS_MAX: Final = 120
_LONG_TITLE: Final = 42
_LABEL_UNITS_MAX: Final = 40


@dataclass(frozen=True)
class Matter:
    """What a poster is about, and the address behind its code."""

    published: OfficeCatalogue
    address: str
    service: Service | None = None
    workshop: Workshop | None = None
    first_at: datetime | None = None  # when the workshop meets first

    @property
    def is_sample(self) -> bool:
        """True for what is only there to be tried out."""
        if self.workshop is not None:
            return self.workshop.is_sample
        return self.service is not None and self.service.is_sample


def payload_of(office_id: str, matter: str) -> str:
    """What the link of a poster gives the desk: a workshop, a service, or the office itself."""
    if not matter:
        return f"off_{office_id}"
    if matter.startswith("w") and matter[1:].isdecimal():
        return matter
    return f"svc_{office_id}_{matter}"


def drawn(words: Words, matter: Matter, today: date) -> Page:
    """Draw the poster."""
    _ = words.gettext
    page = Page(is_right_to_left=words.language == "fa")
    if matter.is_sample:
        page.band(_("A sample, made up for trying: do not hang it up"), 15, color=ALARM)
    page.write(_plain(said(matter.published.office.name, words)), 17, color=QUIET, is_centred=True)
    page.y += 4
    title = _title(words, matter)
    page.write(title, 26 if len(title) > _LONG_TITLE else 34, color=LEAD, is_centred=True)
    page.y += 2
    for line in _facts(words, matter):
        page.write(line, 15, color=INK, is_centred=True)
    page.y += 3
    page.qr(matter.address, _QR_MM)
    page.write(ltr(matter.address.removeprefix("https://")), 12, color=QUIET, is_centred=True)
    page.y += 5
    for number, line in enumerate(_steps(words), start=1):
        page.write(f"{digits(str(number), words)}. {line}", 15, from_edge=6)
    page.y = max(page.y + 3, 272.0)
    page.rule()
    page.write(_foot(words, today), 10, color=QUIET, is_centred=True)
    return page


def _title(words: Words, matter: Matter) -> str:
    _ = words.gettext
    if matter.workshop is not None:
        title = strip_bidi(matter.workshop.details.title)
        return cut(_("Workshop: {title}").format(title=title), _TITLE_UNITS_MAX)
    if matter.service is not None:
        return cut(_plain(said(matter.service.title, words)), _TITLE_UNITS_MAX)
    return _("Service desk in your messenger")


def _facts(words: Words, matter: Matter) -> list[str]:
    _ = words.gettext
    if matter.workshop is None:
        return [_("Documents, cost, steps and time, day and night, in your phone's messenger")]
    lines = []
    if matter.first_at is not None:
        moment = jalali_moment(matter.first_at, words.language)
        lines.append(_("Begins: {moment}").format(moment=moment))
    until = deadline_said(matter.workshop.closes_at, words)
    return [*lines, _("Registration until {moment}").format(moment=until)]


def _steps(words: Words) -> list[str]:
    _ = words.gettext
    return [
        _("Point your phone's camera at the code and open the link."),
        _("Press Start."),
        _("Ask in your own words, or choose. No app to install, no password."),
    ]


def _foot(words: Words, today: date) -> str:
    _ = words.gettext
    return _("Never give anybody your password or a code sent to you. Printed on {day}").format(
        day=jalali_day(today, words.language)
    )


def _plain(text: str) -> str:
    return strip_bidi(text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))


def choices(words: Words, published: OfficeCatalogue) -> Reply:
    """Offer a poster of the office and of each service; of a workshop by its number."""
    _ = words.gettext
    office = published.office
    text = _(
        "🖨 <b>Posters of {office}</b>\n\nOne page of A4 with a code that opens the desk just "
        "there. Which one? For a workshop write its number: {example}"
    ).format(office=said(office.short_name, words), example=ltr("/poster w12"))
    rows = [[Button(_("🏛 The office itself"), PosterPressed(office.id, "-"))]]
    rows += [
        [
            Button(
                cut(service.title.in_language(words.language), _LABEL_UNITS_MAX),
                PosterPressed(office.id, service.id),
            )
        ]
        for service in published.services
    ]
    return Reply(text, rows)


def sent(words: Words, published: OfficeCatalogue, matter: str, title: str) -> Reply:
    """Send a poster; it is drawn when it is sent."""
    _ = words.gettext
    text = _("🖨 Poster: {title}\nLook at it, then print it on A4. It holds no personal data.")
    file = FileToMake(
        f"poster-{payload_of(published.office.id, matter)}.pdf",
        POSTER_FILE,
        matter or "-",
        {"office": published.office.id, "language": words.language},
    )
    return Reply(text.format(title=title), file=file)


def title_of(words: Words, published: OfficeCatalogue, service: Service | None) -> str:
    """Name what a poster is of, for the message it is sent with."""
    name = published.office.short_name if service is None else service.title
    return said(name, words)
