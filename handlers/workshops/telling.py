"""Telling those in a line what a freed place became for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.workshops.model import Promotion, Workshop
    from handlers.context import DeskContext


async def tell_promoted(
    context: DeskContext, workshop: Workshop, promotions: Sequence[Promotion]
) -> None:
    """Tell each of them, once."""
    del context, workshop, promotions
