"""How a person who is about to pay is answered: no chat is there, only yes or a line of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.messenger.contract import DirectCall
from bot.messenger.markup import plain_text
from handlers.views.errors import not_paid

if TYPE_CHECKING:
    from bot.kit.words import Words
    from handlers.context import Checkout

_UNITS_MAX = 200


def checkouts(query_id: object, checkout: Checkout | None, words: Words) -> list[DirectCall]:
    """Answer a wish to pay; nobody is left waiting, and what nobody has agreed to is refused."""
    if not isinstance(query_id, str):
        return []  # it cannot be answered, and the platform refuses it by itself
    params: dict[str, object] = {"pre_checkout_query_id": query_id}
    if checkout is not None and checkout.ok:
        params["ok"] = True
    else:
        error = not_paid(words) if checkout is None else checkout.error
        params |= {"ok": False, "error_message": _one_line(error)}
    return [DirectCall("answerPreCheckoutQuery", params, is_pressing=True)]


def _one_line(html: str) -> str:
    """Write words as they stand in the small window of a payment, cut where they are too long."""
    text = " ".join(plain_text(html).split())
    if len(text.encode("utf-16-le")) // 2 <= _UNITS_MAX:
        return text
    kept = text.encode("utf-16-le")[: 2 * (_UNITS_MAX - 1)].decode("utf-16-le", "ignore")
    return kept.rpartition(" ")[0] + "…"
