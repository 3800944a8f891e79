from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from time import process_time

import pytest

from bot.catalogue.loader import load_catalogue, notes
from bot.catalogue.model import CaseKind, WorkshopPolicy
from bot.kit.errors import StartRefused

SHIPPED = Path(__file__).parents[2] / "data" / "catalogue"


@pytest.fixture
def catalogue_dir(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "catalogue"))


def edit(directory: Path, file: str, old: str, new: str) -> int:
    """Replace the first occurrence of a text, and say on which line it stood."""
    path = directory / file
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def faults_of(directory: Path) -> list[str]:
    with pytest.raises(StartRefused) as refused:
        load_catalogue(directory)
    return refused.value.faults


def test_the_shipped_catalogue_loads_and_is_known_by_its_content(catalogue_dir: Path) -> None:
    catalogue = load_catalogue(SHIPPED)
    assert [published.office.id for published in catalogue.offices] == ["kanoon", "mazandaran"]
    assert sum(len(published.agreement.clauses) for published in catalogue.offices) == 78
    assert load_catalogue(catalogue_dir).version == catalogue.version
    edit(catalogue_dir, "kanoon/faq.yaml", "# ", "# Edited. ")
    assert load_catalogue(catalogue_dir).version != catalogue.version


def test_the_catalogue_loads_while_nobody_notices() -> None:
    load_catalogue(SHIPPED)
    best = min(_seconds_to_load() for _ in range(3))
    assert best < 0.15


def _seconds_to_load() -> float:
    began = process_time()
    load_catalogue(SHIPPED)
    return process_time() - began


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("kanoon/sla.yaml", "term: dated", "", "term: is missing"),
        ("kanoon/sla.yaml", "term: dated", "terms: dated", "terms: is not a field here"),
        ("kanoon/sla.yaml", "term: dated", "term: forever", "term: must be one of"),
        ("kanoon/sla.yaml", "valid_to: 2024-03-19", "valid_to: 1402/12/29", "must be a date such"),
        ("kanoon/sla.yaml", "valid_to: 2024-03-19", "valid_to: 20240319", "must be a date such"),
        (
            "kanoon/sla.yaml",
            "valid_to: 2024-03-19",
            "valid_to: 1402-12-29",
            "write the Gregorian",
        ),
        ("kanoon/sla.yaml", "valid_to: 2024-03-19", "valid_to: null", "a dated term has a last"),
        ("mazandaran/sla.yaml", "valid_to: null", "valid_to: 2027-01-01", "the term is perpetual"),
        ("kanoon/sla.yaml", "valid_from: null", "valid_from: 2025-01-01", "is before valid_from"),
        ("kanoon/sla.yaml", "id: KN-02", "id: KN-01", "is taken: 'KN-01' stands above"),
        ("kanoon/sla.yaml", "id: KN-02", "id: KN-2", "has the wrong shape"),
        ("kanoon/sla.yaml", "id: KN-02", "id: KN-02\n    id: KN-99", "is written twice"),
        ("kanoon/sla.yaml", "id: KN-02", "id: &a KN-02\n    url: *a", "refers to another place"),
        ("kanoon/sla.yaml", "id: KN-02", "id: !!str KN-02", "has a tag"),
        ("kanoon/sla.yaml", "term: dated", "\tterm: dated", "use spaces"),
        ("kanoon/sla.yaml", "term: dated", "term: [dated", "without its closing bracket"),
        ("kanoon/sla.yaml", "term: dated", "term: dated\n---\nterm: dated", "second document"),
        ("kanoon/sla.yaml", "term: dated", "? [term]\n: dated", "not plain text"),
        (
            "kanoon/office.yaml",
            "portal: kpf-lms",
            "portal: kpf-old",
            "names no address under urls",
        ),
        ("kanoon/office.yaml", "id: kanoon", "id: other", "must be the name of its folder"),
        ("kanoon/office.yaml", "  en: Kanoon\n", "", "short_name.en: is missing"),
        ("kanoon/office.yaml", "  en: Kanoon\n", "  en: ''\n", "short_name.en: is empty"),
        ("kanoon/office.yaml", "  en: Kanoon\n", "  en: 27\n", "must be text; put it in quotes"),
        ("kanoon/office.yaml", "  en: Kanoon\n", "  en:\n", "is empty, and may not be"),
        ("kanoon/services.yaml", "fa: کودکان", "fa: كودكان", "write the Persian one"),
        ("kanoon/services.yaml", "[KN-01, KN-13]", "[KN-01، KN-13]", "such as KN-27"),
        ("kanoon/services.yaml", "[KN-01, KN-13]", "[KN-01, KN-13", "without its closing bracket"),
        ("kanoon/services.yaml", "fa: کودکان", "fa: برای: کودکان", "a colon within the text"),
        ("kanoon/services.yaml", "code: null", "code:null", "look from line 11 on"),
        ("kanoon/office.yaml", "phones: null", "phones: ['09121234567']", "person's number"),
        ("kanoon/office.yaml", "phones: null", "phones: ['۰۰۱۳۵۴۲۴۱۹']", "national_id"),
        ("kanoon/office.yaml", "phones: null", "phones: 'one'", "must be a list"),
        ("kanoon/services.yaml", "parent: indirect-education", "parent: gone", "names no service"),
        ("kanoon/services.yaml", "KN-21", "KN-97", "names no clause of sla.yaml: 'KN-97'"),
        ("kanoon/faq.yaml", "service: virtual-workshops", "service: gone", "names no service"),
        ("kanoon/faq.yaml", "facet: ", "facet: x", "must be one of"),
    ],
)
def test_each_fault_is_told_with_its_file_its_line_and_what_to_do(
    catalogue_dir: Path, file: str, old: str, new: str, complaint: str
) -> None:
    line = edit(catalogue_dir, file, old, new)
    faults = faults_of(catalogue_dir)
    told = [fault for fault in faults if complaint in fault]
    assert told, faults
    assert told[0].startswith(f"catalogue/{file}:")
    told_line = int(told[0].split(":")[1])
    assert abs(told_line - line) <= 2 or "is missing" in complaint or "before" in complaint
    assert "\n" not in told[0]
    assert "pydantic" not in told[0]


def test_a_service_cannot_stand_above_itself(catalogue_dir: Path) -> None:
    top = "- id: indirect-education"
    edit(catalogue_dir, "kanoon/services.yaml", top, f"{top}\n  parent: virtual-workshops")
    assert any("leads back to this service" in fault for fault in faults_of(catalogue_dir))


def test_two_offices_cannot_share_the_id_of_a_clause(catalogue_dir: Path) -> None:
    edit(catalogue_dir, "kanoon/sla.yaml", "id: KN-02", "id: MZ-02")
    complaint = "is taken: 'MZ-02' stands in catalogue/kanoon/sla.yaml"
    assert any(complaint in fault for fault in faults_of(catalogue_dir))


def test_all_faults_are_told_at_once(catalogue_dir: Path) -> None:
    edit(catalogue_dir, "kanoon/sla.yaml", "term: dated", "term: x")
    edit(catalogue_dir, "mazandaran/office.yaml", "id: mazandaran", "id: other")
    faults = faults_of(catalogue_dir)
    assert any(fault.startswith("catalogue/kanoon/sla.yaml:") for fault in faults)
    assert any(fault.startswith("catalogue/mazandaran/office.yaml:") for fault in faults)


def test_a_missing_file_and_an_empty_folder_are_told(catalogue_dir: Path, tmp_path: Path) -> None:
    (catalogue_dir / "kanoon" / "faq.yaml").unlink()
    assert faults_of(catalogue_dir) == ["catalogue/kanoon/faq.yaml:1: the file is missing"]
    (tmp_path / "nothing").mkdir()
    assert "there is no office here" in faults_of(tmp_path / "nothing")[0]


def test_another_encoding_is_told_and_a_byte_order_mark_is_not(catalogue_dir: Path) -> None:
    path = catalogue_dir / "kanoon" / "faq.yaml"
    text = path.read_text("utf-8")
    path.write_bytes(text.encode("utf-8-sig"))
    load_catalogue(catalogue_dir)
    path.write_bytes(text.encode("utf-16"))
    assert "save it as UTF-8" in faults_of(catalogue_dir)[0]


@pytest.mark.parametrize("bomb", ["[" * 10_000, "{a: " * 5_000, "- " * 10_000, "a: &a [*a]"])
def test_a_file_made_to_fill_the_memory_is_refused(catalogue_dir: Path, bomb: str) -> None:
    (catalogue_dir / "kanoon" / "faq.yaml").write_text(bomb, "utf-8")
    assert len(faults_of(catalogue_dir)) == 1


def test_what_is_only_incomplete_is_noted() -> None:
    found = notes(load_catalogue(SHIPPED))
    assert any("KN-11: EMPTY_LIST" in note for note in found)
    assert any("fees is not stated" in note for note in found)
    assert all("\n" not in note for note in found)


def test_the_calendar_gets_the_hours_of_the_desk() -> None:
    published = load_catalogue(SHIPPED).published_by("kanoon")
    (usual, thursday) = published.hours
    assert usual.weekdays == {5, 6, 0, 1, 2}
    assert [(str(one.opens), str(one.closes)) for one in usual.windows] == [
        ("07:30:00", "12:30:00"),
        ("13:00:00", "14:30:00"),
    ]
    assert thursday.covers(date(2026, 11, 26))
    assert not usual.covers(date(2026, 11, 26))
    assert not any(hours.covers(date(2026, 11, 27)) for hours in published.hours)


def test_a_kind_of_case_without_a_target_has_that_of_all() -> None:
    desk = load_catalogue(SHIPPED).published_by("mazandaran").desk
    assert desk.target(CaseKind.CRITICISM) == desk.default
    assert desk.target(CaseKind.OUTAGE).first_response_minutes == 60


SECOND_WINDOW = 'opens: "13:00"'
THURSDAY = "weekdays: [thu]"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (SECOND_WINDOW, 'opens: "12:00"', "hours[1].windows[2].opens: is before the window above"),
        (SECOND_WINDOW, 'opens: "15:00"', "closes is not after opens"),
        ("weekdays: [sat,", "weekdays: [sun,", "hours[1].weekdays: names a day twice"),
        (THURSDAY, "weekdays: [thu, wed]", "hours[2].weekdays: has 'wed', which stands above"),
        (THURSDAY, "weekdays: []", "needs at least 1 item"),
        ("    valid_to: null", "    valid_to: 2025-03-20", "hours[1].valid_to: is before"),
        (
            "weekly_on: sat",
            "weekly_on: fri",
            "weekly_on: is 'fri', on which nobody is at the desk",
        ),
        ("warn_minutes: 60", "warn_minutes: 390", "default.warn_minutes: is not shorter"),
        ("resolution_minutes: 1950", "resolution_minutes: 60", "a response is due no later than"),
        ("id: apology", "id: thanks", "is taken: 'thanks' stands above"),
        ("  outage:", "  outages:", "must be one of"),
    ],
)
def test_a_fault_of_the_desk_is_told_with_its_place(
    catalogue_dir: Path, old: str, new: str, complaint: str
) -> None:
    edit(catalogue_dir, "kanoon/desk.yaml", old, new)
    faults = faults_of(catalogue_dir)
    assert all(fault.startswith("catalogue/kanoon/desk.yaml:") for fault in faults)
    assert any(complaint in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("decided", "complaint"),
    [
        ("hold_minutes: 0", "workshops.hold_minutes: must be at least 1"),
        ("group_max: 7", "workshops.group_max: must be at most 6"),
        ('offer_open_hours: "12"', "workshops.offer_open_hours: must be a whole number"),
        ("quorum_grace_hours: 1.5", "workshops.quorum_grace_hours: must be a whole number"),
        ("overdue_credit_rial: 100000001", "workshops.overdue_credit_rial: must be at most"),
        ("requires_national_id: 1", "workshops.requires_national_id: must be true or false"),
        ("hold_hours: 2", "workshops.hold_hours: is not a field here; check its spelling"),
        ("- hold_minutes", "workshops: must have named fields below it"),
    ],
)
def test_what_an_office_cannot_decide_about_workshops_is_refused_in_plain_words(
    catalogue_dir: Path, decided: str, complaint: str
) -> None:
    edit(catalogue_dir, "kanoon/desk.yaml", "wallet:", f"workshops:\n  {decided}\nwallet:")
    (fault,) = faults_of(catalogue_dir)
    assert fault.startswith("catalogue/kanoon/desk.yaml:")
    assert complaint in fault


def test_an_office_decides_about_its_workshops_what_it_likes(catalogue_dir: Path) -> None:
    decided = "workshops:\n  hold_minutes: 45\n  group_max: 2\n  requires_national_id: true"
    edit(catalogue_dir, "kanoon/desk.yaml", "wallet:", f"{decided}\nwallet:")
    desks = {one.office.id: one.desk for one in load_catalogue(catalogue_dir).offices}
    assert desks["kanoon"].workshops == WorkshopPolicy(
        hold_minutes=45, group_max=2, requires_national_id=True
    )
    assert desks["mazandaran"].workshops is None


def test_hours_that_follow_one_another_are_no_fault_and_an_end_of_all_is(
    catalogue_dir: Path,
) -> None:
    edit(catalogue_dir, "kanoon/desk.yaml", "valid_to: null", "valid_to: 2027-03-20")
    assert "weekly_on" in faults_of(catalogue_dir)[0]
    edit(catalogue_dir, "kanoon/desk.yaml", "weekly_on: sat", "weekly_on: thu")
    load_catalogue(catalogue_dir)
    edit(catalogue_dir, "kanoon/desk.yaml", "valid_to: null", "valid_to: 2027-03-20")
    assert "no date can be promised" in faults_of(catalogue_dir)[0]
