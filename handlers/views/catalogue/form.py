"""The whole identity form of a service; an empty field is said to be not stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_day
from handlers.reply import Reply
from handlers.views.catalogue.catalogue import service_button
from handlers.views.catalogue.sources import card_source, expired_banner, service_notes
from handlers.views.common import code, said, way_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bot.catalogue.model import Contact, IdentityForm, OfficeCatalogue, Service, Text
    from bot.kit.words import Words


def form_page(words: Words, published: OfficeCatalogue, service: Service, today: date) -> Reply:
    """Show every field of the form that the other pages of the card do not show."""
    _ = words.gettext
    fields = {**_who(words, published, service), **_how(words, service.form)}
    unsaid = _("not stated")
    lines = [f"▫️ {label}: {unsaid if value is None else value}" for label, value in fields.items()]
    head = f"<b>{said(service.title, words)}</b>\n" + _("The identity form")
    banner = expired_banner(words, published, today) if service.is_from_agreement else []
    text = "\n\n".join(
        [
            head,
            "\n".join(lines),
            *service_notes(words, published, service),
            card_source(words, service),
            *banner,
        ]
    )
    rows = [[service_button(words, published, service)], way_back(words, published.office)]
    return Reply(text, rows, is_page=True)


def _who(words: Words, published: OfficeCatalogue, service: Service) -> dict[str, str | None]:
    _ = words.gettext
    named = form_choices(words)
    form = service.form
    return {
        _("Service code"): None if service.code is None else code(service.code),
        _("Provided by"): said(published.office.name, words),
        _("Parent body"): _text(published.office.parent_body, words),
        _("Kind of service"): _listed(service.service_types, named["recipients"], words),
        _("Recipients"): _text(service.audience, words),
        _("Nature"): None if form.nature is None else named["nature"][form.nature],
        _("Level"): _listed(form.levels, named["level"], words),
        _("Related event"): _listed(form.events, named["event"], words),
        _("Cluster"): _text(form.cluster, words),
    }


def _how(words: Words, form: IdentityForm) -> dict[str, str | None]:
    _ = words.gettext
    named = form_choices(words)
    since = form.effective_from
    return {
        _("How it begins"): None if form.start is None else named["start"][form.start],
        _("Number of recipients"): _text(form.recipients, words),
        _("Frequency"): _text(form.frequency, words),
        _("Why a visit in person"): _listed(form.visit_reasons, named["reason"], words),
        _("System"): _text(form.system_name, words),
        _("Linked systems"): _texts(form.linked_systems, words),
        _("Inquiries from other bodies"): _texts(form.linked_agencies, words),
        _("Contact"): None if form.contact is None else _contact(form.contact, words),
        _("Version"): None if form.version is None else number(form.version, words.language),
        _("In force since"): None if since is None else jalali_day(since, words.language),
    }


def form_choices(words: Words) -> dict[str, dict[str, str]]:
    """Name the choices of the fields of the identity form that have closed ones."""
    _ = words.gettext
    return {
        "recipients": {
            "G2C": _("to citizens"),
            "G2B": _("to businesses"),
            "G2G": _("to other offices"),
        },
        "nature": {"sovereign": _("sovereign"), "non_sovereign": _("non-sovereign")},
        "level": {
            "national": _("national"),
            "regional": _("regional"),
            "provincial": _("provincial"),
            "city": _("urban"),
            "rural": _("rural"),
        },
        "event": {
            "birth": _("birth"),
            "education": _("education"),
            "health": _("health"),
            "tax": _("tax"),
            "business": _("business"),
            "social_security": _("social security"),
            "property": _("registration of property"),
            "utilities": _("urban utilities"),
            "insurance": _("insurance"),
            "marriage": _("marriage"),
            "retirement": _("retirement"),
            "documents": _("documents and certificates"),
            "death": _("death"),
            "other": _("other"),
        },
        "start": {
            "request": _("at the recipient's request"),
            "time": _("at a certain time"),
            "event": _("on a certain event"),
            "office": _("as the office sees fit"),
            "other": _("other"),
        },
        "reason": {
            "identity": _("to establish identity"),
            "authenticity": _("to establish that documents are genuine"),
            "no_infrastructure": _("for lack of infrastructure"),
            "other": _("other"),
        },
    }


def _contact(contact: Contact, words: Words) -> str:
    _ = words.gettext
    parts = [
        _text(contact.post, words),
        None if contact.phone is None else code(contact.phone),
        None if contact.email is None else code(contact.email),
    ]
    return _(", ").join(part for part in parts if part is not None) or _("not stated")


def _listed(names: Sequence[str] | None, known: Mapping[str, str], words: Words) -> str | None:
    _ = words.gettext
    return None if names is None else _(", ").join(known[name] for name in names)


def _text(text: Text | None, words: Words) -> str | None:
    return None if text is None else said(text, words)


def _texts(texts: Sequence[Text] | None, words: Words) -> str | None:
    _ = words.gettext
    if texts is None:
        return None
    return _(", ").join(said(text, words) for text in texts) or _("none")
