"""The sheets about services: the cards, and the lists that belong to each of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from handlers.views.catalogue.form import form_choices
from handlers.views.workbook import choices
from handlers.views.workbook.columns import ABOUT, OWNER, SHOWN, SIDE, Column, Kind, Sheet

if TYPE_CHECKING:
    from bot.kit.words import Words


def service_sheets(words: Words) -> tuple[Sheet, ...]:
    """Lay out the cards of the services and what belongs to them."""
    return (
        _services(words),
        _sides(words),
        _steps(words),
        _documents(words),
        _fees(words),
        _laws(words),
        _access(words),
        _rows(words),
        _linked(words),
    )


def both(words: Words, label: str, *path: str) -> tuple[Column, Column]:
    """Two columns for a text in both languages."""
    _ = words.gettext
    return (
        Column((*path, "fa"), _("{what} (Persian)").format(what=label), Kind.PROSE),
        Column((*path, "en"), _("{what} (English)").format(what=label), Kind.PROSE),
    )


def _duration(words: Words, label: str, name: str) -> tuple[Column, ...]:
    _ = words.gettext
    known = choices.of_services(words)
    return (
        Column((name, "value"), _("{what}: number").format(what=label), Kind.WHOLE),
        Column((name, "unit"), _("{what}: unit").format(what=label), Kind.CHOICE, known["unit"]),
        Column(
            (name, "basis"),
            _("{what}: kind of days").format(what=label),
            Kind.CHOICE,
            known["basis"],
        ),
        *both(words, _("{what}: note").format(what=label), name, "note"),
    )


def _services(words: Words) -> Sheet:
    _ = words.gettext
    two = partial(both, words)
    lists = {
        "process": _("Steps sheet"),
        "documents": _("Documents sheet"),
        "fees": _("Fees sheet"),
        "laws": _("Laws sheet"),
        "access": _("Ways sheet"),
    }
    none = _("Empty: not stated. Where the source says that there is none, write «none».")
    return Sheet(
        "services",
        _("Services"),
        "services",
        (),
        (
            Column(("id",), _("Service id"), Kind.ID, hint=_("Small Latin letters; it stays.")),
            *two(_("Title"), "title"),
            Column(("parent",), _("Part of (service id)"), Kind.ID, refers="services"),
            Column(("code",), _("Service code"), Kind.LINE),
            *two(_("Description"), "description"),
            *two(_("For whom"), "audience"),
            Column(
                ("service_types",),
                _("Kind of service"),
                Kind.CHOICES,
                form_choices(words)["recipients"],
            ),
            *(
                Column((name,), _("Has: {what}").format(what=title), Kind.LISTED, hint=none)
                for name, title in lists.items()
            ),
            *_duration(words, _("Usual time"), "usual_duration"),
            *_duration(words, _("Longest time"), "longest_duration"),
            *_duration(words, _("Validity of the result"), "validity"),
            *_facts(words),
            *_form(words),
        ),
    )


def _facts(words: Words) -> tuple[Column, ...]:
    """What stands at the end of a card: visits, other names, and where the facts come from."""
    _ = words.gettext
    two = partial(both, words)
    return (
        Column(("in_person_visits",), _("Visits in person"), Kind.WHOLE),
        Column(("aliases",), _("Other names"), Kind.LINES, is_optional=True),
        Column(
            ("leads_to",),
            _("Buttons under it"),
            Kind.CHOICES,
            choices.of_services(words)["leads"],
            is_optional=True,
        ),
        *two(_("Source"), "source"),
        Column(("source_url",), _("Address of the source"), Kind.LINE),
        Column(
            ("is_from_agreement",),
            _("Filled from the agreement"),
            Kind.YES_NO,
            is_optional=True,
        ),
        Column(("checked_on",), _("Last checked on"), Kind.DAY),
        Column(("is_sample",), _("Is a sample"), Kind.YES_NO, is_optional=True),
    )


def _form(words: Words) -> tuple[Column, ...]:
    _ = words.gettext
    two = partial(both, words)
    known = form_choices(words)
    return (
        Column(("form", "nature"), _("Nature"), Kind.CHOICE, known["nature"]),
        Column(("form", "levels"), _("Level"), Kind.CHOICES, known["level"]),
        Column(("form", "events"), _("Related event"), Kind.CHOICES, known["event"]),
        *two(_("Cluster"), "form", "cluster"),
        Column(("form", "start"), _("How it begins"), Kind.CHOICE, known["start"]),
        *two(_("Number of recipients"), "form", "recipients"),
        *two(_("Frequency"), "form", "frequency"),
        Column(
            ("form", "visit_reasons"), _("Why a visit in person"), Kind.CHOICES, known["reason"]
        ),
        *two(_("System"), "form", "system_name"),
        Column(
            ("form", "linked_systems"),
            _("Has: {what}").format(what=_("Linked systems")),
            Kind.LISTED,
        ),
        Column(
            ("form", "linked_agencies"),
            _("Has: {what}").format(what=_("Inquiries from other bodies")),
            Kind.LISTED,
        ),
        *two(_("Contact: post"), "form", "contact", "post"),
        Column(("form", "contact", "phone"), _("Contact: phone"), Kind.LINE),
        Column(("form", "contact", "email"), _("Contact: e-mail"), Kind.LINE),
        Column(("form", "version"), _("Version"), Kind.WHOLE),
        Column(("form", "effective_from"), _("In force since"), Kind.DAY),
    )


def _of_a_service(words: Words) -> tuple[Column, Column]:
    _ = words.gettext
    return (
        Column(OWNER, _("Service id"), Kind.ID, refers="services"),
        Column(SHOWN, _("Title of the service (only shown)"), Kind.SHOWN),
    )


def _sides(words: Words) -> Sheet:
    _ = words.gettext
    return Sheet(
        "sides",
        _("Sides of services"),
        "services",
        ("sides",),
        (
            *_of_a_service(words),
            Column(SIDE, _("Side of a service"), Kind.CHOICE, choices.facets(words)),
            Column(("questions",), _("How people ask"), Kind.LINES),
            Column(("clauses",), _("Clauses over it"), Kind.IDS),
        ),
    )


def _steps(words: Words) -> Sheet:
    _ = words.gettext
    return Sheet(
        "process",
        _("Steps sheet"),
        "services",
        ("process",),
        (*_of_a_service(words), *both(words, _("Step"))),
    )


def _documents(words: Words) -> Sheet:
    _ = words.gettext
    known = choices.of_services(words)
    return Sheet(
        "documents",
        _("Documents sheet"),
        "services",
        ("documents",),
        (
            *_of_a_service(words),
            *both(words, _("Title"), "title"),
            Column(("form",), _("Original or copy"), Kind.CHOICE, known["form"]),
            Column(("code",), _("Code of the document"), Kind.LINE),
            *both(words, _("Note"), "note"),
        ),
    )


def _fees(words: Words) -> Sheet:
    _ = words.gettext
    not_stated = _("Empty: not stated. 0: free of charge.")
    return Sheet(
        "fees",
        _("Fees sheet"),
        "services",
        ("fees",),
        (
            *_of_a_service(words),
            *both(words, _("Title"), "title"),
            Column(("amount_rial",), _("Amount (rials)"), Kind.WHOLE, hint=not_stated),
            *both(words, _("Note"), "note"),
            Column(("account_number",), _("Account number"), Kind.LINE),
            Column(("is_paid_online",), _("Can be paid online"), Kind.YES_NO),
            Column(("is_refundable",), _("Can be refunded"), Kind.YES_NO),
            Column(("effective_from",), _("In force since"), Kind.DAY),
            Column(("is_sample",), _("Is a sample"), Kind.YES_NO, is_optional=True),
        ),
    )


def _laws(words: Words) -> Sheet:
    _ = words.gettext
    return Sheet(
        "laws",
        _("Laws sheet"),
        "services",
        ("laws",),
        (
            *_of_a_service(words),
            *both(words, _("Title"), "title"),
            Column(("number",), _("Number of the law"), Kind.LINE),
            *both(words, _("Articles"), "articles"),
            *both(words, _("Date of the law"), "dated"),
        ),
    )


def _access(words: Words) -> Sheet:
    _ = words.gettext
    known = choices.of_services(words)
    return Sheet(
        "access",
        _("Ways sheet"),
        "services",
        ("access",),
        (
            *_of_a_service(words),
            Column(("stage",), _("Stage"), Kind.CHOICE, known["stage"]),
            Column(("mode",), _("How"), Kind.CHOICE, known["mode"]),
            *both(words, _("Note"), "note"),
            Column(("url",), _("Address (id)"), Kind.ID, refers="urls"),
        ),
    )


def _rows(words: Words) -> Sheet:
    _ = words.gettext
    return Sheet(
        "rows",
        _("Further rows"),
        "services",
        ("rows",),
        (
            *_of_a_service(words),
            Column(("facet",), _("Side of a service"), Kind.CHOICE, choices.facets(words)),
            *both(words, _("Label"), "label"),
            *both(words, _("Text"), "value"),
        ),
    )


def _linked(words: Words) -> Sheet:
    _ = words.gettext
    known = choices.of_services(words)
    return Sheet(
        "linked",
        _("Linked systems and bodies"),
        "services",
        ("linked",),
        (
            *_of_a_service(words),
            Column(ABOUT, _("Kind"), Kind.CHOICE, known["linked"]),
            *both(words, _("Name")),
        ),
    )
