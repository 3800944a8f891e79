"""The closed choices of the workbook: each value of the catalogue, and what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue.model import CaseKind, Facet
from handlers.views.cases.case_words import kind_name
from handlers.views.common import facet_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.kit.words import Words

Names = dict[str, str]


def facets(words: Words) -> Names:
    """Name the sides of a service."""
    return {facet.value: facet_name(facet, words) for facet in Facet}


def case_kinds(words: Words) -> Names:
    """Name what a target can hold for; `default` is every kind without one of its own."""
    _ = words.gettext
    kinds = {kind.value: kind_name(kind, words) for kind in CaseKind}
    return {"default": _("every other kind"), **kinds}


def of_office(words: Words) -> Mapping[str, Names]:
    """Name the choices of the sheets about the office and its agreement."""
    _ = words.gettext
    return {
        "channels": {"portal": _("in the system"), "in_person": _("in person")},
        "address": {
            "portal": _("system"),
            "site": _("website"),
            "page": _("page"),
            "shortlink": _("short link"),
        },
        "document": {"statement": _("statement"), "agreement": _("mutual agreement")},
        "term": {"perpetual": _("perpetual"), "dated": _("with a last day")},
        "section": {
            "introduction": _("introduction"),
            "purpose": _("purpose"),
            "responsibility": _("responsibility"),
            "office_duties": _("duties of the office"),
            "citizen_duties": _("duties of the citizen"),
            "fees": _("fees"),
            "period": _("period"),
            "termination": _("termination"),
        },
        "owner": {
            "url": _("address"),
            "agreement": _("agreement"),
            "clause": _("clause"),
            "service": _("service"),
        },
    }


def of_services(words: Words) -> Mapping[str, Names]:
    """Name the choices of the sheets about services."""
    _ = words.gettext
    return {
        "form": {
            "original": _("original"),
            "copy": _("copy"),
            "original_and_copy": _("original and copy"),
            "not_stated": _("not stated"),
        },
        "unit": {
            "minute": _("minute"),
            "hour": _("hour"),
            "day": _("day"),
            "month": _("month"),
            "year": _("year"),
        },
        "basis": {
            "working": _("working days"),
            "calendar": _("calendar days"),
            "not_stated": _("not stated"),
        },
        "stage": {
            "information": _("to be informed"),
            "request": _("to apply"),
            "production": _("while it is done"),
            "delivery": _("to receive the result"),
        },
        "mode": {
            "electronic": _("electronic"),
            "in_person": _("in person"),
            "mixed": _("electronic and in person"),
        },
        "leads": {
            "credit_claim": _("service credit claim"),
            "wallet": _("wallet"),
            "payout": _("payout"),
            "top_up": _("top-up"),
            "workshops": _("workshops"),
            "my_workshops": _("my workshops"),
        },
        "linked": {
            "linked_systems": _("linked system"),
            "linked_agencies": _("inquiry from another body"),
        },
    }


def flags(words: Words) -> Names:
    """Name the faults of a source."""
    _ = words.gettext
    return {
        "EMPTY_LIST": _("a list is announced but empty"),
        "MALFORMED_URL": _("an address is broken or incomplete"),
        "MISSING_VIDEO": _("a video is mentioned without a link"),
        "SHORT_LINK": _("a link hides where it leads"),
        "PLAIN_HTTP": _("an address is not https"),
        "SIGNATORY_MISMATCH": _("two places name different signatories"),
        "NO_START_DATE": _("it does not say when it begins"),
        "NO_SUCCESSOR": _("it has ended, and the next one is not at hand"),
        "TEMPLATE_LEFTOVER": _("words of a template remain in the text"),
        "UNCONFIRMED": _("not confirmed by the office"),
    }
