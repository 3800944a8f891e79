"""What is kept of a person as a page that they can read and print, which stands alone."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from bot.kit.digits import number, persian_digits
from bot.kit.jalali import jalali_day, jalali_moment
from bot.kit.tracking import shown
from handlers.views.cases import case_words
from handlers.views.common import money
from handlers.views.wallet import payout_words, top_up_words
from handlers.views.wallet.statement_style import STYLE
from handlers.views.wallet.wallet_words import movement_name
from handlers.views.workshops import identifying
from handlers.views.workshops.session_words import item_button, presence_name
from handlers.views.workshops.workshop_words import registration_state, waiting_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bot.catalogue.model import Catalogue
    from bot.kit.words import Words

# A row says itself what it is, and has no names of columns to stand before its cells.
_STYLE: Final = """
h2 { font-size: 15px; margin: 20px 0 6px }
td { overflow-wrap: anywhere }
@media screen and (max-width: 640px) { table.lines td:before { content: none } }
"""
_Section = tuple[str, list[tuple[str, ...]]]


class OwnPage:
    """A page of `OwnRecords`, which it is handed from where all rooms are read."""

    def __init__(self, words: Words, catalogue: Catalogue, records: Any, now: datetime) -> None:  # noqa: ANN401 - gathered above the views
        self._words = words
        self._catalogue = catalogue
        self._records = records
        self._now = now

    def written(self) -> bytes:
        """Write the page."""
        words, _ = self._words, self._words.gettext
        direction = "rtl" if words.language == "fa" else "ltr"
        heading = escape(_("What this service desk keeps of you"))
        made = escape(_("Made on {moment}, for you alone.").format(moment=self._moment(self._now)))
        body = "".join(_table(name, rows) for name, rows in self._sections() if rows)
        end = escape(_("Nothing else is kept of you."))
        return (
            "<!DOCTYPE html>\n"
            f'<html lang="{words.language}" dir="{direction}"><head><meta charset="utf-8">\n'
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{heading}</title>\n<style>{STYLE}{_STYLE}</style></head>\n"
            f"<body>\n<h1>{heading}</h1>\n<p>{made}</p>\n{body}<p>{end}</p></body></html>\n"
        ).encode()

    def _sections(self) -> Iterator[_Section]:
        _ = self._words.gettext
        yield _("You"), [*self._person()]
        yield _("What you agreed to"), [*self._consents()]
        yield _("Those you register"), [*self._learners()]
        yield _("Your cases"), [*self._cases()]
        yield _("Your ratings"), [*self._ratings()]
        yield _("Workshops"), [*self._registrations()]
        yield _("Your wishes to be told of workshops"), [*self._subscriptions()]
        yield _("Wallet"), [*self._money()]

    def _person(self) -> Iterator[tuple[str, ...]]:
        _, person = self._words.gettext, self._records.person
        yield _("Your number in this messenger"), self._digits(str(person.id))
        if person.language is not None:
            yield _("Language"), person.language
        if person.office_id is not None:
            yield _("The office you chose"), self._office(person.office_id)
        if self._records.code is not None:
            yield _("Staff name you by the code"), self._records.code
        for role in self._records.roles:
            yield _("Staff of"), f"{self._office(role.office_id)}: {role.name} ({role.role})"
        for ban in self._records.bans:
            until = self._moment(ban.until)
            yield (
                _("Kept from writing until"),
                f"{until}: {self._office(ban.office_id)}",
                ban.reason,
            )
        for talk in self._records.dialogues:
            until = self._moment(talk.expires_at)
            yield (
                _("A conversation that is not finished"),
                _("goes by itself {moment}").format(moment=until),
                *_typed(talk.draft),
            )

    def _consents(self) -> Iterator[tuple[str, ...]]:
        _ = self._words.gettext
        for one in self._records.consents:
            version = _("Version {number} of what is kept").format(
                number=self._number(one.version)
            )
            yield self._moment(one.given_at), version, one.sha256

    def _learners(self) -> Iterator[tuple[str, ...]]:
        _ = self._words.gettext
        for one in self._records.learners:
            born = jalali_day(one.born_on, self._words.language)
            yield one.given_name, _("born on {day}").format(day=born)

    def _cases(self) -> Iterator[tuple[str, ...]]:
        words, _ = self._words, self._words.gettext
        for own in self._records.cases:
            case = own.case
            kind = case_words.kind_name(case.kind, words)
            state = case_words.state_name(case, words)
            office = self._office(case.office_id)
            yield (
                shown(case.tracking_code),
                self._moment(case.registered_at),
                f"{kind} · {state}",
                office,
            )
            for said in sorted(
                [*own.said, *own.earlier], key=lambda one: (one.said_at, one.version)
            ):
                who = _("you") if said.kind == "words" else _("the office")
                yield "", self._moment(said.said_at), who, said.text
            if case.ending_reason:
                yield "", "", _("why"), case.ending_reason

    def _ratings(self) -> Iterator[tuple[str, ...]]:
        for one in self._records.ratings:
            if one.answered_at is not None:
                score = "" if one.score is None else self._number(one.score)
                yield self._moment(one.answered_at), score, one.comment or ""

    def _registrations(self) -> Iterator[tuple[str, ...]]:
        words, _, records = self._words, self._words.gettext, self._records
        names = {one.id: one.given_name for one in records.learners}
        for one in records.registrations:
            title = self._titled(one.workshop_id)
            state = registration_state(one.state, words)
            name = names.get(one.learner_id, "")
            there = records.national_ids.get(one.id)
            number_told = [] if there is None else [identifying.told(there, words)]
            if one.is_vouched:
                number_told.append(_("the office saw who takes part, without a national ID"))
            fee = money(one.fee_rial, words)
            yield self._moment(one.made_at), title, name, state, fee, *number_told

        for turn in records.besides.turns:
            state = waiting_state(turn.state, words)
            yield self._moment(turn.joined_at), self._titled(turn.workshop_id), state
        yield from self._besides({one.id: one for one in records.registrations})

    def _besides(self, places: Mapping[int, Any]) -> Iterator[tuple[str, ...]]:
        words, _, besides = self._words, self._words.gettext, self._records.besides
        names = {one.id: one.given_name for one in self._records.learners}

        def told(one: Any, at: datetime, *more: str) -> tuple[str, ...]:  # noqa: ANN401 - as the records
            place = places[one.registration_id]
            name = names.get(place.learner_id, "")
            return self._moment(at), self._titled(place.workshop_id), name, *more

        for one in besides.terms:
            version = self._number(one.terms_version)
            accepted = _("terms accepted, version {number}").format(number=version)
            yield told(one, one.accepted_at, accepted)
        for one in besides.checks:
            ready = _("ready") if one.is_ready else _("asked for help")
            yield told(one, one.noted_at, item_button(one.item, words), ready)
        for one in besides.presences:
            yield told(one, one.noted_at, presence_name(one.presence, words))
        for one in besides.owed:
            place = places[one.registration_id]
            ended = "" if one.ended_at is None else self._moment(one.ended_at)
            yield self._titled(place.workshop_id), _("a make-up session is yours"), ended

    def _titled(self, workshop_id: int) -> str:
        workshop = self._records.workshops.get(workshop_id)
        return "" if workshop is None else str(workshop.details.title)

    def _subscriptions(self) -> Iterator[tuple[str, ...]]:
        for one in self._records.subscriptions:
            age = "" if one.age is None else self._number(one.age)
            parts = (self._office(one.office_id), age, one.province or "", one.subject or "")
            yield self._moment(one.made_at), *parts

    def _money(self) -> Iterator[tuple[str, ...]]:
        words = self._words
        for own in self._records.wallets:
            office = self._office(own.office_id)
            for line in own.lines:
                what = movement_name(line.code, words)
                amount = f"\u200e{line.amount_rial:+,}"
                yield self._moment(line.at), office, what, line.reason, self._digits(amount)
            for payout, iban, owner in own.payouts:
                state = payout_words.state_name(payout.state, words)
                amount = money(payout.amount_rial, words)
                yield self._moment(payout.requested_at), office, state, amount, f"{iban} {owner}"
        for top_up in self._records.top_ups:
            state = top_up_words.state_name(top_up, words)
            amount = money(top_up.amount_rial, words)
            when, office = self._moment(top_up.created_at), self._office(top_up.office_id)
            yield when, office, state, amount, top_up.reference or ""
        for one in self._records.proposals:
            amount = money(one.amount_rial, words)
            yield self._moment(one.proposed_at), self._office(one.office_id), amount, one.reason

    def _office(self, office_id: str) -> str:
        published = self._catalogue.find(office_id)
        language = self._words.language
        return office_id if published is None else published.office.name.in_language(language)

    def _moment(self, moment: datetime) -> str:
        return jalali_moment(moment, self._words.language, with_weekday=False)

    def _number(self, value: int) -> str:
        return number(value, self._words.language)

    def _digits(self, text: str) -> str:
        return persian_digits(text) if self._words.language == "fa" else text


def _typed(value: object) -> Iterator[str]:
    """List the words in what was typed so far; what has no letter but Latin and no gap is ours."""
    if isinstance(value, str):
        if " " in value or not value.isascii():
            yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _typed(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _typed(part)


def _table(name: str, rows: list[tuple[str, ...]]) -> str:
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    return f'<h2>{escape(name)}</h2>\n<table class="lines"><tbody>\n{lines}</tbody></table>\n'
