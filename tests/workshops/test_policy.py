"""What an office decided about its workshops holds, and what is usual for the rest."""

from dataclasses import replace

from bot.catalogue.model.desk import WorkshopPolicy
from bot.workshops.model import DEFAULT_POLICY
from bot.workshops.rules.policy import policy_of
from tests.digests.support import desk_policy


def test_an_office_that_decided_nothing_does_as_is_usual() -> None:
    assert policy_of(desk_policy()) == DEFAULT_POLICY


def test_what_was_decided_holds_and_the_rest_is_as_usual() -> None:
    decided = WorkshopPolicy(hold_minutes=45, reschedule_notice_hours=0)
    desk = desk_policy().model_copy(update={"workshops": decided})
    expected = replace(DEFAULT_POLICY, hold_minutes=45, reschedule_notice_hours=0)
    assert policy_of(desk) == expected
