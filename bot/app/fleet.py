"""Several bots in one process: each with records, keys and a messenger of its own.

They have the words, the lexicon, the model of meanings, the loop and the ports in common, and
nothing of what people say. Where one cannot serve, the others do, and it is tried again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from bot.app.desk import serve
from bot.kit.errors import StartRefused
from bot.kit.logs import of_bot
from bot.messenger.waiting import news

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.app.content import Content
    from bot.app.desk import House
    from bot.messenger.health import Health
    from bot.messenger.messenger import Messenger
    from bot.settings import Bot

_logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS: Final = 5.0
PAUSE_MAX_SECONDS: Final = 300.0


@dataclass(eq=False)
class Berth:
    """One bot, and how it fares."""

    bot: Bot
    content: Content
    messenger: Messenger | None = None
    why_not: str = "it is being started"
    refusal: StartRefused | None = None
    opened_at: float | None = None  # by a clock that nobody sets; None where it was not opened

    async def look(self) -> Health | str:
        """Say how it is, or why it does not serve; never so that others cannot be told of."""
        if self.messenger is None:
            return self.why_not
        try:
            return await self.messenger.health()
        except Exception:
            with of_bot(self.bot.name):
                _logger.exception("this bot cannot be examined")
            return "it cannot be examined; see the log"


class Fleet:
    """Keeps every bot serving, whatever becomes of the others."""

    def __init__(self, house: House, berths: Sequence[Berth]) -> None:
        self._house = house
        self.berths = berths
        self._has_served = False

    async def keep(self, berth: Berth) -> None:
        """Have a bot serve until told to stop; what ends it before is told, and it begins anew."""
        stop, pause = self._house.stop, FIRST_PAUSE_SECONDS
        with of_bot(berth.bot.name):
            while not stop.is_set():
                berth.opened_at = None
                try:
                    await self._serve(berth)
                except StartRefused as refused:
                    self._note_refusal(berth, refused)
                except Exception:
                    berth.why_not = "a defect has ended it; see the log"
                    _logger.exception("a defect has ended this bot; it begins anew")
                if berth.opened_at is not None and monotonic() - berth.opened_at > pause:
                    pause = FIRST_PAUSE_SECONDS  # it has served; this is another day's trouble
                if not stop.is_set():
                    await news(stop, pause)
                pause = min(pause * 2, PAUSE_MAX_SECONDS)

    async def _serve(self, berth: Berth) -> None:
        def opened(messenger: Messenger) -> None:
            self._has_served = True
            berth.messenger, berth.refusal, berth.opened_at = messenger, None, monotonic()

        try:
            await serve(berth.bot.settings, berth.content, self._house, opened)
        finally:
            berth.messenger = None

    def _note_refusal(self, berth: Berth, refused: StartRefused) -> None:
        """Tell why a bot does not serve; where none ever did, the process ends with all faults."""
        berth.refusal, berth.why_not = refused, " ".join(refused.faults)
        for fault in refused.faults:
            _logger.error("this bot does not serve: %s", fault)
        if not self._has_served and all(one.refusal is not None for one in self.berths):
            self._house.stop.set()

    def ensure_served(self) -> None:
        """Raise StartRefused where no bot could be started."""
        if not self._has_served:
            faults = [
                f"{one.bot.name}: {fault}"
                for one in self.berths
                if one.refusal is not None
                for fault in one.refusal.faults
            ]
            if faults:
                raise StartRefused(faults)
