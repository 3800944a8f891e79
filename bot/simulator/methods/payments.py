"""Methods for bills: sending one, and agreeing to its payment in time."""

import re

from bot.simulator.errors import bad_request
from bot.simulator.methods.chats import TOO_OLD
from bot.simulator.methods.sending import deliver
from bot.simulator.state import World
from bot.simulator.wire import Json, Params

PAYLOAD_BYTES_MAX = 128
TITLE_MAX = 32
DESCRIPTION_MAX = 255
_CURRENCY = re.compile(r"[A-Z]{3}")
_STARS = "XTR"
_PAY_LABEL = "Pay"


def send_invoice(world: World, params: Params) -> Json:
    """Show a bill with a pay button."""
    title = _bounded(params, "title", TITLE_MAX)
    description = _bounded(params, "description", DESCRIPTION_MAX)
    payload = params.text("payload") or ""
    if not 1 <= len(payload.encode()) <= PAYLOAD_BYTES_MAX:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    currency = _currency(world, params)
    invoice = {
        "title": title,
        "description": description,
        "start_parameter": params.text("start_parameter") or "",
        "currency": currency,
        "total_amount": _total(params),
    }
    if not params.values.get("reply_markup"):
        pay = {"inline_keyboard": [[{"text": _PAY_LABEL, "pay": True}]]}
        params = Params({**params.values, "reply_markup": pay}, params.uploads)
    return deliver(world, params, {"invoice": invoice}, invoice_payload=payload).public


def answer_pre_checkout_query(world: World, params: Params) -> bool:
    """Agree to a payment, or refuse it with a word."""
    query_id = params.text("pre_checkout_query_id") or ""
    is_agreed = params.flag("ok")
    reason = params.text("error_message") or ""
    if not is_agreed and not reason:
        raise bad_request("error message must be non-empty")
    query = world.queries.get(query_id)
    is_late = query is None or world.clock() - query.asked_at > world.checkout_seconds
    if query is None or is_late or query.answer is not None:
        raise bad_request(TOO_OLD)
    query.answer = {"ok": is_agreed, "error_message": reason}
    world.events.add("checkout", query.chat_id, {"query_id": query_id, **query.answer})
    return True


def _bounded(params: Params, name: str, length_max: int) -> str:
    value = (params.text(name) or "").strip()
    if not 1 <= len(value) <= length_max:
        raise bad_request(f"{name.upper()}_INVALID")
    return value


def _currency(world: World, params: Params) -> str:
    currency = params.text("currency") or ""
    token = params.text("provider_token") or ""
    known = world.profile.currencies
    if _CURRENCY.fullmatch(currency) is None or (known is not None and currency not in known):
        raise bad_request("CURRENCY_INVALID")
    if (not token) != (currency == _STARS) or not token.startswith(world.profile.wallet_prefix):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    return currency


def _total(params: Params) -> int:
    prices = params.objects("prices", "prices")
    if not prices:
        raise bad_request("prices must be a non-empty Array of LabeledPrice")
    try:
        total = sum(int(price["amount"]) for price in prices)
    except (KeyError, OverflowError, TypeError, ValueError):
        raise bad_request("can't parse prices JSON object") from None
    if total <= 0:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return total
