"""Which sheets the workbook has, in the order of their tabs."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from handlers.views.catalogue.form import form_choices
from handlers.views.catalogue.hours import weekday_names
from handlers.views.workbook import choices
from handlers.views.workbook.columns import Column, Kind, Layout, Sheet
from handlers.views.workbook.layout_desk import desk_sheets
from handlers.views.workbook.layout_services import both, service_sheets
from handlers.views.workbook.layout_workshops import workshop_sheets

if TYPE_CHECKING:
    from bot.kit.words import Words


@cache
def layout(words: Words) -> Layout:
    """Lay the workbook out in a language."""
    _ = words.gettext
    return Layout(
        guide=_("Guide"),
        lists=_("Lists"),
        sheets=(
            _office(words),
            *_of_office(words),
            _agreement(words),
            _clauses(words),
            *service_sheets(words),
            _faq(words),
            *workshop_sheets(words),
            *desk_sheets(words),
        ),
        yes=_("yes"),
        no=_("no"),
        none=_("none"),
        in_sheet=_("in its own sheet"),
    )


def _office(words: Words) -> Sheet:
    _ = words.gettext
    two = partial(both, words)
    known = choices.of_office(words)
    return Sheet(
        "office",
        _("Office"),
        "office",
        (),
        (
            Column(("id",), _("Office id"), Kind.ID, hint=_("It is never changed.")),
            *two(_("Name"), "name"),
            *two(_("Short name"), "short_name"),
            Column(("aliases",), _("Other names"), Kind.LINES, is_optional=True),
            *two(_("Parent body"), "parent_body"),
            *two(_("Province"), "province"),
            *two(_("City"), "city"),
            *two(_("Postal address"), "address"),
            Column(("phones",), _("Phones"), Kind.LINES, hint=_("The office's own only.")),
            Column(("site",), _("Website (id of an address)"), Kind.ID, refers="urls"),
            Column(("portal",), _("System (id of an address)"), Kind.ID, refers="urls"),
            Column(
                ("document_channels",),
                _("Ways to hand documents in"),
                Kind.CHOICES,
                choices=known["channels"],
            ),
            *two(_("How to reach the office"), "contact_note"),
            Column(("questions",), _("How people ask"), Kind.LINES, is_optional=True),
            Column(("checked_on",), _("Last checked on"), Kind.DAY),
        ),
        is_form=True,
    )


def _of_office(words: Words) -> tuple[Sheet, Sheet]:
    _ = words.gettext
    two = partial(both, words)
    known = choices.of_office(words)
    addresses = Sheet(
        "urls",
        _("Addresses"),
        "office",
        ("urls",),
        (
            Column(("id",), _("Address id"), Kind.ID),
            Column(("address",), _("Internet address"), Kind.LINE),
            *two(_("Label"), "label"),
            Column(("kind",), _("Kind"), Kind.CHOICE, choices=known["address"]),
            Column(("is_trusted",), _("Is trusted"), Kind.YES_NO, is_optional=True),
        ),
    )
    hours = Sheet(
        "hours",
        _("Office hours sheet"),
        "office",
        ("hours",),
        (
            Column(("valid_from",), _("From the day"), Kind.DAY),
            Column(("valid_to",), _("To the day"), Kind.DAY, hint=_("Empty: until changed.")),
            Column(("weekdays",), _("Weekdays"), Kind.CHOICES, choices=weekday_names(words)),
            Column(("opens",), _("Opens"), Kind.CLOCK),
            Column(("closes",), _("Closes"), Kind.CLOCK),
            *two(_("Note"), "note"),
            *two(_("Source"), "source"),
            Column(("source_url",), _("Address of the source"), Kind.LINE),
        ),
    )
    return addresses, hours


def _agreement(words: Words) -> Sheet:
    _ = words.gettext
    two = partial(both, words)
    known = choices.of_office(words)
    return Sheet(
        "agreement",
        _("Agreement document"),
        "sla",
        (),
        (
            Column(("id",), _("Document id"), Kind.ID),
            *two(_("Title"), "title"),
            *two(_("Short title"), "short_title"),
            Column(("kind",), _("Kind"), Kind.CHOICE, choices=known["document"]),
            Column(("aliases",), _("Other names"), Kind.LINES, is_optional=True),
            *two(_("Parties"), "parties"),
            *two(_("Summary"), "summary"),
            Column(("term",), _("Term"), Kind.CHOICE, choices=known["term"]),
            Column(("valid_from",), _("From the day"), Kind.DAY),
            Column(("valid_to",), _("To the day"), Kind.DAY),
            Column(("successor",), _("Next document (id)"), Kind.ID),
            Column(("supersedes",), _("Earlier document (id)"), Kind.ID),
            Column(
                ("applies_to",),
                _("Holds for"),
                Kind.CHOICES,
                choices=form_choices(words)["recipients"],
            ),
            *two(_("Signatory's title"), "signatory_title"),
            Column(("source_sha256",), _("Fingerprint of the source"), Kind.LINE),
            Column(("checked_on",), _("Last checked on"), Kind.DAY),
            Column(("questions",), _("How people ask"), Kind.LINES, is_optional=True),
        ),
        is_form=True,
    )


def _clauses(words: Words) -> Sheet:
    _ = words.gettext
    two = partial(both, words)
    known = choices.of_office(words)
    return Sheet(
        "clauses",
        _("Clauses"),
        "sla",
        ("clauses",),
        (
            Column(("id",), _("Clause id"), Kind.ID, hint=_("Such as KN-27; never used again.")),
            Column(("section",), _("Section"), Kind.CHOICE, choices=known["section"]),
            *two(_("Title"), "title"),
            *two(_("Text"), "text"),
            Column(
                ("facet",),
                _("Side of a service"),
                Kind.CHOICE,
                choices=choices.facets(words),
                is_optional=True,
            ),
            Column(("questions",), _("How people ask"), Kind.LINES, is_optional=True),
            Column(("keywords",), _("Keywords"), Kind.LINES, is_optional=True),
            Column(("url",), _("Address (id)"), Kind.ID, refers="urls"),
            Column(("is_for_citizens",), _("Citizens see it"), Kind.YES_NO, is_optional=True),
            Column(
                ("leads_to",),
                _("Buttons under it"),
                Kind.CHOICES,
                choices=choices.of_services(words)["leads"],
                is_optional=True,
            ),
        ),
    )


def _faq(words: Words) -> Sheet:
    _ = words.gettext
    two = partial(both, words)
    return Sheet(
        "faq",
        _("Usual questions"),
        "faq",
        (),
        (
            Column(("id",), _("Question id"), Kind.ID, hint=_("Leave it empty for a new one.")),
            Column(("service",), _("Service id"), Kind.ID, refers="services"),
            Column(("facet",), _("Side of a service"), Kind.CHOICE, choices=choices.facets(words)),
            *two(_("Question"), "question"),
            *two(_("Answer"), "answer"),
            Column(("questions",), _("Other ways of asking"), Kind.LINES, is_optional=True),
            Column(("clauses",), _("Clauses it rests on"), Kind.IDS, is_optional=True),
            *two(_("Source"), "source"),
            Column(("checked_on",), _("Last checked on"), Kind.DAY),
        ),
    )
