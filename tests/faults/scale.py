"""How much chance a run gives to faults: a little every day, much in `make storm`."""

import os
import random

IS_LONG = os.environ.get("FAULTS") == "long"


def many(short: int, long: int) -> int:
    """So often every day, and so often in a storm."""
    return long if IS_LONG else short


PATIENCE = many(120, 1_800)
"""The seconds that one test may take."""


def chance() -> random.Random:
    """Draw as FAULTS_SEED says, or anew; the seed is printed, to repeat what broke a promise."""
    seed = int(os.environ.get("FAULTS_SEED") or random.randrange(1_000_000))
    print(f"seed {seed}", flush=True)  # noqa: T201 - it is shown where a test fails
    return random.Random(seed)
