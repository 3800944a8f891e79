"""The pace of sending, on a clock that a test turns."""

import random
from itertools import pairwise

from bot.messenger.limits import Limiter

GROUP = -5


def sent_at(limiter: Limiter, chat_ids: list[int], *, is_notice: bool = False) -> list[float]:
    """Send to these chats one after the other, each as soon as it is allowed."""
    now, moments = 1000.0, []
    for chat_id in chat_ids:
        while (delay := limiter.delay(chat_id, now, is_notice=is_notice)) > 0:
            now += delay + 1e-9
        moments.append(now)
    return moments


def most_within(moments: list[float], seconds: float) -> int:
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


def test_no_second_holds_more_than_the_platform_allows() -> None:
    moments = sent_at(Limiter(30), list(range(1, 3001)))
    assert most_within(moments, 1.0) <= 30
    assert 3000 / (moments[-1] - moments[0]) >= 0.97 * 30


def test_notices_come_evenly_and_use_nearly_all_that_is_allowed() -> None:
    moments = sent_at(Limiter(30), list(range(1, 601)), is_notice=True)
    gaps = [after - before for before, after in pairwise(moments)]
    assert min(gaps) > 0.03
    assert 599 / (moments[-1] - moments[0]) >= 0.97 * 30


def test_a_clock_that_is_a_little_late_each_time_costs_a_broadcast_nothing() -> None:
    limiter, now, moments = Limiter(30), 1000.0, []
    randomness = random.Random(1)
    for chat_id in range(1, 601):
        while (delay := limiter.delay(chat_id, now, is_notice=True)) > 0:
            now += delay + randomness.uniform(0.001, 0.005)
        moments.append(now)
    assert 599 / (moments[-1] - moments[0]) >= 0.97 * 30
    assert most_within(moments, 1.0) <= 30


def test_after_a_pause_notices_come_evenly_again() -> None:
    limiter = Limiter(30)
    assert limiter.delay(1, 1000.0, is_notice=True) == 0.0
    assert limiter.delay(2, 1005.0, is_notice=True) == 0.0
    assert limiter.delay(3, 1005.0, is_notice=True) > 0.03


def test_an_answer_waits_for_no_more_than_one_step_of_a_broadcast() -> None:
    limiter = Limiter(30)
    moments = sent_at(limiter, list(range(1, 101)), is_notice=True)
    assert limiter.delay(999, moments[-1] + 0.001) <= 0.08


def test_a_person_gets_three_at_once_and_then_one_a_second() -> None:
    moments = sent_at(Limiter(30), [7] * 13)
    assert moments[2] == moments[0]
    assert 9.9 <= moments[12] - moments[0] <= 10.1


def test_a_group_gets_no_more_than_twenty_a_minute() -> None:
    assert most_within(sent_at(Limiter(30), [GROUP] * 100), 60.0) <= 20


def test_a_429_holds_its_chat_as_long_as_the_longest_said() -> None:
    limiter = Limiter(30)
    limiter.pause(7, until=1010.0, now=1000.0)
    limiter.pause(7, until=1005.0, now=1001.0)
    assert limiter.delay(7, 1006.0) == 4.0
    assert limiter.delay(8, 1006.0) == 0.0


def test_a_429_from_two_chats_in_a_row_holds_everybody() -> None:
    limiter = Limiter(30)
    limiter.pause(7, until=1010.0, now=1000.0)
    limiter.pause(8, until=1005.0, now=1001.0)
    assert limiter.delay(9, 1002.0) == 3.0


def test_chats_long_silent_are_forgotten() -> None:
    limiter = Limiter(1_000_000)
    randomness = random.Random(1)
    for number in range(20_000):
        limiter.delay(randomness.randrange(1, 10**9), number * 1.0)
    assert len(limiter._free_at) <= 4097
