"""How the simulated Bot API refuses: the codes and the very words the real one uses."""

from collections.abc import Mapping


class ApiError(Exception):
    """A refusal the bot sees as `ok: false`."""

    def __init__(
        self, code: int, description: str, parameters: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters


class PersonError(ValueError):
    """What a person tried cannot be done in the messenger."""


def bad_request(reason: str) -> ApiError:
    """Answer 400."""
    return ApiError(400, f"Bad Request: {reason}")


def cant_parse(reason: str) -> ApiError:
    """Answer 400 to a text whose formatting cannot be read."""
    return bad_request(f"can't parse entities: {reason}")


def forbidden(reason: str) -> ApiError:
    """Answer 403."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Answer 409."""
    return ApiError(409, f"Conflict: {reason}")


def not_found() -> ApiError:
    """Answer 404, as for a method that does not exist."""
    return ApiError(404, "Not Found")


def too_many_requests(retry_after: int) -> ApiError:
    """Answer 429 and say when to come back, in seconds."""
    return ApiError(
        429,
        f"Too Many Requests: retry after {retry_after}",
        {"retry_after": retry_after},
    )


def migrated(new_chat_id: int) -> ApiError:
    """Answer 400 for a group that has become a supergroup."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat_id},
    )
