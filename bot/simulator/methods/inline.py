"""Asking a bot from within another chat: only what its answer must be like is looked at."""

from bot.simulator.errors import bad_request
from bot.simulator.html import parse_html
from bot.simulator.methods.chats import TOO_OLD
from bot.simulator.state import World
from bot.simulator.wire import Json, Params

RESULTS_MAX = 50
ID_BYTES_MAX = 64
TEXT_UNITS_MAX = 4096
ANSWERED_SECONDS_MAX = 30


def answer_inline_query(world: World, params: Params) -> bool:
    """Take the results for a question, once and in time."""
    query = world.queries.get(params.text("inline_query_id") or "")
    results = params.objects("results", "results") or []
    if len(results) > RESULTS_MAX:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [str(one.get("id", "")) for one in results]
    if any(not 1 <= len(id_.encode()) <= ID_BYTES_MAX for id_ in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for one in results:
        _see(one)
    is_late = query is None or world.clock() - query.asked_at > ANSWERED_SECONDS_MAX
    if query is None or is_late or query.answer is not None:
        raise bad_request(TOO_OLD)
    query.answer = {"results": results, "cache_time": params.integer("cache_time")}
    return True


def _see(result: Json) -> None:
    if result.get("type") != "article" or not result.get("title"):
        raise bad_request("RESULT_TYPE_INVALID")
    content = result.get("input_message_content")
    if not isinstance(content, dict):
        raise bad_request("MESSAGE_EMPTY")
    text = content.get("message_text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("MESSAGE_EMPTY")
    shown = parse_html(text)[0] if content.get("parse_mode") == "HTML" else text
    if len(shown.encode("utf-16-le")) // 2 > TEXT_UNITS_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
