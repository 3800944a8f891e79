"""What is said to a message that asks nothing: a greeting, thanks, anger, a wish for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue.model import Facet
from bot.catalogue.search import Talk
from handlers.callback_data import OfficePagePressed
from handlers.callback_data.cases import NOT_CHOSEN, CaseBegins
from handlers.reply import Button, Reply
from handlers.views.common import way_back
from handlers.views.start import home, office_rows

if TYPE_CHECKING:
    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.kit.words import Words


def answered(
    words: Words, catalogue: Catalogue, chosen: OfficeCatalogue | None, talk: Talk
) -> Reply:
    """Answer in a sentence, and lead back to what the desk can do."""
    if talk is Talk.MENU:
        return home(words, catalogue)
    if talk is Talk.PERSON:
        return person_wanted(words, catalogue, chosen)
    text = _said(words, talk)
    if talk is Talk.GREETING:
        return Reply(text, office_rows(words, catalogue))
    if talk in {Talk.THANKS, Talk.FAREWELL, Talk.ACKNOWLEDGEMENT}:
        return Reply(text, [way_back(words)])
    rows = [_talk_row(words, chosen, "complaint"), *contact_rows(words, catalogue, chosen)]
    return Reply(text, [*rows, way_back(words)])


def _talk_row(words: Words, chosen: OfficeCatalogue | None, kind: str) -> list[Button]:
    _ = words.gettext
    office_id = NOT_CHOSEN if chosen is None else chosen.office.id
    label = _("✍️ Write to the staff of the office")
    return [Button(label, CaseBegins(office_id, NOT_CHOSEN, kind))]


def _said(words: Words, talk: Talk) -> str:
    _ = words.gettext
    sentences = {
        Talk.GREETING: _(
            "Hello 🌿 What would you like to know? Write it in your own words, or choose an "
            "office."
        ),
        Talk.THANKS: _("You are welcome 🌿 I am here whenever you have a question."),
        Talk.FAREWELL: _("Goodbye 🌿 I am here day and night."),
        Talk.ACKNOWLEDGEMENT: _("Good. If there is anything else, just write it."),
        Talk.IDENTITY: _(
            "I am Mizban, a program: I answer from what the offices published, and say where each "
            "answer comes from. What I do not know, people of the office answer you here."
        ),
        Talk.ANGER: _(
            "I am sorry that you had trouble. I am only a program, but people of the office read "
            "and answer what you write to them through me; or write your question and I will try "
            "again."
        ),
        Talk.NOTHING: _("Please write your question in a few words."),
    }
    return sentences[talk]


def person_wanted(words: Words, catalogue: Catalogue, chosen: OfficeCatalogue | None) -> Reply:
    """Say that no person is in this chat, and how to reach the office."""
    _ = words.gettext
    text = _(
        "I am a program and cannot connect you at once. Write what it is about, and a person of "
        "the office answers you here; or reach the office itself:"
    )
    rows = [_talk_row(words, chosen, "question"), *contact_rows(words, catalogue, chosen)]
    return Reply(text, [*rows, way_back(words)])


def contact_rows(
    words: Words, catalogue: Catalogue, chosen: OfficeCatalogue | None
) -> list[list[Button]]:
    """A button to the ways of reaching the chosen office, or each office."""
    _ = words.gettext
    offices = catalogue.offices if chosen is None else (chosen,)
    return [
        [
            Button(
                _("How to reach {office}").format(
                    office=published.office.short_name.in_language(words.language)
                ),
                OfficePagePressed(published.office.id, Facet.ACCESS.value),
            )
        ]
        for published in offices
    ]


def deleting(words: Words) -> str:
    """Say what becomes of a message with somebody's number in it."""
    _ = words.gettext
    return _(
        "🧹 I am deleting your message here. If you still see it in a minute, please delete it "
        "yourself: your messenger did not let me."
    )
