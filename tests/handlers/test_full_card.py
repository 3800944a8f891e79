"""Cards on which nothing is left empty, and offices that are another way than the shipped ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest

from bot.catalogue.model import Facet, OfficeCatalogue, Section, Service
from bot.catalogue.model.service import (
    Contact,
    Document,
    Duration,
    Fee,
    IdentityForm,
    Law,
    LifeEvent,
    StageAccess,
)
from bot.kit.jalali import tehran_day
from bot.kit.words import Language, Words
from handlers.reply import Reply
from handlers.views.catalogue.catalogue import (
    CARD_FACETS,
    facet_page,
    office_facet_page,
    section_page,
    service_card,
)
from handlers.views.catalogue.form import form_page
from handlers.views.common import duration
from tests.handlers.conftest import Shipped
from tests.handlers.support import NOW, Said, faults_of, plain

TODAY = tehran_day(NOW)
SINCE = date(2025, 3, 21)
EVERY_DAY = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")


def cards(service: Service) -> list[Service]:
    """The card with each field filled, and with each list empty rather than unknown."""
    name = service.title
    full: dict[str, Any] = {
        "code": "10031234000",
        "audience": name,
        "service_types": ("G2C", "G2B", "G2G"),
        "process": (name, name),
        "documents": tuple(
            Document(title=name, form=form, code="12-B", note=name)
            for form in ("original", "copy", "original_and_copy", "not_stated")
        ),
        "fees": tuple(
            Fee(
                title=name,
                amount_rial=1_250_000,
                account_number="4001-04006370-1234",
                is_paid_online=True,
                is_refundable=is_refundable,
                effective_from=SINCE,
                is_sample=is_refundable,
            )
            for is_refundable in (True, False)
        ),
        "usual_duration": Duration(value=10, unit="day", basis="working", note=name),
        "longest_duration": Duration(value=2, unit="month", basis="calendar"),
        "validity": Duration(value=1, unit="year", basis="not_stated"),
        "in_person_visits": 2,
        "laws": (Law(title=name, number="12345/T", articles=name, dated=name),),
        "access": tuple(
            StageAccess(stage=stage, mode=mode, note=name)
            for stage in ("information", "request", "production", "delivery")
            for mode in ("electronic", "in_person", "mixed")
        ),
        "form": form(name, "sovereign", "request"),
    }
    bare = {
        "process": (),
        "documents": (),
        "fees": (),
        "in_person_visits": 0,
        "form": form(name, "non_sovereign", "time", linked_systems=(), linked_agencies=()),
    }
    others = [{"form": form(name, "sovereign", start)} for start in ("event", "office", "other")]
    return [service.model_copy(update=one) for one in (full, bare, *others)]


def form(name: Any, nature: Any, start: Any, **others: Any) -> IdentityForm:
    fields: dict[str, Any] = {
        "nature": nature,
        "levels": ("national", "regional", "provincial", "city", "rural"),
        "events": get_args(LifeEvent),
        "cluster": name,
        "start": start,
        "recipients": name,
        "frequency": name,
        "visit_reasons": ("identity", "authenticity", "no_infrastructure", "other"),
        "system_name": name,
        "linked_systems": (name, name),
        "linked_agencies": (name,),
        "contact": Contact(post=name, phone="021-88000000", email="desk@example.ir"),
        "version": 3,
        "effective_from": SINCE,
    }
    return IdentityForm(**{**fields, **others})


def pages(words: Words, published: OfficeCatalogue, service: Service) -> Iterator[Reply]:
    about = (words, published)
    for card in cards(service):
        yield service_card(*about, card, TODAY)
        yield form_page(*about, card, TODAY)
        for facet in CARD_FACETS:
            yield facet_page(*about, card, facet, TODAY)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_card_on_which_everything_is_stated_can_be_read(
    shipped: Shipped, language: Language
) -> None:
    words = shipped.words[language]
    for published in shipped.catalogue.offices:
        for reply in pages(words, published, published.services[0]):
            assert not faults_of(Said("sendMessage", reply.as_params())), reply.text


@pytest.mark.parametrize("language", ["fa", "en"])
def test_an_office_says_its_channels_and_hours_whatever_they_are(
    shipped: Shipped, language: Language
) -> None:
    words = shipped.words[language]
    for published in shipped.catalogue.offices:
        hours = tuple(
            one.model_copy(update={"weekdays": EVERY_DAY}) for one in published.office.hours
        )
        update = {"document_channels": ("portal", "in_person"), "hours": hours}
        office = replace(published, office=published.office.model_copy(update=update))
        for facet in (Facet.LIST, Facet.HOURS, Facet.ACCESS, Facet.AGREEMENT):
            reply = office_facet_page(words, office, facet, TODAY)
            assert not faults_of(Said("sendMessage", reply.as_params())), reply.text
        for section in Section:
            reply = section_page(words, office, section, 0, TODAY)
            assert not faults_of(Said("sendMessage", reply.as_params())), reply.text
        (card, *_) = cards(office.services[0])
        shown = facet_page(words, office, card, Facet.DOCUMENTS, TODAY)
        assert not faults_of(Said("sendMessage", shown.as_params()))


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_length_of_time_is_said(shipped: Shipped, language: Language) -> None:
    units: tuple[Any, ...] = ("minute", "hour", "day", "month", "year")
    said = [
        duration(Duration(value=value, unit=unit, basis=basis), shipped.words[language])
        for unit in units
        for value in (1, 3)
        for basis in ("working", "not_stated")
    ]
    assert len(set(said)) == len(said)
    page = Said("sendMessage", Reply("\n".join(said)).as_params())
    assert not faults_of(page)
    assert plain(page.text)
