"""What is said rarely: every refusal, and every name of a state, a kind or a reason."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from importlib import import_module
from itertools import islice
from pkgutil import walk_packages
from types import ModuleType, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

import handlers.views
from bot.kit.errors import DeskError
from bot.kit.sheets import SheetFault
from bot.kit.words import Language, Words
from bot.wallet.errors import BankFileUnreadable, TopUpMoved
from bot.wallet.model import CellFault, LineFault, TopUpState
from bot.workshops.errors import (
    AgeOutside,
    StepRefused,
)
from bot.workshops.errors.identifying import (
    NationalIdUnreadable,
)
from bot.workshops.model import (
    By,
    Entity,
    MakeUpState,
    RegistrationState,
    SessionState,
    WaitingState,
    WorkshopState,
)
from bot.workshops.rules.states import MAKE_UP, REGISTRATION, SESSION, WAITING, WORKSHOP
from handlers.commands import described, described_at_desk
from handlers.reply import Reply
from handlers.views.errors import refusal, refused, refused_at_desk
from handlers.views.office import audit
from tests.handlers.conftest import Shipped
from tests.handlers.support import NOW, Said, faults_of

SAMPLES: dict[type, list[Any]] = {
    bool: [True, False],
    int: [3],
    str: ["کانون"],
    datetime: [NOW],
    date: [NOW.date()],
    time: [NOW.time()],
    NoneType: [None],
}
CODE = "K7M2QR4XWZ"
STATES = {
    Entity.WORKSHOP: WorkshopState,
    Entity.SESSION: SessionState,
    Entity.REGISTRATION: RegistrationState,
    Entity.WAITING_ENTRY: WaitingState,
    Entity.MAKE_UP: MakeUpState,
}
BY_HAND: dict[type[DeskError], list[DeskError]] = {
    AgeOutside: [AgeOutside(6, 7, 12), AgeOutside(13, 7, 12)],
    NationalIdUnreadable: [NationalIdUnreadable(count) for count in (0, 8, 10)],
    BankFileUnreadable: [
        BankFileUnreadable((CellFault(what, "B12"),), 3) for what in (*LineFault, *SheetFault)
    ],
    StepRefused: [
        StepRefused(entity, state, "x") for entity, states in STATES.items() for state in states
    ],
    TopUpMoved: [TopUpMoved(state) for state in TopUpState],
}
STAFF_STEPS = {
    f"{machine.entity}.{act}"
    for machine in (WORKSHOP, SESSION, REGISTRATION, WAITING, MAKE_UP)
    for (_state, act), step in machine.steps.items()
    if step.by & {By.OFFICER, By.MANAGER}
}
DRAFTING = {f"workshop.{act}" for act in ("draft", "set_details", "set_terms", "set_sessions")}
VIEWS = [
    import_module(one.name) for one in walk_packages(handlers.views.__path__, "handlers.views.")
]
EACH_MAX = 40


def samples(kind: Any, name: str = "") -> list[Any]:
    """Values of a type: each member of an enumeration, each kind of a union."""
    if name.endswith("code"):
        return [CODE]
    kind = getattr(kind, "__supertype__", kind)
    origin, parts = get_origin(kind), get_args(kind)
    if kind in SAMPLES:
        return SAMPLES[kind]
    if origin in (UnionType, Union):
        return [value for part in parts for value in samples(part)]
    if origin is not None:
        return [(frozenset if origin is frozenset else tuple)(samples(parts[0]))]
    if issubclass(kind, Enum):
        return list(kind)
    assert is_dataclass(kind), kind
    return list(made_of(kind))


def made_of(kind: Any) -> Iterator[Any]:
    """Values of a class with fields: as many as its richest field has."""
    names = {}
    for ancestor in [one for one in kind.__mro__[::-1] if one.__module__.startswith("bot.")]:
        names |= named(import_module(ancestor.__module__))
    hints = get_type_hints(kind, localns=names)
    columns = [
        (field.name, samples(hints[field.name], field.name))
        for field in fields(kind)
        if field.init
    ]
    for number in range(max([len(values) for _, values in columns], default=1)):
        values = {name: values[number % len(values)] for name, values in columns}
        try:
            yield kind(**values)
        except AssertionError:
            continue  # these do not go together


def refusals() -> list[type[DeskError]]:
    found = [kind for kind in refusal.registry if kind not in (object, DeskError)]
    return sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_refusal_can_be_said(shipped: Shipped, language: Language) -> None:
    words = shipped.words[language]
    for kind in refusals():
        made = made_of(kind) if is_dataclass(kind) else [kind()]
        found = BY_HAND.get(kind) or list(islice(made, EACH_MAX))
        assert found, kind
        for error in found:
            for say in (refused, refused_at_desk):
                assert not faults_of(Said("sendMessage", say(words, error).as_params())), error


@cache
def named(module: ModuleType) -> dict[str, Any]:
    """All names of a module, with those that it imports for its types alone."""
    names = dict(vars(module))
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module != "__future__":
            origin = import_module(node.module)
            names |= {one.name: getattr(origin, one.name, None) for one in node.names}
    return names


def functions() -> list[tuple[ModuleType, Any]]:
    return [
        (module, function)
        for module in VIEWS
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
    ]


def tables() -> list[tuple[Any, type[Enum]]]:
    """The functions of the views that give each member of an enumeration its name."""
    return [
        (function, kind)
        for module, function in functions()
        if (kind := kind_named(function, named(module))) is not None
    ]


def kind_named(function: Any, names: dict[str, Any]) -> type[Enum] | None:
    if function.__annotations__.get("return") != "str":
        return None
    kinds = [names.get(kind) for kind in list(function.__annotations__.values())[:2]]
    needed = [
        one for one in inspect.signature(function).parameters.values() if one.default is one.empty
    ]
    if len(needed) != 2 or Words not in kinds:
        return None
    enums = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Enum)]
    return enums[0] if enums else None


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_name_is_known(shipped: Shipped, language: Language) -> None:
    words, found = shipped.words[language], tables()
    assert len(found) > 30
    for function, kind in found:
        first = next(iter(inspect.signature(function).parameters))
        pairs = [(words, one) if first == "words" else (one, words) for one in kind]
        names = [said for pair in pairs if (said := name_of(function, *pair))]
        assert names, function
        assert not faults_of(Said("sendMessage", Reply("\n".join(names)).as_params()))


def name_of(function: Any, *values: Any) -> str:
    try:
        return str(function(*values))
    except KeyError:
        return ""  # it is never asked for this one


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_name_of_a_list_can_be_said(shipped: Shipped, language: Language) -> None:
    found = [
        function
        for _, function in functions()
        if list(inspect.signature(function).parameters) == ["words"]
        and re.match(r"(dict|Mapping)\[.*, str\]$", str(function.__annotations__.get("return")))
    ]
    assert len(found) > 5
    for function in found:
        names = function(shipped.words[language]).values()
        said = Said("sendMessage", Reply("\n".join(names)).as_params())
        assert not [fault for fault in faults_of(said) if not fault.startswith("{")], function


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_action_of_the_record_has_a_name(shipped: Shipped, language: Language) -> None:
    actions = re.findall(r'"([a-z_.]+)": _\(', inspect.getsource(audit))
    actions += sorted(STAFF_STEPS | DRAFTING)
    names = [audit.action_name(action, shipped.words[language]) for action in actions]
    said = Said("sendMessage", Reply("\n".join(names)).as_params())
    assert not faults_of(said)
    assert not set(names) & set(actions)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_command_menus_can_be_shown(shipped: Shipped, language: Language) -> None:
    for menu in (described, described_at_desk):
        lines = [
            f"/{one['command']} {one['description']}" for one in menu(shipped.words[language])
        ]
        assert not faults_of(Said("sendMessage", Reply("\n".join(lines)).as_params()))
