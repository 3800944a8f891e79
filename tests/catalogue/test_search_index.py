from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.model import Facet
from bot.catalogue.search import Passage, PassageIndex, load_lexicon
from bot.catalogue.search.encoder import Vectors, encoded
from bot.catalogue.search.evaluation import evaluate_passages
from bot.catalogue.search.finglish import Transliterator
from bot.catalogue.search.rewriting import Phrases, Rewriter, spans
from bot.catalogue.search.spelling import Speller
from bot.kit.errors import StartRefused

ROOT = Path(__file__).parents[2]
PQUAD = ROOT.parent / "shared" / "retrieval" / "pquad"
LEXICON = load_lexicon(ROOT / "data" / "lexicon")
PASSAGES = [
    Passage("wallet", "هزینه دوره به کیف پول برمی‌گردد"),
    Passage("camera", "پشت سر شما دیوار باشد و دوربین روشن"),
    Passage("hours", "ساعت کاری اداره از شنبه تا چهارشنبه"),
]
INDEX = PassageIndex(PASSAGES, LEXICON)


class LetterCounts:
    """An encoder for tests: the vector of a text counts its letters."""

    name = "letters"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def questions(self, texts: list[str]) -> Vectors:
        return self.passages(texts)

    def passages(self, texts: list[str]) -> Vectors:
        self.encoded += texts
        vectors = np.array(
            [[text.count(letter) + 0.01 for letter in "ابپتدرسشمنهوی"] for text in texts],
            dtype=np.float32,
        )
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("کيف پول", "wallet"),
        ("كيفپول چیست", "wallet"),
        ("دوربنی", "camera"),
        ("ساعتکاری", "hours"),
        ("ساعت‌های کاری", "hours"),
    ],
)
def test_slips_and_lost_spaces_do_not_hide_a_passage(question: str, best: str) -> None:
    assert INDEX.ranked(question)[0][0] == best


@given(st.text(max_size=60))
def test_every_score_lies_between_nothing_and_everything(question: str) -> None:
    scores = INDEX.scores(question)
    assert scores.dtype == np.float32
    assert scores.min() >= 0
    assert scores.max() <= 1.0001


def test_words_that_no_passage_has_lower_the_score() -> None:
    assert INDEX.scores("کیف پول").max() > INDEX.scores("کیف پول گذرنامه مترو").max()


def test_nothing_asked_and_nothing_held_are_no_fault() -> None:
    assert INDEX.scores("").max() == 0
    empty = PassageIndex([], LEXICON)
    assert empty.ranked("هزینه") == []
    assert PassageIndex([Passage("a", "")], LEXICON).ranked("هزینه") == [("a", 0.0)]


def test_equal_scores_keep_the_given_order() -> None:
    twins = PassageIndex([Passage("b", "کیف پول"), Passage("a", "کیف پول")], LEXICON)
    assert [passage_id for passage_id, _score in twins.ranked("کیف پول")] == ["b", "a"]


def test_meaning_adds_to_words(tmp_path: Path) -> None:
    plain = INDEX.scores("دوربین")
    meant = PassageIndex(PASSAGES, LEXICON, LetterCounts(), tmp_path).scores("دوربین")
    assert not np.allclose(plain, meant)


def test_vectors_are_encoded_once_and_kept_on_disk(tmp_path: Path) -> None:
    first, second = LetterCounts(), LetterCounts()
    before = encoded(["یک", "دو"], first, tmp_path)
    after = encoded(["دو", "سه", "یک"], second, tmp_path)
    assert second.encoded == ["سه"]
    assert np.array_equal(after[[2, 0]], before)


@pytest.mark.parametrize("damage", [b"", b"not a zip", b"PK\x03\x04half"])
def test_a_damaged_store_of_vectors_costs_time_only(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "letters.npz").write_bytes(damage)
    assert encoded(["یک"], LetterCounts(), tmp_path).shape == (1, 13)
    assert "not used" in caplog.text
    assert encoded(["یک"], LetterCounts(), tmp_path / "letters.npz").shape == (1, 13)


def test_phrases_are_replaced_whether_their_gaps_are_kept_or_lost() -> None:
    rewriter = Rewriter({"طول میکشه": "مدت زمان", "چقد": "چقدر"})
    for typed in (["چقد", "طول", "می", "کشه"], ["چقد", "طولمیکشه"]):
        assert rewriter.rewritten(typed) == ["چقدر", "مدت", "زمان"]


def test_names_are_found_whole_and_words_with_their_endings() -> None:
    assert Phrases(["هزینه"], LEXICON.stemmer).found_among(
        spans(["هزینه", "هاش"], LEXICON.stemmer)
    )
    assert Phrases(["هزینه"], LEXICON.stemmer).found_among(spans(["هزینش"], LEXICON.stemmer))
    names = Phrases(["سنجش", "کانون پرورش"], LEXICON.stemmer, are_names=True)
    assert not names.found_among(spans(["نظر", "سنجی"], LEXICON.stemmer))
    assert names.left_out(["کارت", "کانون", "پرورش"]) == ["کارت"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("دوربنی", "دوربین"),
        ("دوربن", "دوربین"),
        ("دووربین", "دوربین"),
        ("دورپین", "دوربین"),
        ("بنزین", "بنزین"),
        ("دور", "دور"),
        ("دربن", "دربن"),
    ],
)
def test_one_slip_is_mended_and_more_are_left(typed: str, meant: str) -> None:
    assert Speller(["دوربین", "کلاس"], never_meant=["بنزین"]).mended([typed]) == [meant]


def test_in_a_short_word_only_letters_that_sound_alike_are_mistaken() -> None:
    speller = Speller(["ادرس", "زمان"], sounds={"س": "s", "ص": "s", "م": "m", "ب": "b"})
    assert speller.mended(["ادرص", "زبان"]) == ["ادرس", "زبان"]


def test_a_slip_between_two_words_is_left_alone() -> None:
    assert Speller(["کلاس", "پلاس"]).mended(["لاس", "ملاس"]) == ["لاس", "ملاس"]


@pytest.mark.parametrize(
    ("latin", "persian"),
    [
        ("madaarek", "مدارک"),
        ("ghesse", "قصه"),
        ("ozviyat", "عضویت"),
        ("ozviatesh", "عضویت"),
        ("kpf", "kpf"),
        ("xyzzy", "xyzzy"),
    ],
)
def test_latin_spellings_find_the_words_of_the_catalogue(latin: str, persian: str) -> None:
    known = ["مدارک", "عضویت", "قصه\u200cگویی", "قصه", "نشانی", "kpf"]
    transliterator = Transliterator(known, LEXICON.letters, LEXICON.latin_endings)
    assert transliterator.persian([latin]) == [persian]


def test_a_question_tells_which_side_it_asks_for() -> None:
    assert LEXICON.facets_in(["چه", "مدارکی", "لازم"]) == {Facet.DOCUMENTS}
    assert LEXICON.facets_in(["how", "much"]) == {Facet.COST}


def test_faults_of_the_lexicon_are_told_with_file_and_line(tmp_path: Path) -> None:
    for file in (ROOT / "data" / "lexicon").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "colloquial.yaml").write_text("چقد: [چقدر]\n", "utf-8")
    scoring = (tmp_path / "scoring.yaml").read_text("utf-8")
    (tmp_path / "scoring.yaml").write_text(scoring.replace("stems: 0.2", "stems: 2"), "utf-8")
    with pytest.raises(StartRefused) as refused:
        load_lexicon(tmp_path)
    assert len(refused.value.faults) == 2
    assert all(".yaml:" in fault for fault in refused.value.faults)


def test_the_public_collection_is_answered_as_well_as_promised() -> None:
    if not PQUAD.is_dir():
        pytest.skip("the public collection is not on this machine")
    tallies = evaluate_passages(PQUAD, LEXICON)
    assert tallies["clean"].first / tallies["clean"].count >= 0.94
    assert tallies["mix"].first / tallies["mix"].count >= 0.91


def test_the_shares_of_the_fields_add_up() -> None:
    scoring = LEXICON.scoring
    assert scoring.stems + scoring.grams + scoring.runs == pytest.approx(1)


def test_words_without_end_are_not_remembered() -> None:
    """What strangers write without a gap has a thousand terms, and comes but once."""
    joined = "".join("".join(passage.text.split()) for passage in PASSAGES)
    INDEX.scores(joined)
    tracemalloc.start()
    for number in range(20):
        INDEX.scores(joined[number:] * 10)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 500_000
