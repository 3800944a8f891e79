from __future__ import annotations

import asyncio
import json
from pathlib import Path
from time import process_time

import pytest

from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import Facet
from bot.catalogue.search import Answer, Answerer, Band, load_lexicon
from bot.catalogue.search.commands import answer_lines, read_file, search_lines
from bot.catalogue.search.evaluation import KnownQuestion, evaluate_questions
from bot.kit.errors import StartRefused

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "tests" / "data" / "questions.jsonl"
LEXICON = load_lexicon(ROOT / "data" / "lexicon")
CATALOGUE = load_catalogue(ROOT / "data" / "catalogue")
ANSWERER = Answerer(CATALOGUE, LEXICON)


def ask(text: str, office: str | None = None) -> Answer:
    return asyncio.run(ANSWERER.ask(text, office))


async def answered(lines: list[str | bytes]) -> list[dict[str, object]]:
    return [json.loads(line) async for line in answer_lines(lines, ANSWERER)]


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("تا کی می‌توانم دوره را حذف یا جابه‌جا کنم؟", "KN-27"),
        ("تا كي ميتونم دوره رو عوض كنم", "KN-27"),
        ("ta key mitunam dore ro hazf konam", "KN-27"),
        ("اگه کارگاه به حد نصاب نرسه پولم چی میشه", "KN-16"),
        ("توافقنامه كانون هنوز معتبر است؟", "KN-45"),
        ("اطلاعاتمو به کسی میدین؟", "MZ-18"),
    ],
)
def test_a_clause_is_found_in_whatever_way_it_is_asked_for(question: str, clause: str) -> None:
    offered = [ranked.entry.clause_ids for ranked in ask(question).ranked[:3]]
    assert any(clause in clause_ids for clause_ids in offered)


@pytest.mark.parametrize(
    ("question", "service", "facet"),
    [
        ("مدارک گواهینامه مهارت", "guild-skill-cert", Facet.DOCUMENTS),
        ("madarek azmun advari", "periodic-test", Facet.DOCUMENTS),
        ("هزینه کارگاه مجازی چنده", "virtual-workshops", Facet.COST),
        ("کانون ساعت کاریش چیه", None, Facet.HOURS),
    ],
)
def test_a_side_of_a_service_is_told_from_its_other_sides(
    question: str, service: str | None, facet: Facet
) -> None:
    best = ask(question).ranked[0].entry
    assert (best.service_id, best.facet) == (service, facet)


def test_the_office_named_comes_before_the_office_chosen() -> None:
    assert ask("ساعت کاری", "kanoon").ranked[0].entry.office_id == "kanoon"
    assert ask("ساعت کاری", "mazandaran").ranked[0].entry.office_id == "mazandaran"
    assert ask("ساعت کاری کانون", "mazandaran").ranked[0].entry.office_id == "kanoon"
    assert ask("ساعت کاری فنی حرفه‌ای", "kanoon").ranked[0].entry.office_id == "mazandaran"


@pytest.mark.parametrize(
    "question",
    [
        "هزینه گذرنامه چقدره؟",
        "وام ازدواج",
        "كارت سوخت المثني چه مداركي ميخواد",
        "gozarname chand rooze miad",
        "How do I renew my passport?",
        "فردا هوا چطوره؟",
        "asdf qwer zxcv",
        "😀😀😀",
        "",
        "؟",
    ],
)
def test_what_is_not_ours_is_not_answered(question: str) -> None:
    answer = ask(question)
    assert answer.band is not Band.ANSWER
    assert len(answer.ranked) >= 10


@pytest.mark.parametrize(
    "text", ["\ud800", "\x00", "ا" * 5000, "می " * 2000, "?" * 4096, "1" * 90]
)
def test_no_text_is_too_strange_to_be_asked(text: str) -> None:
    assert 0 <= ask(text).score <= 1


def test_what_is_not_for_citizens_is_never_offered() -> None:
    hidden = {
        clause.id
        for published in CATALOGUE.offices
        for clause in published.agreement.clauses
        if not clause.is_for_citizens
    }
    assert "KN-47" in hidden
    assert hidden.isdisjoint(entry.id for entry in ANSWERER.entries)


def test_the_parts_of_a_service_inherit_the_clauses_of_what_stands_above_it() -> None:
    by_id = {entry.id: entry for entry in ANSWERER.entries}
    published = CATALOGUE.offices[0]
    child = next(service for service in published.services if service.parent is not None)
    entry = by_id[f"{published.office.id}/{child.id}/laws"]
    assert entry.clause_ids
    assert entry.facet is Facet.LAWS


def test_every_entry_is_known_by_an_id_of_its_own() -> None:
    ids = [entry.id for entry in ANSWERER.entries]
    assert len(set(ids)) == len(ids)


def test_the_same_question_gets_the_same_answer_from_memory() -> None:
    first = ask("هزینه کارگاه مجازی چقدر است؟")
    assert ask("هزینهٔ كارگاه مجازی چقدر است؟") is first
    assert ask("هزینه کارگاه مجازی چقدر است؟", "kanoon") is not first


def test_a_question_takes_a_few_milliseconds() -> None:
    questions = [line.text for line in read_file(QUESTIONS, KnownQuestion)][:200]
    answerer = Answerer(CATALOGUE, LEXICON)

    async def all_of_them() -> None:
        for question in questions:
            await answerer.ask(question)

    began = process_time()
    asyncio.run(all_of_them())
    assert (process_time() - began) / len(questions) < 0.015


def test_known_questions_are_answered_as_well_as_promised() -> None:
    questions = read_file(QUESTIONS, KnownQuestion)
    report = asyncio.run(evaluate_questions(questions, ANSWERER))
    assert report.all.first / report.all.count >= 0.90
    assert report.all.near_the_top / report.all.count >= 0.95
    assert report.false_answers <= 5
    assert report.too_sure == 0
    assert any("R@1" in line for line in report.lines())


async def test_questions_are_answered_a_line_each() -> None:
    lines = ['{"id": "a", "text": "مدارک گواهینامه مهارت"}', "\n", b'{"id":"b","text":"x","y":1}']
    first, second = await answered(lines)
    assert first["id"] == "a"
    assert first["answered"] is (first["band"] == "answer")
    ranked = first["ranked"]
    assert isinstance(ranked, list)
    assert len(ranked) >= 10
    assert ranked[0] == {
        "id": "mazandaran/guild-skill-cert/documents",
        "office": "mazandaran",
        "service": "guild-skill-cert",
        "facet": "documents",
        "clauses": ["MZ-19", "MZ-20"],
    }
    assert second["answered"] is False


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "this is not a line of JSON"),
        ('{"id": "a"}', "text: Field required"),
        ('{"id": 1, "text": "x"}', "id: Input should be a valid string"),
        (b"\xff\xfe", "not"),
        ("[]", "Input should be an object"),
    ],
)
async def test_a_bad_line_is_told_with_its_number(line: str | bytes, complaint: str) -> None:
    with pytest.raises(StartRefused) as refused:
        await answered(['{"id": "a", "text": "x"}', line])
    assert refused.value.faults[0].startswith("standard input:2: ")
    assert complaint in refused.value.faults[0]


def test_passages_of_any_kind_are_ranked_for_queries(tmp_path: Path) -> None:
    passages, queries = tmp_path / "p.jsonl", tmp_path / "q.jsonl"
    passages.write_text(
        '{"id": "p1", "text": "کیف پول"}\n{"id": "p2", "title": "دوربین", "text": "دیوار"}\n',
        "utf-8",
    )
    queries.write_text('{"id": "q", "text": "دوربین", "variant": "mix"}\n', "utf-8")
    (line,) = search_lines(passages, queries, LEXICON)
    found = json.loads(line)
    assert (found["id"], found["ranked"]) == ("q", ["p2", "p1"])
    assert 0 < found["score"] <= 1
    with pytest.raises(StartRefused):
        list(search_lines(passages, tmp_path / "gone.jsonl", LEXICON))
