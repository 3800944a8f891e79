"""A pocket messenger with a chat page: tries the bot with no token and no network.

It speaks the Bot API over HTTP as far as the help desk uses it, as strictly as the real one,
and knows nothing of the help desk.
"""

from bot.simulator.faults import FaultKind
from bot.simulator.profiles import BALE, PROFILES, TELEGRAM, Profile
from bot.simulator.simulator import DEMO_TOKEN, Simulator

__all__ = ["BALE", "DEMO_TOKEN", "PROFILES", "TELEGRAM", "FaultKind", "Profile", "Simulator"]
