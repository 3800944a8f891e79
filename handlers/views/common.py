"""Small pieces of text that several views are made of."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bot.catalogue.model import Facet
from bot.kit.digits import number, persian_digits
from bot.kit.text import cut, ltr, strip_bidi
from handlers.callback_data import HomePressed, OfficePressed
from handlers.callback_data.cases import NOT_CHOSEN, CaseBegins
from handlers.reply import TEXT_UNITS_MAX, Button, utf16_units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.catalogue.model import Duration, Office, OfficeCatalogue, Text, Url
    from bot.kit.words import Words

_RIGHT_TO_LEFT: Final = "\u200f"
_LEFT_TO_RIGHT: Final = "\u200e"
_QUOTE_UNITS_MAX: Final = 3000  # of a message of ours; longer words are read on a page


def said(text: Text, words: Words) -> str:
    """Say a catalogue text in the person's language, safe for the messenger's HTML."""
    return escape(text.in_language(words.language), quote=False)


def office_names(offices: Iterable[OfficeCatalogue], words: Words) -> str:
    """Name offices one after the other, the last of several after an “and”."""
    _ = words.gettext
    names = [said(one.office.short_name, words) for one in offices]
    earlier = _(", ").join(names[:-1])
    return _(" and ").join([earlier, names[-1]] if earlier else names)


def shielded(text: str, *, units_max: int = _QUOTE_UNITS_MAX) -> str:
    """Make a person's words safe for the messenger's HTML, shortened where they do not fit."""
    plain = strip_bidi(text).strip()
    shown = escape(plain, quote=False)
    kept = units_max
    while utf16_units(shown) > units_max:
        shown = escape(cut(plain, kept), quote=False)
        kept = kept * 3 // 4
    return shown


def quoted(text: str, *, units_max: int = _QUOTE_UNITS_MAX) -> str:
    """Set a person's words apart from ours."""
    return f"<blockquote>{shielded(text, units_max=units_max)}</blockquote>"


def digits(text: str, words: Words) -> str:
    """Write the digits of a prose text in the person's own script."""
    return persian_digits(text) if words.language == "fa" else text


def code(value: str) -> str:
    """Show a code so that it keeps its order among Persian words and is copied with a tap."""
    return f"<code>{ltr(escape(value, quote=False))}</code>"


def led(line: str, words: Words) -> str:
    """Give a line its direction: what is shielded has none for what stands beside it."""
    mark = _RIGHT_TO_LEFT if words.language == "fa" else _LEFT_TO_RIGHT
    return f"{mark}{line}" if line else line


def rials(amount_rial: int, words: Words) -> str:
    """Write an amount in rials, with tomans in brackets, as people say it aloud."""
    _ = words.gettext
    return _("free of charge") if amount_rial == 0 else money(amount_rial, words)


def money(amount_rial: int, words: Words) -> str:
    """Write an amount as `rials` does; money that is not there is not free of charge."""
    _ = words.gettext
    return _("{rials} rials ({tomans} tomans)").format(
        rials=number(amount_rial, words.language), tomans=number(amount_rial // 10, words.language)
    )


def link(url: Url, words: Words) -> str:
    """Show an address as it is, in its own direction, and say so when it is a short link."""
    _ = words.gettext
    shown = url.address.removeprefix("https://").removeprefix("http://").rstrip("/")
    anchor = f'<a href="{escape(url.address)}">{ltr(escape(shown, quote=False))}</a>'
    if url.kind == "shortlink":
        return _("{link} (a short link: its final address is not shown by the source)").format(
            link=anchor
        )
    return anchor


def duration(stated: Duration | None, words: Words) -> str:
    """Say how long something takes, and in which kind of days."""
    _ = words.gettext
    if stated is None:
        return _("not stated")
    units = {
        "minute": _("{count} minutes"),
        "hour": _("{count} hours"),
        "day": _("{count} days"),
        "month": _("{count} months"),
        "year": _("{count} years"),
    }
    one = {
        "minute": _("one minute"),
        "hour": _("one hour"),
        "day": _("one day"),
        "month": _("one month"),
        "year": _("one year"),
    }
    if stated.value == 1:
        said_so = one[stated.unit]
    else:
        said_so = units[stated.unit].format(count=number(stated.value, words.language))
    if stated.basis == "working":
        said_so = _("{time}, working days only").format(time=said_so)
    return said_so if stated.note is None else f"{said_so} ({said(stated.note, words)})"


def not_stated(words: Words, published: OfficeCatalogue, subject: str) -> str:
    """Say that the source is silent, and who would know."""
    _ = words.gettext
    return _("{subject}: not stated. Please ask {office}.").format(
        subject=subject, office=said(published.office.short_name, words)
    )


def facet_name(facet: Facet, words: Words) -> str:
    """Name a side of a service, as its button does."""
    _ = words.gettext
    names = {
        Facet.LIST: _("Services"),
        Facet.DESCRIPTION: _("What it is"),
        Facet.PROCESS: _("Steps"),
        Facet.DOCUMENTS: _("Documents"),
        Facet.COST: _("Cost"),
        Facet.TIME: _("Time"),
        Facet.LAWS: _("Laws"),
        Facet.ACCESS: _("Where and how"),
        Facet.HOURS: _("Office hours"),
        Facet.AGREEMENT: _("Agreement"),
        Facet.WALLET: _("Wallet and refunds"),
    }
    return names[facet]


def way_back(words: Words, office: Office | None = None) -> list[Button]:
    """The last row of every page: back to the office, and to the first page."""
    _ = words.gettext
    row = []
    if office is not None:
        row.append(Button(office.short_name.in_language(words.language), OfficePressed(office.id)))
    row.append(Button(_("🏠 First page"), HomePressed()))
    return row


def tell_button(words: Words, office_id: str = NOT_CHOSEN, service_id: str = NOT_CHOSEN) -> Button:
    """The button by which a person tells an office something, about a service if one is known."""
    _ = words.gettext
    label = _("✍️ Comment, complaint, suggestion")
    return Button(label, CaseBegins(office_id, service_id, NOT_CHOSEN))


def in_pairs(buttons: Iterable[Button]) -> list[list[Button]]:
    """Set short buttons in rows of two, which is what a small phone bears."""
    listed = list(buttons)
    return [listed[start : start + 2] for start in range(0, len(listed), 2)]


def paged(paragraphs: list[str], *, units_max: int = TEXT_UNITS_MAX - 600) -> list[list[str]]:
    """Lay paragraphs out on pages that fit one message each, with room for a head and a foot."""
    pages: list[list[str]] = [[]]
    used = 0
    for paragraph in paragraphs:
        units = utf16_units(paragraph) + 2
        if pages[-1] and used + units > units_max:
            pages.append([])
            used = 0
        pages[-1].append(paragraph)
        used += units
    return pages


def text_only(words: Words) -> str:
    """Refuse a picture, a file, a voice or a blank message: the office reads words."""
    _ = words.gettext
    return _(
        "Please put it in words: to keep your information safe I take no pictures, files or voice "
        "messages here, and open none."
    )


def button_needed(words: Words) -> str:
    """Say to whoever typed "yes" below a last look that nothing was done by it."""
    _ = words.gettext
    return _("Nothing is registered yet. Please press one of the buttons below.")
