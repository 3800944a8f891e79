"""People of a storm who take what is kept of them along, have themselves erased, and come back.

Their cases are answered by nobody: what becomes of a case under work is tried elsewhere.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from bot.kit.tracking import code_in
from bot.kit.words import load_words
from handlers.callback_data.rights import ErasurePressed, Right, RightPressed
from handlers.views.rights.erasing import erased
from tests.day_support import ROOT, buttons, text_of
from tests.storm.people import SENT, Citizen, Message

_LETTER = "z"
_FILES = (RightPressed(Right.AS_DATA).pack(), RightPressed(Right.AS_PAGE).pack())
_SURELY = RightPressed(Right.ERASE_SURELY).pack()
_NOW = ErasurePressed("").pack()
_LIVES_MAX = 2  # as often as cases may be registered in an hour
_BESIDE = {"inbox", "outbox"}  # of presses after the erasure, until they are swept out


_GOODBYE = re.sub("<[^>]+>", "", erased(load_words(ROOT / "locale")["fa"]).text)


def is_of_a_leaver(card: Message) -> bool:
    """True where a case is one that no officer should plan to work on."""
    return f"نوشته {_LETTER}" in text_of(card)


@dataclass
class Leaver(Citizen):
    """Registers a case, takes the files, is erased by an impatient finger, and begins anew."""

    cases_max: int = 1
    erased: int = 0
    waits_since: int = 0

    def act(self, *, begins: bool = True) -> None:
        if self.is_idle and not begins:
            if self.registered:
                self._leave()  # nobody stays with a case that nobody answers
            elif not self.erased:
                self._begin()
            return
        if self.state == "taking":
            self._take()
            return
        if self.state in {"leaving", "sure", "going"}:
            self._go()
            return
        super().act(begins=begins)

    @property
    def is_gone(self) -> bool:
        """True where nothing of theirs is left to erase."""
        return self.is_idle and not self.registered and self.erased > 0

    def mark(self, letter: str) -> str:
        del letter
        return super().mark(_LETTER)

    def _begin(self) -> None:
        if not self.registered:
            if self.erased < _LIVES_MAX:
                super()._begin()
        elif self.random.random() < 0.5:
            self.say("/mydata")
            self.state, self.waits_since = "taking", self.last_id()
        else:
            self._leave()

    def _leave(self) -> None:
        self.say("/erase")
        self.state, self.waits_since = "leaving", self.last_id()

    def _news(self, data: str) -> tuple[Message, str] | None:
        for message in reversed(self.messages()):
            found = next((one for one in buttons(message) if one.startswith(data)), None)
            if message["message_id"] > self.waits_since and found and self.is_news(message):
                return message, found
        return None

    def _take(self) -> None:
        """Ask for one of the files, or for both; whether it comes is not waited for."""
        found = self._news(_FILES[0])
        if found is not None:
            for data in self.random.sample(_FILES, self.random.choice((1, 2))):
                self.press(found[0], data, times=self.random.choice((1, 2)))
            self.state = "idle"

    def _go(self) -> None:
        """Press each button once; a page that is said again would begin anew afterwards."""
        page = self._news(_SURELY) if self.state == "leaving" else None
        if page is not None:
            self.press(*page)
            self.state = "sure"
            return
        asked = self._news(_NOW) if self.state == "sure" else None
        if asked is not None:
            self.press(*asked, times=self.random.choice((1, 2, 3)))
            self.state = "going"
            return
        since = [one for one in self.messages() if one["message_id"] > self.waits_since]
        if any(text_of(one) == _GOODBYE for one in since):
            self.erased += 1
            self.registered.clear()
            self.state = "idle"

    def _look_for_receipt(self) -> None:
        """Take the receipt of this run; those of before lead nowhere any more."""
        for message in reversed(self.messages()):
            code = code_in(text_of(message)) if SENT in text_of(message) else None
            if code is not None and self.is_news(message):
                self.registered[self.text] = code
                self.state = "idle"
                return


def traces(connection: sqlite3.Connection, leavers: list[Leaver]) -> Iterator[str]:
    """Name what is left of those who are erased, in any cell of any table."""
    counted = connection.execute("SELECT count(*) FROM erasure").fetchone()[0]
    wanted = sum(one.erased for one in leavers)
    if counted != wanted:
        yield f"{counted} erasures, and {wanted} were asked for"
    numbers = {str(one.chat) for one in leavers if one.is_gone}
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    for (table,) in connection.execute(query).fetchall():
        if table in _BESIDE:
            continue
        for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - a table
            cells = " ".join(map(str, row))
            yield from (f"{one} still stands in {table}" for one in numbers if one in cells)
