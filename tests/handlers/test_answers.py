"""Every answer the desk can give: its figures, its sources, and its warnings."""

import re
from collections.abc import Iterator

import pytest

from bot.catalogue.model import Facet
from bot.catalogue.search import Entry
from bot.kit.digits import latin_digits
from bot.kit.jalali import jalali_day, tehran_day
from bot.kit.words import Language
from handlers.views.catalogue import ask as views
from tests.handlers.conftest import Shipped
from tests.handlers.support import NOW, Said, faults_of, plain

TODAY = tehran_day(NOW)
CHECKED = "۱ آذر ۱۴۰۵"
# What the two agreements state in figures (AMB-16), however it is written.
STATED = re.compile(
    r"24 ساعت|24 hours|7 روز|7 days|\b1 روز|\b1 day|\b1 سال|\b1 year|"
    r"1402/12/29|29 (?:اسفند|Esfand) 1402|\(19 March 2024\)|\b[A-Z]{2}-[0-9]{2}\b"
)
ADDRESS = re.compile(r"[a-z0-9.-]+\.(?:ir|com)(?:/[A-Za-z0-9/_-]*)?")
# A figure in letters is a figure as well: "two weeks", "ten days".
IN_LETTERS = re.compile(
    r"\b(?:دو|سه|چهار|پنج|شش|هشت|نه|ده|پانزده|بیست|سی|چهل|پنجاه|شصت|صد) "
    r"(?:روز|هفته|ماه|سال|ساعت|دقیقه|جلسه|نفر|ریال|تومان)"
    r"|\b(?:two|three|four|five|six|eight|nine|ten|fifteen|twenty|thirty) "
    r"(?:days?|weeks?|months?|years?|hours?|minutes?|sessions?|people|rials?)"
)


def answers(shipped: Shipped, language: Language) -> Iterator[tuple[Entry, Said]]:
    for entry in shipped.answerer.entries:
        reply = views.entry_reply(shipped.words[language], shipped.catalogue, entry, 1, TODAY)
        yield entry, Said("sendMessage", reply.as_params())


def rests_on_the_agreement_alone(entry: Entry, said: Said, shipped: Shipped) -> bool:
    """True when no card, news report or law beside the agreement speaks in this answer."""
    published = shipped.catalogue.published_by(entry.office_id)
    if not entry.clause_ids or entry.facet is Facet.HOURS:
        return False
    faq = published.faq(entry.id)
    if faq is not None:
        return faq.source is None
    return plain(said.text).count("📌") == 1 and "شناسنامه" not in said.text.partition("📌")[2]


def figures(text: str, checked: str) -> list[str]:
    """List the figures that the agreements do not state."""
    left = ADDRESS.sub(" ", latin_digits(plain(text)).replace(latin_digits(checked), " "))
    return re.findall(r"[0-9][0-9.,٬/:]*", STATED.sub(" ", left)) + IN_LETTERS.findall(left)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_no_answer_from_an_agreement_states_a_figure_that_the_agreement_does_not(
    shipped: Shipped, language: Language
) -> None:
    invented = {}
    count = 0
    for entry, said in answers(shipped, language):
        if language == "en":
            persian = views.entry_reply(shipped.words["fa"], shipped.catalogue, entry, 1, TODAY)
            judged = Said("sendMessage", persian.as_params())
        else:
            judged = said
        if not rests_on_the_agreement_alone(entry, judged, shipped):
            continue
        count += 1
        agreement = shipped.catalogue.published_by(entry.office_id).agreement
        found = figures(said.text, jalali_day(agreement.checked_on, language))
        if found:
            invented[entry.id] = found
    assert count > 100
    assert not invented


def test_the_search_for_figures_finds_them() -> None:
    assert figures("ظرف ۳ روز، حداکثر ۱۰٬۰۰۰ ریال", CHECKED) == ["3", "10٬000"]
    assert figures("تا ده روز کاری", CHECKED) == ["ده روز"]
    assert figures("within two weeks", CHECKED) == ["two weeks"]
    assert figures("۲۴ ساعت، ۷ روز، KN-27، ۲۹ اسفند ۱۴۰۲؛ ۱ آذر ۱۴۰۵", CHECKED) == []


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_answer_is_whole_and_says_where_it_comes_from(
    shipped: Shipped, language: Language
) -> None:
    for entry, said in answers(shipped, language):
        assert not faults_of(said), entry.id
        assert "home" in said.presses, entry.id
        if entry.clause_ids or entry.service_id is not None:
            assert "📌" in said.text, entry.id


def test_every_clause_is_named_with_document_validity_and_last_check(shipped: Shipped) -> None:
    for entry, said in answers(shipped, "fa"):
        agreement = shipped.catalogue.published_by(entry.office_id).agreement
        if not entry.clause_ids or "شناسنامه" in said.text:
            continue  # beside a card that speaks for itself, few clauses are quoted
        source = plain(said.text).partition("📌")[2]
        assert entry.clause_ids[0] in source, entry.id
        assert agreement.short_title.fa in source, entry.id
        assert "معتبر تا" in source, entry.id
        assert jalali_day(agreement.checked_on, "fa") in source, entry.id


def test_an_ended_agreement_is_marked_in_every_answer_that_rests_on_it(shipped: Shipped) -> None:
    kanoon = [said for entry, said in answers(shipped, "fa") if entry.id.startswith("KN-")]
    assert len(kanoon) > 20
    for entry, said in answers(shipped, "fa"):
        is_marked = "⚠️" in said.text
        if entry.office_id == "mazandaran":
            assert not is_marked, entry.id
        elif "KN-" in said.text or entry.facet is Facet.AGREEMENT:
            assert is_marked, entry.id
            assert "۲۹ اسفند ۱۴۰۲" in said.text, entry.id


def test_two_entries_with_one_name_are_never_offered_side_by_side(shipped: Shipped) -> None:
    words = shipped.words["fa"]
    labels: dict[str, str] = {}
    doubled = []
    for entry in shipped.answerer.entries:
        label = views.entry_label(words, shipped.catalogue, entry, names_office=True)
        if label in labels:
            doubled.append((labels[label], entry.id))
        labels[label] = entry.id
    assert not doubled
