"""Everything that is kept of one person, gathered for them alone (/mydata).

It reads in one moment of the records, opens what is sealed, and is kept nowhere: the file is made
as it is sent. What colleagues wrote to each other is theirs, and no part of it.
"""

from __future__ import annotations

from base64 import b64decode
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import orjson

from bot.cases import use_cases as cases
from bot.cases.model import MessageKind
from bot.cases.use_cases.parting import all_of_author
from bot.citizens import use_cases as citizens
from bot.kit.crypto import WrongKey
from bot.surveys import use_cases as surveys
from bot.wallet import use_cases as wallet
from bot.wallet.use_cases.parting import proposals_of
from bot.workshops import use_cases as workshops
from bot.workshops.use_cases.parting import kept_besides, registrations_of_payer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.cases.model import Case, CaseMessage
    from bot.citizens.model import Ban, Citizen, CitizenId, Consent, Dialogue, Learner, Staff
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction
    from bot.surveys.model import Survey
    from bot.wallet.model import Balance, CreditProposal, Line, Payout, TopUp
    from bot.workshops.model import (
        Registration,
        RegistrationId,
        Subscription,
        Workshop,
        WorkshopId,
    )
    from bot.workshops.model.parting import KeptBesides

_SEALED_IN_DRAFTS: Final = ("dialogue.learner", "dialogue.iban", "dialogue.owner")
_MOST: Final = 5_000  # of a kind; nobody has as many


@dataclass(frozen=True)
class OwnCase:
    """A case with what was said in it, and what was said before it was edited."""

    case: Case
    said: Sequence[CaseMessage]
    earlier: Sequence[CaseMessage]


@dataclass(frozen=True)
class OwnWallet:
    """A wallet at an office."""

    office_id: str
    balance: Balance
    lines: Sequence[Line]
    payouts: Sequence[tuple[Payout, str, str]]  # with the account's number and its owner


@dataclass(frozen=True)
class OwnRecords:
    """All of it."""

    person: Citizen
    code: str | None  # by which staff name them, if they had to
    roles: Sequence[Staff]
    bans: Sequence[Ban]
    consents: Sequence[Consent]
    learners: Sequence[Learner]
    dialogues: Sequence[Dialogue]
    cases: Sequence[OwnCase]
    ratings: Sequence[Survey]
    registrations: Sequence[Registration]
    national_ids: Mapping[RegistrationId, str]  # masked
    besides: KeptBesides
    workshops: Mapping[WorkshopId, Workshop]
    subscriptions: Sequence[Subscription]
    wallets: Sequence[OwnWallet]
    top_ups: Sequence[TopUp]
    proposals: Sequence[CreditProposal]


async def own_records(
    tx: Transaction,
    *,
    citizen_id: CitizenId,
    office_ids: Sequence[str],
    keyring: Keyring,
    now: datetime,
) -> OwnRecords:
    """Gather it, for the person themselves and the learners in their care."""
    registrations = await registrations_of_payer(tx, citizen_id=citizen_id)
    besides = await kept_besides(tx, citizen_id=citizen_id)
    named = {one.workshop_id for one in registrations}
    named |= {turn.workshop_id for turn in besides.turns}
    return OwnRecords(
        person=await citizens.recall(tx, citizen_id=citizen_id),
        code=await citizens.code_of(tx, citizen_id=citizen_id),
        roles=await citizens.roles_of(tx, citizen_id=citizen_id),
        bans=await citizens.bans_on(tx, citizen_id=citizen_id, now=now),
        consents=await citizens.consents_of(tx, citizen_id=citizen_id),
        learners=await citizens.learners_of(tx, guardian_id=citizen_id, keyring=keyring),
        dialogues=[
            replace(one, draft=_opened(one.draft, keyring, citizen_id))
            for one in await citizens.all_dialogues_of(tx, citizen_id=citizen_id)
        ],
        cases=[await _case(tx, one) for one in await all_of_author(tx, author_id=citizen_id)],
        ratings=await surveys.surveys_of(tx, citizen_id=citizen_id),
        registrations=registrations,
        national_ids=workshops.masked_national_ids(registrations, keyring),
        besides=besides,
        workshops=await workshops.workshops_named(tx, ids=named),
        subscriptions=await workshops.subscriptions_of(tx, citizen_id=citizen_id),
        wallets=[await _wallet(tx, one, citizen_id, keyring) for one in office_ids],
        top_ups=await wallet.top_ups_of(tx, citizen_id=citizen_id, limit=_MOST),
        proposals=await proposals_of(tx, citizen_id=citizen_id),
    )


def _opened(typed: Any, keyring: Keyring, citizen_id: CitizenId) -> Any:  # noqa: ANN401 - JSON
    """Open what was sealed once more in what a person is in the middle of typing."""
    if isinstance(typed, dict):
        return {name: _opened(part, keyring, citizen_id) for name, part in typed.items()}
    if isinstance(typed, list):
        return [_opened(part, keyring, citizen_id) for part in typed]
    if isinstance(typed, str):
        for column in _SEALED_IN_DRAFTS:
            with suppress(ValueError, WrongKey):
                sealed = b64decode(typed, validate=True)
                return keyring.open(sealed, column=column, row=int(citizen_id))
    return typed


async def _case(tx: Transaction, case: Case) -> OwnCase:
    dossier = await cases.dossier(tx, case_id=case.id)
    said = [one for one in dossier.messages if one.kind is not MessageKind.NOTE]
    earlier = [before for one in said for before in await cases.earlier_versions(tx, message=one)]
    return OwnCase(case, said, earlier)


async def _wallet(
    tx: Transaction, office_id: str, citizen_id: CitizenId, keyring: Keyring
) -> OwnWallet:
    whose: dict[str, Any] = {"office_id": office_id, "citizen_id": citizen_id}
    payouts = await wallet.payouts_of(tx, **whose, limit=_MOST)
    return OwnWallet(
        office_id,
        await wallet.balance(tx, **whose),
        await wallet.statement(tx, **whose, limit=_MOST),
        [(payout, *wallet.open_account(payout, keyring)) for payout in payouts],
    )


def as_json(records: OwnRecords) -> bytes:
    """Write all of it for a program to read: moments in UTC, amounts in rials."""
    values = asdict(records)
    values["workshops"] = [
        {"id": one.id, "office_id": one.office_id, "title": one.details.title}
        for one in records.workshops.values()
    ]
    values["national_ids"] = {str(id_): masked for id_, masked in records.national_ids.items()}
    for one in values["registrations"]:
        _leave_out(one, "national_id", "national_id_index")
    for one in values["dialogues"]:
        _leave_out(one, "token")
    for one in values["besides"]["presences"]:
        _leave_out(one, "noted_by")
    for case in values["cases"]:
        _leave_out(case["case"], "author_id", "assignee_id", "assigned_at", "question_id")
        for one in [*case["said"], *case["earlier"]]:
            _leave_out(one, "author_id")
    values["bans"] = [_without_staff(one) for one in values["bans"]]
    values["proposals"] = [_without_staff(one) for one in values["proposals"]]
    values["top_ups"] = [_without_staff(one) for one in values["top_ups"]]
    for one in values["wallets"]:
        one["payouts"] = [
            {**_without_staff(payout), "iban": iban, "owner": owner}
            for payout, iban, owner in one["payouts"]
        ]
    return orjson.dumps(values, default=_written, option=orjson.OPT_INDENT_2)


def _without_staff(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out which member of staff it was: that is theirs."""
    kept = ("citizen_id",)
    staff = ("_by", "reviewer")
    return {
        name: value for name, value in values.items() if name in kept or not name.endswith(staff)
    }


def _leave_out(values: dict[str, Any], *names: str) -> None:
    for name in names:
        values.pop(name, None)


def _written(value: object) -> str:
    return "" if isinstance(value, bytes) else str(value)
