"""What must be true of the database and of the messenger after any storm."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.simulator import Simulator


@dataclass
class Said:
    """What people have said: update id, chat and text, in order."""

    updates: list[tuple[int, int, str]] = field(default_factory=list)

    def texts_by_chat(self, *, but: frozenset[str] = frozenset()) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for _, chat_id, text in self.updates:
            if text not in but:
                found[chat_id].append(text)
        return dict(found)


WAITING = (  # the updates and messages that still wait
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
    " + (SELECT count(*) FROM outbox WHERE state = 'queued')"
)


def waiting_count(path: Path) -> int:
    """Count the updates and messages that still wait."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(WAITING).fetchone()[0])


def received_count(path: Path) -> int:
    """Count the updates that have arrived."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM inbox").fetchone()[0])


def check_invariants(path: Path, simulator: Simulator, said: Said) -> list[str]:
    """List every promise that is broken; none should be."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            *_inbox_faults(connection, said),
            *_outbox_faults(connection),
            *_file_faults(connection),
            *_messages_faults(simulator, said, _dead_texts(connection, said)),
        ]


def check_updates_and_file(path: Path, said: Said) -> list[str]:
    """List what is broken whatever the bot does with its updates."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            *_inbox_faults(connection, said),
            *_outbox_faults(connection),
            *_file_faults(connection),
        ]


def check_effects(path: Path, said: Said) -> list[str]:
    """List the effects of the storm bot that are lost, repeated or out of order."""
    with closing(sqlite3.connect(path)) as connection:
        dead = _dead_texts(connection, said)
        logged: dict[int, list[str]] = defaultdict(list)
        query = "SELECT chat_id, op_key FROM effect_log ORDER BY id"
        for chat_id, op_key in connection.execute(query):
            logged[chat_id].append(op_key)
        kept = {row[0] for row in connection.execute("SELECT op_key FROM effect")}
    wanted = said.texts_by_chat(but=dead)
    faults = [
        f"I2/I4 effects of chat {chat_id}: {logged.get(chat_id)}, not {texts}"
        for chat_id, texts in wanted.items()
        if logged.get(chat_id) != texts
    ]
    lost = {text for texts in wanted.values() for text in texts} ^ kept
    return faults + [f"I2 effects lost or unwanted: {sorted(lost)}"] * bool(lost)


def _inbox_faults(connection: sqlite3.Connection, said: Said) -> list[str]:
    states = dict(connection.execute("SELECT update_id, state FROM inbox").fetchall())
    return [
        f"I1 update {update_id} is {states.get(update_id, 'lost')}"
        for update_id, _, _ in said.updates
        if states.get(update_id) not in {"done", "dead"}
    ]


def _outbox_faults(connection: sqlite3.Connection) -> list[str]:
    query = (
        "SELECT id, state FROM outbox WHERE state = 'queued'"
        " OR (state = 'dead' AND reason IS NULL) OR params IS NOT NULL"
    )
    return [f"I3 message {id_} is {state}" for id_, state in connection.execute(query)]


def _file_faults(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return [] if found == "ok" else [f"I5 {found}"]


def _dead_texts(connection: sqlite3.Connection, said: Said) -> frozenset[str]:
    dead = {
        row[0] for row in connection.execute("SELECT update_id FROM inbox WHERE state = 'dead'")
    }
    return frozenset(text for update_id, _, text in said.updates if update_id in dead)


def _messages_faults(simulator: Simulator, said: Said, dead: frozenset[str]) -> list[str]:
    faults = []
    for chat_id, texts in said.texts_by_chat(but=dead).items():
        heard = [
            str(message["text"])
            for message in simulator.messages(chat_id)
            if message["from"]["is_bot"]
        ]
        once = list(dict.fromkeys(heard))
        wanted = [f"echo {text}" for text in texts]
        if once != wanted:
            faults.append(f"I3/I4 chat {chat_id} heard {once}, not {wanted}")
    return faults
