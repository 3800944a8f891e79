"""What must be true of the desk after a storm: of its file, and of what people have heard."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.cases.tables import said_words
from bot.kit.keyring_file import find_keyring
from bot.kit.tracking import code_in
from tests.day_support import buttons, moments_in, text_of
from tests.storm.desk_storm import DeskStorm
from tests.storm.leavers import traces
from tests.storm.oracle import Said, check_updates_and_file
from tests.storm.people import SENT, Citizen

_MARK = re.compile(r"نوشته ([acqw]\d+[acqw]) درباره نوبت‌ها")

_TOLD_AND_MARKED = {
    "digest": "SELECT (SELECT count(*) FROM outbox WHERE dedupe_key LIKE 'digest:%:0'),"
    " (SELECT count(*) FROM digest)",
    "rating": "SELECT (SELECT count(*) FROM outbox WHERE dedupe_key LIKE 'survey:%'),"
    " (SELECT count(*) FROM survey WHERE asked_at IS NOT NULL)",
}


@dataclass
class Findings:
    """What is broken, and how much there was of everything."""

    faults: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)


def look_at(storm: DeskStorm) -> Findings:
    """Compare what people said and heard with what the desk has kept."""
    findings = Findings()
    with closing(sqlite3.connect(storm.database)) as connection:
        keyring = find_keyring(storm.database.parent / "keyring.json")
        assert keyring is not None
        connection.create_function("opened", 2, partial(said_words.open, keyring))
        findings.faults += check_updates_and_file(storm.database, Said(storm.updates))
        findings.faults += [
            f"update {update_id} was given up: {error}"
            for update_id, error in connection.execute(
                "SELECT update_id, error FROM inbox WHERE state = 'dead'"
            )
        ]
        findings.faults += [
            f"message to {chat_id} was given up: {reason}"
            for chat_id, reason in connection.execute(
                "SELECT chat_id, reason FROM outbox WHERE state = 'dead'"
            )
        ]
        findings.faults += [
            fault for citizen in storm.citizens for fault in _citizen_faults(connection, citizen)
        ]
        findings.faults += list(_answer_faults(connection, storm))
        findings.faults += list(_mark_faults(connection))
        findings.faults += list(traces(connection, storm.leavers))
        findings.faults += list(_repetition_faults(connection, storm, findings.figures))
        _count(connection, storm, findings.figures)
    return findings


def _said(connection: sqlite3.Connection, *kinds: str) -> list[tuple[int, str, str, int]]:
    """Number, text, code and author of what was said in cases, in the order of keeping."""
    query = (
        "SELECT m.id, opened(m.text, m.id), c.tracking_code, c.author_id, m.kind"
        " FROM case_message m JOIN desk_case c ON c.id = m.case_id ORDER BY m.id"
    )
    return [row[:4] for row in connection.execute(query) if row[4] in kinds]


def _citizen_faults(connection: sqlite3.Connection, citizen: Citizen) -> Iterator[str]:
    kept = [row for row in _said(connection, "words") if row[3] == citizen.chat]
    texts = Counter(text for _, text, _, _ in kept)
    code_of = {text: code for _, text, code, _ in kept}
    for text, code in citizen.registered.items():
        if texts[text] != 1:
            yield f"{text} of {citizen.chat} was registered {texts[text]} times"
        elif code and code_of[text] != code:
            yield f"{text} of {citizen.chat} has the code {code_of[text]}, not {code}"
        elif not code:
            yield f"{text} of {citizen.chat} was registered without a receipt"
    for code, text in citizen.words:
        if texts[text] != 1 or code_of[text] != code:
            yield f"{text} of {citizen.chat} was added {texts[text]} times to {code}"
    wanted = [text for text in _marks_said(citizen) if text in texts]
    found = [text for _, text, _, _ in kept]
    if found != wanted:
        yield f"chat {citizen.chat} is kept as {found}, not {wanted}"


def _marks_said(citizen: Citizen) -> list[str]:
    """What a citizen said of cases, in the order in which it had to be kept."""
    sent: list[str] = []
    text = ""
    for _, _, deed in citizen.updates:
        if _MARK.search(deed):
            text = deed
            if deed in dict(map(reversed, citizen.words)):  # type: ignore[arg-type]
                sent.append(deed)
        elif ":y:" in deed and text not in sent:
            sent.append(text)
    return sent


def _answer_faults(connection: sqlite3.Connection, storm: DeskStorm) -> Iterator[str]:
    kept = _said(connection, "answer", "asked")
    texts = Counter(text for _, text, _, _ in kept)
    authors = {text: author for _, text, _, author in kept}
    for officer in storm.officers:
        for case_id, text in officer.answers:
            if texts[text] != 1:
                yield f"{text} to case {case_id} is kept {texts[text]} times"
        said = [text for _, text in officer.answers]
        found = [text for _, text, _, _ in kept if text in set(said)]
        if found != said:
            yield f"answers of {officer.key} are kept as {found}, not {said}"
    for citizen in storm.citizens:
        heard = [
            mark
            for message in citizen.messages()
            for mark in _MARK.findall(text_of(message))
            if mark[0] in "aq" and len(_MARK.findall(text_of(message))) == 1
        ]
        once = list(dict.fromkeys(heard))
        wanted = [
            _MARK.findall(text)[0] for _, text, _, _ in kept if authors[text] == citizen.chat
        ]
        if once != wanted:
            yield f"chat {citizen.chat} heard the answers {once}, not {wanted}"


def _mark_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Each warning, delay, digest and question is told for a mark of its own."""
    late = connection.execute("SELECT count(*) FROM case_event WHERE action = 'late'").fetchone()[
        0
    ]
    told = connection.execute(
        "SELECT count(*) FROM outbox WHERE dedupe_key LIKE 'late:%:citizen:%'"
    ).fetchone()[0]
    if told > late:
        yield f"{told} delays were told, and {late} were noted"
    for name, query in _TOLD_AND_MARKED.items():
        queued, marked = connection.execute(query).fetchone()
        if queued != marked:
            yield f"{name}: {queued} were told, and {marked} are noted as told"
    holes = connection.execute(
        "SELECT later.office_id, later.kind, later.covered_since FROM digest later"
        " JOIN digest earlier ON earlier.office_id = later.office_id"
        " AND earlier.kind = later.kind AND earlier.id = (SELECT max(id) FROM digest before"
        " WHERE before.office_id = later.office_id AND before.kind = later.kind"
        " AND before.id < later.id) WHERE earlier.covered_until <> later.covered_since"
    ).fetchall()
    yield from (f"a digest leaves out or repeats something: {hole}" for hole in holes)


def _repetition_faults(
    connection: sqlite3.Connection, storm: DeskStorm, figures: dict[str, int]
) -> Iterator[str]:
    """What has a mark of its own is heard once, but for what was on its way at a death.

    The outbox does not keep to which citizen it sent something, so those are looked at together.
    """
    again = dict(
        connection.execute(
            "SELECT chat_id = ?, sum(attempts - 1) FROM outbox WHERE attempts > 1 GROUP BY 1",
            [storm.simulator.group],
        )
    )
    figures["messages tried again"] = sum(again.values())
    citizens = [citizen.chat for citizen in storm.citizens]
    for is_group, chats in ((1, [storm.simulator.group]), (0, citizens)):
        marks = Counter(
            (chat_id, mark)
            for chat_id in chats
            for message in storm.simulator.messages(chat_id)
            if message["from"]["is_bot"] and (mark := _mark_of(message)) is not None
        )
        often = [mark for mark, count in marks.items() if count > 1]
        repeated = marks.total() - len(marks)
        figures["marks heard again"] = figures.get("marks heard again", 0) + repeated
        for _, (kind, *_) in marks:
            figures[f"heard: {kind}"] = figures.get(f"heard: {kind}", 0) + 1
        if repeated > again.get(is_group, 0):
            yield f"{repeated} things were heard again, more than were tried again: {often}"


def _mark_of(message: dict[str, Any]) -> tuple[str, ...] | None:
    """Name what a message says that may be said once; None where pages may come again."""
    text, moments = text_of(message), moments_in(message)
    code, pressed = code_in(text) or "", buttons(message)
    if SENT in text:
        return "receipt", code
    if text.startswith("🗞"):
        return "digest", text.partition("\n")[0], *moments[:2]
    if any(data.endswith(":escalate") for data in pressed) and "\n\n⏰" in text:
        return "delay", code, *moments
    rating = next((data for data in pressed if data.startswith("sv:")), None)
    if rating is not None:
        return "rating", rating
    found = _MARK.findall(text)
    return ("answer", found[0]) if len(found) == 1 and found[0][0] in "aq" else None


def _count(connection: sqlite3.Connection, storm: DeskStorm, figures: dict[str, int]) -> None:
    figures["updates"] = len(storm.updates)
    figures["people erased"] = sum(one.erased for one in storm.leavers)
    for name, query in (
        ("cases", "SELECT count(*) FROM desk_case"),
        ("words and answers kept", "SELECT count(*) FROM case_message"),
        ("messages sent", "SELECT count(*) FROM outbox WHERE state = 'sent'"),
        ("delays", "SELECT count(*) FROM case_event WHERE action = 'late'"),
        ("warnings", "SELECT count(*) FROM outbox WHERE dedupe_key LIKE 'warned:%'"),
        ("dates moved", "SELECT count(*) FROM case_event WHERE action = 'deadline_moved'"),
        ("digests", "SELECT count(*) FROM digest"),
        ("ratings asked", "SELECT count(*) FROM survey WHERE asked_at IS NOT NULL"),
    ):
        figures[name] = connection.execute(query).fetchone()[0]
