"""Random lives of the wallet, played beside somebody who keeps books of their own."""

from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

_USUAL_EXAMPLES = 100
Play = Callable[[set[str]], RuleBasedStateMachine]


def lives_compared(play: Play, count: int) -> int:
    """Play so many lives, or more in a long run; gives in how many both were compared.

    A life puts its name into the set when what was asked and what was kept have been compared.
    """
    lives: set[str] = set()
    run_state_machine_as_test(
        lambda: play(lives),
        settings=settings(
            max_examples=count * max(1, settings().max_examples // _USUAL_EXAMPLES),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    return len(lives)
