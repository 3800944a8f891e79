"""The great storm: forty kills under load. Prints its seed first; the exit code says how it ended.

`--full` kills `python -m bot run` instead of the storm's own small bot: no update may be lost and
no message left unsaid; what a whole bot does with each update is its own tests' affair.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.storm.oracle import check_effects, check_invariants, check_updates_and_file
from tests.storm.storm import Storm


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--full", action="store_true", help="kill the whole bot")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.kills} kills", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "storm.sqlite3"
        storm = Storm(path, options.seed, options.kills, poison_share=0.01)
        if options.full:
            storm.poison_share = 0.0
            storm.command = (sys.executable, "-m", "bot", "run")
            storm.environment = {
                "MIZBAN_DATABASE_URL": f"sqlite+aiosqlite:///{path}",
                "MIZBAN_HEALTH_PORT": "0",
                "MIZBAN_SEMANTIC": "false",
            }
        began = time.monotonic()
        drained = asyncio.run(storm.rage())
        seconds = time.monotonic() - began
        if options.full:
            faults = check_updates_and_file(path, storm.said)
        else:
            faults = check_invariants(path, storm.simulator, storm.said)
            faults += check_effects(path, storm.said)
        repeated = storm.repeated_count()
    print(
        f"{len(storm.said.updates)} updates, {seconds:.0f} s, the last life took {drained:.1f} s"
    )
    if options.full:
        print("\n".join(faults) or "no update lost, no message left unsaid, the file is whole")
    else:
        print(f"messages said again: {repeated} (allowed, at-least-once)")
        print("\n".join(faults) or "nothing lost, nothing done twice, order kept")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
