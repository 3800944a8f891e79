"""What is said to a question: an answer with its source, a choice of a few, or "I do not know"."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.catalogue.search import Band
from bot.kit.digits import number
from bot.kit.text import cut
from handlers.callback_data import MeantPressed, MissedPressed
from handlers.callback_data.cases import CaseFromQuestion
from handlers.reply import Button, Reply
from handlers.views.cases.case_receipt import my_cases_button
from handlers.views.catalogue.catalogue import (
    clause_text,
    facet_text,
    service_button,
)
from handlers.views.catalogue.leads import lead_buttons
from handlers.views.catalogue.office import office_text
from handlers.views.catalogue.small_talk import contact_rows
from handlers.views.catalogue.sources import (
    card_source,
    clause_source,
    expired_banner,
    learnt_source,
)
from handlers.views.common import facet_name, said, tell_button, way_back
from handlers.views.start import office_rows

if TYPE_CHECKING:
    from datetime import date

    from bot.catalogue.model import AskedQuestion, Catalogue, Faq, OfficeCatalogue
    from bot.catalogue.search import Answer, Entry
    from bot.kit.words import Words

CHOICES_MAX = 3
_SUBJECT_UNITS_MAX = 34  # of a service on a button, behind what of it is meant


def answered(
    words: Words, catalogue: Catalogue, question: AskedQuestion, answer: Answer, today: date
) -> Reply:
    """Say what the desk found, in the band that its certainty allows."""
    if answer.band is Band.ANSWER:
        return entry_reply(words, catalogue, answer.ranked[0].entry, question.id, today)
    if answer.band is Band.CHOOSE:
        return choice(words, catalogue, question, answer)
    return handover(words, catalogue, question, is_elsewhere=answer.is_elsewhere)


def entry_reply(
    words: Words, catalogue: Catalogue, entry: Entry, question_id: int, today: date
) -> Reply:
    """Show the entry that answers, and let the person say that it did not."""
    _ = words.gettext
    published = catalogue.published_by(entry.office_id)
    text = entry_text(words, published, entry, today)
    rows = _named_rows(words, published, entry, text)
    service = None if entry.service_id is None else published.service(entry.service_id)
    if service is not None:
        rows.append([service_button(words, published, service)])
    missed = MissedPressed(str(question_id))
    rows.append([Button(_("🤔 This did not answer me"), missed)])
    rows.append(way_back(words, published.office))
    return Reply(text, rows)


def _named_rows(
    words: Words, published: OfficeCatalogue, entry: Entry, text: str
) -> list[list[Button]]:
    """Set under an answer what can be done about it here, and the buttons of which it speaks."""
    offered = [tell_button(words, published.office.id), my_cases_button(words)]
    buttons = [button for button in offered if button.label.partition(" ")[2] in text]
    leads = lead_buttons(words, published, published.leads_of(entry.id, entry.service_id))
    return [[button] for button in [*leads, *buttons]]


def choice(words: Words, catalogue: Catalogue, question: AskedQuestion, answer: Answer) -> Reply:
    """Ask which of at most three things was meant; the text names them in full."""
    _ = words.gettext
    rows = _choices(words, catalogue, question, answer, skip=0)
    rows.append([Button(_("None of these"), MissedPressed(str(question.id)))])
    return Reply(_("Did you mean one of these?") + "\n\n" + _listed(rows[:-1], words), rows)


def _listed(rows: list[list[Button]], words: Words) -> str:
    """Write out what the buttons offer: a small phone cuts long labels."""
    return "\n".join(
        f"{number(position, words.language)}. {escape(button.label, quote=False)}"
        for position, (button,) in enumerate(rows, start=1)
    )


def handover(
    words: Words, catalogue: Catalogue, question: AskedQuestion, *, is_elsewhere: bool
) -> Reply:
    """Say that the desk does not know, or that others do this, and what can be done next."""
    _ = words.gettext
    if is_elsewhere:
        names = _(" and ").join(
            said(published.office.short_name, words) for published in catalogue.offices
        )
        elsewhere = _(
            "This does not seem to be the work of {offices}, so I have no answer to it. "
            "If you meant one of their services, please write its name or choose it:"
        ).format(offices=names)
        return Reply(elsewhere, _ask_office_rows(words, catalogue, question))
    text = _(
        "I am sorry, I have no sure answer to this question, and I do not want to guess.\n\n"
        "I noted the question, without your name, so that the office can add its answer. You "
        "could write it in other words, or send it to an officer, who answers you here:"
    )
    rows = [_hand_over_row(words, question), *_ask_office_rows(words, catalogue, question)]
    return Reply(text, rows)


def missed(words: Words, catalogue: Catalogue, question: AskedQuestion, answer: Answer) -> Reply:
    """Thank a person for saying so, and show what else was near."""
    _ = words.gettext
    text = _(
        "Thank you for saying so; I noted it, without your name, for the office. "
        "Perhaps one of these helps; or send your question to an officer, who answers you here:"
    )
    rows = _choices(words, catalogue, question, answer, skip=_shown_before(question, answer))
    rows_after = _ask_office_rows(words, catalogue, question)
    listed = [text, _listed(rows, words)] if rows else [text]
    hand_over = _hand_over_row(words, question)
    return Reply("\n\n".join(listed), [*rows, hand_over, *rows_after])


def _hand_over_row(words: Words, question: AskedQuestion) -> list[Button]:
    _ = words.gettext
    return [Button(_("📨 Send it to an officer"), CaseFromQuestion(str(question.id)))]


def _shown_before(question: AskedQuestion, answer: Answer) -> int:
    """How many of the ranked entries the person saw before saying that none helped."""
    if answer.band is Band.CHOOSE and question.entry_id is None:
        return CHOICES_MAX
    return 1


def _choices(
    words: Words, catalogue: Catalogue, question: AskedQuestion, answer: Answer, *, skip: int
) -> list[list[Button]]:
    offered = answer.ranked[skip : skip + CHOICES_MAX]
    is_mixed = len({ranked.entry.office_id for ranked in offered}) > 1
    return [
        [
            Button(
                entry_label(words, catalogue, ranked.entry, names_office=is_mixed),
                MeantPressed(str(question.id), ranked.entry.key),
                number=place,
            )
        ]
        for place, ranked in enumerate(offered, start=1)
    ]


def entry_label(words: Words, catalogue: Catalogue, entry: Entry, *, names_office: bool) -> str:
    """Name an entry on a button, and its office where the choice lies between offices."""
    published = catalogue.published_by(entry.office_id)
    label = _entry_name(words, published, entry)
    if not names_office or (entry.service_id is None and "/" in entry.id):
        return label
    return f"{label} ({published.office.short_name.in_language(words.language)})"


def _entry_name(words: Words, published: OfficeCatalogue, entry: Entry) -> str:
    clause = published.clause(entry.id)
    if clause is not None:
        return clause.title.in_language(words.language)
    faq = published.faq(entry.id)
    if faq is not None:
        return faq.question.in_language(words.language)
    service = None if entry.service_id is None else published.service(entry.service_id)
    subject = published.office.short_name if service is None else service.title
    named = cut(subject.in_language(words.language), _SUBJECT_UNITS_MAX)
    return f"{facet_name(entry.facet, words)}: {named}"


def entry_text(words: Words, published: OfficeCatalogue, entry: Entry, today: date) -> str:
    """Tell an entry, with its source."""
    clause = published.clause(entry.id)
    if clause is not None:
        return clause_text(words, published, clause, today)
    faq = published.faq(entry.id)
    if faq is not None:
        return faq_text(words, published, faq, today)
    service = None if entry.service_id is None else published.service(entry.service_id)
    if service is not None:
        return facet_text(words, published, service, entry.facet, today)
    return office_text(words, published, entry.facet, today)


def faq_text(words: Words, published: OfficeCatalogue, faq: Faq, today: date) -> str:
    """Tell the answer to a usual question, with its source."""
    _ = words.gettext
    if faq.learnt is not None:
        source = learnt_source(words, published, faq.learnt)
        return "\n\n".join(
            [f"<b>{said(faq.question, words)}</b>", said(faq.answer, words), source]
        )
    service = None if faq.service is None else published.service(faq.service)
    rests_on_agreement = bool(faq.clauses) or service is None or service.is_from_agreement
    if faq.clauses or service is None:
        source = clause_source(words, published, faq.clauses)
    else:
        source = card_source(words, service)
    banner = expired_banner(words, published, today) if rests_on_agreement else []
    parts = [f"<b>{said(faq.question, words)}</b>", said(faq.answer, words)]
    if faq.source is not None:
        parts.append(_("📎 Also from: {source}").format(source=said(faq.source, words)))
    return "\n\n".join([*parts, "\n".join([source, *banner])])


def _ask_office_rows(
    words: Words, catalogue: Catalogue, question: AskedQuestion
) -> list[list[Button]]:
    chosen = catalogue.find(question.office_id or "")
    if chosen is None:
        return [*office_rows(words, catalogue), way_back(words)]
    return [*contact_rows(words, catalogue, chosen), way_back(words, chosen.office)]
