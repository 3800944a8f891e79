"""How an office runs its desk here: its own decisions, which no agreement promises."""

from __future__ import annotations

from datetime import time  # noqa: TC003 - pydantic reads the annotations while running
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bot.catalogue.model.common import Day, Record, Slug, Text

Weekday = Literal["sat", "sun", "mon", "tue", "wed", "thu", "fri"]
WorkingMinutes = Annotated[int, Field(gt=0, le=60_000)]
CREDIT_RIAL_MAX: Final = 100_000_000  # as the wallet has it: more no manager can approve
Rials = Annotated[int, Field(strict=True, gt=0, le=10**12)]


class CaseKind(StrEnum):
    """What a citizen wants to tell; the desk policy of an office names targets by these."""

    SUGGESTION = "suggestion"
    CRITICISM = "criticism"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    QUESTION = "question"
    OUTAGE = "outage"
    CREDIT_CLAIM = "credit_claim"


class DeskWindow(Record):
    """A stretch of a day in which staff answer; a lunch break is the gap between two."""

    opens: time
    closes: time

    @model_validator(mode="after")
    def _in_order(self) -> DeskWindow:
        if self.closes <= self.opens:
            kind = "closes_first"
            raise PydanticCustomError(kind, "closes is not after opens")
        return self


class DeskHours(Record):
    """When staff answer on some weekdays, while the decision holds; both ends count."""

    valid_from: Day
    valid_to: Day | None
    weekdays: tuple[Weekday, ...] = Field(min_length=1)
    windows: tuple[DeskWindow, ...] = Field(min_length=1)
    note: Text | None = None


class Target(Record):
    """The office's own targets for one kind of case, in working minutes."""

    first_response_minutes: WorkingMinutes
    next_response_minutes: WorkingMinutes
    resolution_minutes: WorkingMinutes
    warn_minutes: WorkingMinutes

    @model_validator(mode="after")
    def _answers_before_it_solves(self) -> Target:
        if max(self.first_response_minutes, self.next_response_minutes) > self.resolution_minutes:
            kind = "answers_too_late"
            raise PydanticCustomError(kind, "a response is due no later than the resolution")
        return self


class ReadyAnswer(Record):
    """A text that staff send with two taps."""

    id: Slug
    title: Text
    text: Text


class WalletPolicy(Record):
    """How the office keeps a wallet for its citizens at this desk; every amount is its decision.

    `bank_reference` says to where one pays by bank, to type in the bank's reference afterwards;
    without it only bills in the chat are paid.
    """

    top_up_rial_min: Rials
    top_up_rial_max: Rials
    payout_rial_min: Rials
    second_approver_above_rial: Rials  # a payout above it needs a manager besides finance
    bank_reference: Text | None = None
    is_sample: bool = False


class WorkshopPolicy(Record):
    """What the office decided about its workshops; what it leaves out is as is usual here."""

    hold_minutes: int | None = Field(None, strict=True, ge=1, le=1440)
    bank_grace_days: int | None = Field(None, strict=True, ge=1, le=30)
    offer_open_hours: int | None = Field(None, strict=True, ge=1, le=200)
    quorum_grace_hours: int | None = Field(None, strict=True, ge=1, le=720)
    make_up_within_days: int | None = Field(None, strict=True, ge=1, le=366)
    group_max: int | None = Field(None, strict=True, ge=1, le=6)  # a button must hold them all
    reschedule_notice_hours: int | None = Field(None, strict=True, ge=0, le=720)
    overdue_credit_rial: int | None = Field(None, strict=True, ge=1, le=CREDIT_RIAL_MAX)
    requires_national_id: bool = Field(default=False, strict=True)


class DeskPolicy(Record):
    """desk.yaml. `default` holds for every kind without a target of its own."""

    hours: tuple[DeskHours, ...] = Field(min_length=1)
    default: Target
    targets: dict[CaseKind, Target] = Field(default_factory=dict)
    claim_kept_minutes: WorkingMinutes  # an idle claim returns to the list after these
    digest_at: time
    weekly_on: Weekday
    ready_answers: tuple[ReadyAnswer, ...] = ()
    wallet: WalletPolicy | None = None
    workshops: WorkshopPolicy | None = None
    is_sample: bool = False
    source: Text

    def target(self, kind: CaseKind) -> Target:
        """Find the target of a kind of case."""
        return self.targets.get(kind, self.default)
