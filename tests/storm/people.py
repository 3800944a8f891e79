"""People of a storm at the desk: each looks at their own screen, and does the next thing there.

They know nothing of the bot's deaths. Whatever they say carries a mark that is found nowhere else.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.kit.tracking import code_in, shown
from bot.kit.words import load_words
from bot.simulator import Simulator
from tests.day_support import ROOT, buttons, text_of

Message = dict[str, Any]
KINDS = ("outage", "complaint", "question")
SENT = "🔖"  # stands on a receipt
_words = load_words(ROOT / "locale")["fa"].gettext
ECHOES = (
    _words("✅ Added; the office has it now."),
    _words("🔁 It is open again, and the office has your words."),
)
_PATIENCE = 150  # turns, after which a person begins again


@dataclass
class Screen:
    """A chat as one person sees it, and what they have already answered in it."""

    simulator: Simulator
    key: str
    chat: int
    random: random.Random
    marks: Iterator[int]
    answered: set[tuple[int, str]] = field(default_factory=set)
    updates: list[tuple[int, int, str]] = field(default_factory=list)

    def messages(self) -> list[Message]:
        return [one for one in self.simulator.messages(self.chat) if one["from"]["is_bot"]]

    def last_id(self) -> int:
        return max(one["message_id"] for one in self.simulator.messages(self.chat))

    def mark(self, letter: str) -> str:
        """Something that is said once in a storm."""
        return f"نوشته {letter}{next(self.marks)}{letter} درباره نوبت‌ها"

    def say(self, text: str, reply_to: Message | None = None) -> None:
        number = None if reply_to is None else reply_to["message_id"]
        self.simulator.say(self.key, text, chat=self.chat, reply_to=number)
        self._note(text)

    def press(self, message: Message, data: str, times: int = 1) -> None:
        for _ in range(times):
            self.simulator.press(self.key, message["message_id"], data, chat=self.chat)
            self._note(data)

    def is_news(self, message: Message) -> bool:
        """True once for each message, and again when it was edited."""
        shape = (message["message_id"], text_of(message) + "".join(buttons(message)))
        if shape in self.answered:
            return False
        self.answered.add(shape)
        return True

    def _note(self, deed: str) -> None:
        self.updates.append((self.simulator.last_update_id, self.chat, deed))


@dataclass
class Citizen(Screen):
    """Registers cases with an impatient finger, adds words, and says when it is not solved."""

    cases_max: int = 3
    state: str = "idle"
    text: str = ""
    about: str = ""
    registered: dict[str, str] = field(default_factory=dict)  # texts that were sent, with codes
    words: list[tuple[str, str]] = field(default_factory=list)  # codes and texts, as said
    tokens: set[str] = field(default_factory=set)  # of the flows that are over
    written_in: str = ""
    waited: int = 0
    since: int = 0  # what came before has nothing to do with what was said last

    @property
    def is_idle(self) -> bool:
        return self.state == "idle"

    def act(self, *, begins: bool = True) -> None:
        """Do the next thing, if there is one to do."""
        if self.is_idle:
            if begins:
                self._begin()
            return
        self.waited += 1
        {"filling": self._fill, "sent": self._look_for_receipt, "writing": self._look_for_echo}[
            self.state
        ]()

    def _begin(self) -> None:
        self.waited = 0
        codes = [code for code in self.registered.values() if code]
        if len(self.registered) < self.cases_max and (not codes or self.random.random() < 0.4):
            self.say("/case")
            self.state, self.text = "filling", self.mark("c")
            return
        if codes and self.random.random() < 0.5:
            self.about = self.random.choice(codes)
            receipt = next(one for one in self.messages() if self._is_receipt(one, self.about))
            text = self.mark("w")
            self.say(text, receipt)
            self.since = self.last_id()
            self.words.append((self.about, text))
            self.state = "writing"

    def _fill(self) -> None:
        """Answer the newest page of this flow; a crash may bring older ones once more."""
        if self.waited > _PATIENCE:
            self.waited = 0
            self.say("/case")
        pages = [one for one in self.messages() if self._token(one) not in {"", *self.tokens}]
        token = self._token(pages[-1]) if pages else ""
        flow = [one for one in reversed(pages) if self._token(one) == token]
        page = next((one for one in flow if self.is_news(one)), None)
        if page is None:
            return
        self.waited = 0
        offered = [data for data in buttons(page) if data[:3] == "kd:"]
        verbs = {data.split(":")[2]: data for data in offered}
        choices = (":o:kanoon", ":s:virtual-workshops", f":k:{self.random.choice(KINDS)}", ":u:-")
        chosen = next((data for data in offered if data.endswith(choices)), None)
        if chosen is not None:
            self.press(page, chosen)
        elif "y" in verbs:
            self.press(page, verbs["y"], times=self.random.choice((1, 2, 3)))
            self.registered[self.text] = ""
            self.tokens.add(token)
            self.state = "sent"
        elif self.written_in != token:  # a copy of the prompt asks for nothing more
            self.written_in = token
            self.say(self.text)

    def _token(self, page: Message) -> str:
        """The run of the flow that a page belongs to."""
        return next((d.split(":")[1] for d in buttons(page) if d[:3] == "kd:"), "")

    def _look_for_receipt(self) -> None:
        known = set(self.registered.values())
        for message in self.messages():
            code = code_in(text_of(message)) if SENT in text_of(message) else None
            if code is not None and code not in known:
                self.registered[self.text] = code
                self.state = "idle"

    def _is_receipt(self, message: Message, code: str) -> bool:
        return SENT in text_of(message) and shown(code) in text_of(message)

    def _look_for_echo(self) -> None:
        for message in self.messages():
            if message["message_id"] < self.since or shown(self.about) not in text_of(message):
                continue
            consent = [
                data for data in buttons(message) if data[:3] == "km:" and data[-2:] == ":y"
            ]
            if consent and self.is_news(message):
                self.press(message, consent[0])
                return
            said = text_of(message).partition("\n\n")[2]
            if said.startswith(ECHOES):
                self.state = "idle"


@dataclass
class Officer(Screen):
    """Takes cases, answers, asks and ends them; never speaks to one that they have ended."""

    plans: dict[str, list[str]] = field(default_factory=dict)  # by the number of the case
    answers: list[tuple[str, str]] = field(default_factory=list)  # numbers of cases and texts
    is_closing: bool = False

    @property
    def is_idle(self) -> bool:
        return not any(self.plans.values()) and not self.is_closing

    def meet(self, case_id: str) -> None:
        """Decide what will be done about a case."""
        steps = ["take"] * self.random.randrange(2) + ["reply"]
        steps += self.random.choice([[], ["reply"], ["ask"], ["end"], ["reply", "end"]])
        self.plans[case_id] = steps

    def act(self) -> None:
        waiting = [case_id for case_id, steps in self.plans.items() if steps]
        if self.is_closing:
            self._confirm()
        elif waiting:
            self._work(self.random.choice(waiting))

    def close_tomorrow(self) -> None:
        """Decide a closure; it is confirmed, twice over, as soon as the preview is there."""
        self.say("/close kanoon فردا برف سنگین")
        self.is_closing = True

    def _confirm(self) -> None:
        for message in reversed(self.messages()):
            for data in buttons(message):
                if data.startswith("cly:"):
                    self.press(message, data, times=2)
                    self.is_closing = False
                    return

    def _work(self, case_id: str) -> None:
        steps = self.plans[case_id]
        card = self._with(f"d:{case_id}:take:") or self._with(f"d:{case_id}:endings:")
        if card is None:
            return
        if steps[0] == "reply":
            text = self.mark("a")
            self.say(text, card)
            self.answers.append((case_id, text))
            steps.pop(0)
        elif steps[0] == "take":
            found = [data for data in buttons(card) if data == f"d:{case_id}:take:"]
            if found:
                self.press(card, found[0], times=self.random.choice((1, 2)))
            steps.pop(0)
        else:
            self._open_and(steps, case_id)

    def _open_and(self, steps: list[str], case_id: str) -> None:
        opening = {"ask": f"d:{case_id}:ask:", "end": f"d:{case_id}:endings:"}.get(steps[0])
        if opening is not None:
            card = self._with(opening)
            if card is not None:
                self.press(card, opening)
                steps[0] += f" {self.last_id()}"
            return
        if steps[0].startswith("end"):
            menu = self._with(f"d:{case_id}:end:done")
            if menu is not None:
                self.press(menu, f"d:{case_id}:end:done", times=self.random.choice((1, 2)))
                steps.pop(0)
            return
        self._ask(steps, case_id)

    def _ask(self, steps: list[str], case_id: str) -> None:
        code, since = self._code_of(case_id), int(steps[0].split(" ")[1])
        for message in self.messages():
            is_prompt = text_of(message).partition("\n\n")[2].startswith("❔")
            if message["message_id"] > since and is_prompt and code in text_of(message):
                text = self.mark("q")
                self.say(text, message)
                self.answers.append((case_id, text))
                steps.pop(0)
                return

    def _code_of(self, case_id: str) -> str:
        card = self._with(f"d:{case_id}:")
        assert card is not None
        code = code_in(text_of(card))
        assert code is not None
        return shown(code)

    def _with(self, beginning: str) -> Message | None:
        for message in reversed(self.messages()):
            if any(data.startswith(beginning) for data in buttons(message)):
                return message
        return None
