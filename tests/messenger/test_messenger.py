"""From an update to its answer, with the real loops, a real file and a real connection."""

from bot.simulator import Simulator
from tests.messenger.support import EchoDesk, Start


async def test_an_update_is_answered(start: Start, simulator: Simulator) -> None:
    async with start(EchoDesk().desk()):
        simulator.say("sara", "hello")
        said = await simulator.next_message(simulator.world.person("sara").id)
    assert said["text"] == "echo hello"
