"""Runs the whole bot at another time of day, for storms in which days pass.

`python desk_bot.py <seconds since the epoch>` is `python -m bot run` begun at that moment. The
simulator has no pace to keep, so a group may be told as much in a minute as a storm has to say.
"""

import runpy
import sys

import time_machine

from bot.messenger import limits


def main() -> None:
    """Begin at the moment that is named, and let time pass from there."""
    moment = float(sys.argv[1])
    limits._PRIVATE_SECONDS = limits._GROUP_SECONDS = 0.02  # type: ignore[misc]
    sys.argv[1:] = ["run"]
    with time_machine.travel(moment, tick=True):
        runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
