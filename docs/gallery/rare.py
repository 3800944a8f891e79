"""What no scene says: each view of handlers/views, drawn with values of the right types.

It is played like a test, after the scenes; where drawn values do not go together, a view may
refuse them. The same values are drawn each time.
"""  # noqa: INP001 - beside the documentation, in no package

import inspect
import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from types import ModuleType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel

from bot.catalogue.model import Catalogue, OfficeCatalogue, Service
from bot.kit.words import Language, Words
from handlers.reply import Reply
from tests.handlers.conftest import Shipped, shipped  # noqa: F401 - a fixture
from tests.handlers.support import NOW
from tests.handlers.test_every_word import VIEWS, named

TRIES = 60
DEEP = 6
CODE = "K7M2QR4XWZ"
TEXTS = (
    "کلاس دو بار قطع شد و کسی خبر نداد.",
    "نگارخانه و آموزشگاه هنرهای تجسمی Art Studio شماره ۲",
)
MODULES = {one.__name__.removeprefix("handlers.views."): one for one in VIEWS}
del MODULES["catalogue.proof"]  # it draws the whole catalogue, which the scenes show
HOURS = (-400, -30, -2, -1, 1, 2, 30, 400)


class Unknown(Exception):  # noqa: N818 - an answer
    """There is no way to draw a value of this type."""


UNFIT = (
    Unknown,
    AssertionError,
    AttributeError,
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
    StopIteration,
)
"""How values of the right types may fail to go together."""


class Drawing:
    """Draws values by their types, the same ones each time."""

    def __init__(self, held: Shipped, words: Words, seed: str) -> None:
        self.held, self.words, self.random = held, words, random.Random(seed)  # noqa: S311 - no secret

    def of(self, kind: Any, name: str = "", depth: int = 0) -> Any:  # noqa: ANN401 - any type
        """Draw a value."""
        kind = getattr(kind, "__supertype__", kind)
        origin, parts = get_origin(kind), get_args(kind)
        if depth > DEEP:
            raise Unknown(kind)
        if origin is Literal:
            return self.random.choice(parts)
        if origin in (UnionType, Union):
            return self.of(self.random.choice(parts), name, depth)
        if origin is not None:
            return self._many(origin, parts, name, depth)
        return self._plain(kind, name, depth)

    def _many(self, origin: Any, parts: Any, name: str, depth: int) -> Any:  # noqa: ANN401 - any type
        count = self.random.choice((0, 1, 2, 3))
        if issubclass(origin, dict) or origin.__name__ == "Mapping":
            keys = [self.of(parts[0], name, depth + 1) for _ in range(count)]
            return {key: self.of(parts[1], name, depth + 1) for key in keys}
        if origin is tuple and parts[-1] is not Ellipsis:
            return tuple(self.of(part, name, depth + 1) for part in parts)
        if origin.__name__ == "Callable":
            raise Unknown(origin)
        values = [self.of(parts[0], name, depth + 1) for _ in range(count)]
        return frozenset(values) if issubclass(origin, frozenset) else tuple(values)

    def _plain(self, kind: Any, name: str, depth: int) -> Any:  # noqa: ANN401 - any type
        made = self._known(kind, name)
        if made is not None:
            return made()
        if is_dataclass(kind):
            hints = get_type_hints(kind, localns=_names(kind))
            values = {
                one.name: self.of(hints[one.name], one.name, depth + 1)
                for one in fields(kind)
                if one.init
            }
            return kind(**values)
        if hasattr(kind, "__members__"):
            return self.random.choice(list(kind))
        raise Unknown(kind)

    def _known(self, kind: Any, name: str) -> Any:  # noqa: ANN401 - a maker of the type
        pick = self.random.choice
        moment = NOW + timedelta(hours=pick(HOURS))
        published = pick(self.held.catalogue.offices)
        ids = {
            "code": CODE,
            "tracking_code": CODE,
            "office_id": "kanoon",
            "service_id": published.services[0].id,
        }
        return {
            NoneType: lambda: None,
            bool: lambda: pick((True, False)),
            int: lambda: pick((0, 1, 2, 3, 7, 40, 500_000)),
            float: lambda: pick((1.0, 3.4, 4.9)),
            bytes: bytes,
            str: lambda: ids.get(name, pick(TEXTS)),
            datetime: lambda: moment,
            date: moment.date,
            time: moment.time,
            timedelta: lambda: timedelta(hours=pick((1, 5, 90))),
            Words: lambda: self.words,
            OfficeCatalogue: lambda: published,
            Service: lambda: pick(published.services),
            Catalogue: lambda: self.held.catalogue,
        }.get(kind)


@cache
def _names(kind: type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in kind.__mro__[::-1]:
        if one.__module__.startswith(("bot.", "handlers.")) and not issubclass(one, BaseModel):
            found |= named(import_module(one.__module__))
    return found


def views(module: ModuleType) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each function of a module that says something, with the types that it takes."""
    for _, function in inspect.getmembers(module, inspect.isfunction):
        said = str(function.__annotations__.get("return"))
        if function.__module__ == module.__name__ and said in {"str", "Reply", "list[str]"}:
            hints = get_type_hints(function, localns=named(module))
            hints.pop("return")
            yield function, hints


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("module", MODULES)
def test_drawn_with_samples(shipped: Shipped, module: str, language: Language) -> None:  # noqa: F811 - a fixture
    """Draw each view of a module a few times."""
    for function, hints in views(MODULES[module]):
        drawing = Drawing(shipped, shipped.words[language], function.__name__)
        for _ in range(TRIES):
            try:
                said = function(**{name: drawing.of(kind, name) for name, kind in hints.items()})
                text = "\n".join(said) if isinstance(said, list) else said
                if isinstance(text, str) and text:
                    Reply(text)
            except UNFIT:
                continue
