"""Small pieces of text and buttons that all pages about registering are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.citizens.rules import age_on
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment, tehran_day
from bot.kit.text import isolate
from bot.kit.tracking import shown
from bot.workshops.model import RegistrationState, SessionState
from bot.workshops.rules.policy import policy_of
from handlers.callback_data.my_workshops import MyRegistrationPressed, MyWorkshopsPressed
from handlers.callback_data.workshops import WorkshopPressed, WorkshopsPressed
from handlers.reply import Button
from handlers.views.common import code, digits, led, rials, shielded
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Learner, LearnerId
    from bot.kit.words import Words
    from bot.wallet.model import Balance
    from bot.workshops.model import (
        Policy,
        Registration,
        RegistrationId,
        Session,
        WaitingEntry,
        Workshop,
    )

BELOW: Final = "1"  # for buttons of a message that is worth keeping
_TITLE_UNITS_MAX: Final = 200
_NAME_UNITS_MAX: Final = 60
_LABEL_LENGTH_MAX: Final = 28


@dataclass(frozen=True)
class Sheet:
    """Registrations of one workshop that go together, with all that their pages say."""

    words: Words
    published: OfficeCatalogue
    workshop: Workshop
    registrations: tuple[Registration, ...]
    learners: Mapping[LearnerId, Learner]
    sessions: Sequence[Session]
    balance: Balance
    now: datetime
    turn: WaitingEntry | None = None
    national_ids: Mapping[RegistrationId, str] = field(default_factory=dict)  # masked
    claimed_rial: int = 0  # paid at the bank as they say, and still looked for by finance

    @property
    def ids(self) -> tuple[RegistrationId, ...]:
        """What the buttons carry."""
        return tuple(one.id for one in self.registrations)

    @property
    def first(self) -> Registration:
        """The one whose page it is."""
        return self.registrations[0]

    @property
    def fee_rial(self) -> int:
        """What all of them cost."""
        return sum(one.fee_rial for one in self.registrations)

    @property
    def is_held(self) -> bool:
        """True while places are kept that are not paid for."""
        return all(one.state is RegistrationState.HELD for one in self.registrations)

    @property
    def policy(self) -> Policy:
        """What the office decided about its workshops."""
        return policy_of(self.published.desk)

    @property
    def keeps_wallet(self) -> bool:
        """True where a fee can be paid."""
        return self.published.desk.wallet is not None

    @property
    def first_on(self) -> date:
        """The day on which ages are counted."""
        starts = [session.slot.starts_at for session in self.sessions]
        return tehran_day(min(starts, default=self.now))


def title_said(workshop: Workshop, words: Words) -> str:
    """Name a workshop, and say so where it is only there to be tried out."""
    _ = words.gettext
    title = shielded(workshop.details.title, units_max=_TITLE_UNITS_MAX)
    title = led(f"<b>{isolate(title)}</b>", words)
    return _("{workshop} (sample)").format(workshop=title) if workshop.is_sample else title


def label_of(workshop: Workshop, words: Words) -> str:
    """Name a workshop on a button."""
    _ = words.gettext
    title = workshop.details.title
    if len(title) > _LABEL_LENGTH_MAX:
        title = f"{title[:_LABEL_LENGTH_MAX].rstrip()}…"
    title = led(isolate(title), words)
    return _("{workshop} (sample)").format(workshop=title) if workshop.is_sample else title


def fee_said(workshop: Workshop, amount_rial: int, words: Words) -> str:
    """Say what is to be paid, and so where nobody pays it really."""
    _ = words.gettext
    amount = rials(amount_rial, words)
    return _("{amount} (sample)").format(amount=amount) if workshop.is_sample else amount


def code_said(registration_id: RegistrationId, words: Words) -> str:
    """Show the number of a registration, by which the office finds it too."""
    _ = words.gettext
    return _("R-{number}").format(number=digits(str(registration_id), words))


def learner_said(learner: Learner | None, on: date, words: Words) -> str:
    """Name a learner to whoever registered them, with the age on a day."""
    _ = words.gettext
    if learner is None:
        return _("a learner taken out of the list")
    name = isolate(shielded(learner.given_name, units_max=_NAME_UNITS_MAX))
    return _("{name} ({age} years)").format(
        name=name, age=number(max(age_on(learner.born_on, on), 0), words.language)
    )


def learner_label(learner: Learner, on: date, words: Words) -> str:
    """Name a learner on a button, which shows no HTML."""
    _ = words.gettext
    name = led(isolate(learner.given_name), words)
    if learner.is_self:
        name = _("{name} (myself)").format(name=name)
    return _("{name}, {age} years").format(
        name=name, age=number(max(age_on(learner.born_on, on), 0), words.language)
    )


def learners_said(sheet: Sheet) -> str:
    """Name all whom the registrations are for."""
    _ = sheet.words.gettext
    return _(", ").join(
        learner_said(sheet.learners.get(one.learner_id), sheet.first_on, sheet.words)
        for one in sheet.registrations
    )


def moment_said(moment: datetime, words: Words) -> str:
    """Say a moment by its Jalali date and hour."""
    return jalali_moment(moment, words.language)


def deadline_line(workshop: Workshop, words: Words) -> str:
    """Say the last moment to drop or move a place (KN-27)."""
    _ = words.gettext
    if workshop.drop_until is None:
        return _("↩️ Last moment to drop or move: not stated")
    moment = deadline_said(workshop.drop_until, words)
    if not workshop.fee_rial:
        return _("↩️ Last moment to drop or move: {moment}").format(moment=moment)
    return _("↩️ Last moment to drop or move, with the fee coming back: {moment}").format(
        moment=moment
    )


def sessions_line(sessions: Sequence[Session], words: Words) -> str:
    """Say how many sessions there are, and when the next one is."""
    _ = words.gettext
    count = number(len(sessions), words.language)
    ahead = [one.slot.starts_at for one in sessions if one.state is SessionState.PLANNED]
    if not ahead:
        return _("📅 {count} sessions").format(count=count)
    return _("📅 {count} sessions; the next one: {moment}").format(
        count=count, moment=moment_said(min(ahead), words)
    )


def paid_lines(sheet: Sheet) -> list[str]:
    """Say the number of each registration, what was paid for it, and the ledger's reference."""
    _ = sheet.words.gettext
    lines = []
    for one in sheet.registrations:
        fee = fee_said(sheet.workshop, one.fee_rial, sheet.words)
        line = _("🎫 {code} · {learner} · {fee}").format(
            code=f"<b>{code_said(one.id, sheet.words)}</b>",
            learner=learner_said(sheet.learners.get(one.learner_id), sheet.first_on, sheet.words),
            fee=fee,
        )
        lines.append(line)
        if one.journal_id is not None:
            lines.append(_("Reference: {code}").format(code=code(shown(one.journal_id))))
    return lines


def mine_button(words: Words, *, below: bool = False) -> Button:
    """Lead to all that one has registered."""
    _ = words.gettext
    return Button(_("🎓 My workshops"), MyWorkshopsPressed("0", BELOW if below else ""))


def registration_button(
    words: Words, registration: Registration, label: str = "", *, below: bool = False
) -> Button:
    """Lead to a registration, with everything still possible."""
    _ = words.gettext
    opened = MyRegistrationPressed(str(registration.id), BELOW if below else "")
    return Button(label or _("↩️ Back to the registration"), opened)


def workshop_button(words: Words, workshop: Workshop) -> Button:
    """Lead to the page of a workshop."""
    _ = words.gettext
    return Button(_("📄 The workshop"), WorkshopPressed(str(workshop.id)))


def others_button(words: Words, office_id: str) -> Button:
    """Lead to the other workshops of an office."""
    _ = words.gettext
    return Button(_("🔎 Other workshops"), WorkshopsPressed(office_id))
