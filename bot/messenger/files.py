"""Files that are made just before they are sent, so that what is in them is not kept in a queue.

A parameter `{"made_of": "payout_batch", "id": 5, "name": "batch.xlsx", …}` is such a file.
"""

from typing import Final

from bot.messenger.contract import Render

_REASON_MAX: Final = 200


async def make_files(params: dict[str, object], render: Render | None) -> str | None:
    """Put files in the places of their descriptions; says why that is no longer possible."""
    for name, value in params.items():
        if not isinstance(value, dict) or "made_of" not in value:
            continue
        kind, id_ = str(value["made_of"]), value["id"]
        content = None if render is None else await render(kind, id_, value)
        if content is None:
            return f"there is no {kind} {id_} to be sent any more"[:_REASON_MAX]
        params[name] = {"file_name": value["name"], "file_bytes": content}
    return None
