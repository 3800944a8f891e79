"""What an office decided about its workshops, and what is usual where it decided nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.workshops.model import DEFAULT_POLICY

if TYPE_CHECKING:
    from bot.catalogue.model import DeskPolicy
    from bot.workshops.model import Policy


def policy_of(desk: DeskPolicy) -> Policy:
    """Read the policy of an office from its desk.yaml."""
    if desk.workshops is None:
        return DEFAULT_POLICY
    return replace(DEFAULT_POLICY, **desk.workshops.model_dump(exclude_none=True))
