"""How workshops refuse whoever registers, waits or leaves, in words."""

from __future__ import annotations

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.kit.words import Words
from bot.workshops.errors import (
    AgeOutside,
    AlreadyRegistered,
    GroupUnfit,
    MoveToItself,
    NoSuchRegistration,
    NoSuchTurn,
    NoSuchWorkshop,
    NotGuardian,
    NotTheirStep,
    NotYetLate,
    OfferOver,
    PlacesFree,
    PlacesTaken,
    RegistrationNotOpen,
    StepRefused,
    TermsNotAccepted,
    TimesClash,
    TooLateToDrop,
    TooManySubscriptions,
)
from bot.workshops.model import WorkshopState
from handlers.views.common import shielded
from handlers.views.refusals import refusal
from handlers.views.workshops.workshop_words import (
    deadline_said,
    entity_name,
    part_name,
    registration_state,
    state_of,
    workshop_state,
)

_TITLE_UNITS_MAX = 150


@refusal.register
def _not_found(error: NoSuchWorkshop | NoSuchRegistration | NoSuchTurn, words: Words) -> str:
    _ = words.gettext
    return {
        NoSuchWorkshop: _(
            "I do not find this workshop. Those that can be seen are in /workshops."
        ),
        NoSuchRegistration: _(
            "I do not find this registration among yours. They are all in /myworkshops."
        ),
        NoSuchTurn: _(
            "I do not find this turn in a waiting list among yours. They are in /myworkshops."
        ),
    }[type(error)]


@refusal.register
def _step_refused(error: StepRefused, words: Words) -> str:
    _ = words.gettext
    return _(
        "Nothing was done: {what} now stands at “{state}”, where this is not possible. Please "
        "open its page anew."
    ).format(
        what=entity_name(error.entity, words), state=state_of(error.entity, error.state, words)
    )


@refusal.register
def _not_their_step(error: NotTheirStep, words: Words) -> str:
    _ = words.gettext
    return _("Nothing was done: this is up to {who}. Please ask there.").format(
        who=_(" or ").join(part_name(by, words) for by in error.by)
    )


@refusal.register
def _registration_not_open(error: RegistrationNotOpen, words: Words) -> str:
    _ = words.gettext
    if error.state is WorkshopState.PAUSED:
        return _(
            "Registration is paused for the time being. Please look again later: /workshops. "
            "It ends at {closes}."
        ).format(closes=deadline_said(error.closes_at, words))
    if error.state is WorkshopState.PUBLISHED:
        return _(
            "Registration is not open yet: it begins at {opens} and ends at {closes}. Please come "
            "back then: /workshops"
        ).format(
            opens=jalali_moment(error.opens_at, words.language),
            closes=deadline_said(error.closes_at, words),
        )
    if error.state is WorkshopState.OPEN:
        return _(
            "Registration ended at {closes}. The workshops that are still open are in /workshops."
        ).format(closes=deadline_said(error.closes_at, words))
    return _(
        "Nobody can register for this workshop any more: {state}. Those that are open are in "
        "/workshops."
    ).format(state=workshop_state(error.state, words))


@refusal.register
def _terms_not_accepted(_error: TermsNotAccepted, words: Words) -> str:
    _ = words.gettext
    return _(
        "The terms of this workshop have changed, and a place needs the ones that hold now. "
        "Please open your registration in /myworkshops and read them once more; nothing was paid."
    )


@refusal.register
def _age_outside(error: AgeOutside, words: Words) -> str:
    _ = words.gettext
    age = number(error.age, words.language)
    if error.age_min is not None and error.age < error.age_min:
        return _(
            "This workshop is for people from {least} years on, and on its first day this learner "
            "is {age}. Others may fit: /workshops"
        ).format(least=number(error.age_min, words.language), age=age)
    assert error.age_max is not None
    return _(
        "This workshop is for people up to {most} years, and on its first day this learner is "
        "{age}. Others may fit: /workshops"
    ).format(most=number(error.age_max, words.language), age=age)


@refusal.register
def _not_guardian(_error: NotGuardian, words: Words) -> str:
    _ = words.gettext
    return _(
        "I do not find this learner among yours. Please choose from your own list, or add them "
        "there: /myworkshops"
    )


@refusal.register
def _already_registered(error: AlreadyRegistered, words: Words) -> str:
    _ = words.gettext
    return _(
        "This learner has a registration in this workshop already: {state}. It is in /myworkshops."
    ).format(state=registration_state(error.state, words))


@refusal.register
def _times_clash(error: TimesClash, words: Words) -> str:
    _ = words.gettext
    return _(
        "A session falls at a time when this learner is in “{title}” ({moment}). Nothing was done "
        "yet; you can register all the same."
    ).format(
        title=shielded(error.title, units_max=_TITLE_UNITS_MAX),
        moment=jalali_moment(error.starts_at, words.language),
    )


@refusal.register
def _group_unfit(error: GroupUnfit, words: Words) -> str:
    _ = words.gettext
    return _(
        "Please choose one learner or more, and at most {most} together. More of them can be "
        "registered after that."
    ).format(most=number(error.count_max, words.language))


@refusal.register
def _places_taken(error: PlacesTaken, words: Words) -> str:
    _ = words.gettext
    if error.free_count > 0 and error.waiting_count == 0:
        return _(
            "Only {count} places are free, which is fewer than you need. You can register fewer "
            "learners, or wait in line together."
        ).format(count=number(error.free_count, words.language))
    return _("No place is free at the moment. You can join the waiting list; nothing was paid.")


@refusal.register
def _places_free(error: PlacesFree, words: Words) -> str:
    _ = words.gettext
    return _("Nobody needs to wait any more: {count} places are free. Please take one.").format(
        count=number(error.free_count, words.language)
    )


@refusal.register
def _offer_over(error: OfferOver, words: Words) -> str:
    _ = words.gettext
    return _(
        "The place was kept until {moment}, and has gone to somebody else since. Nothing was "
        "paid. If there is another one you can register again: /workshops"
    ).format(moment=deadline_said(error.expired_at, words))


@refusal.register
def _too_late_or_too_early(error: TooLateToDrop | NotYetLate, words: Words) -> str:
    _ = words.gettext
    said = {
        TooLateToDrop: _(
            "A place could be dropped or moved until {moment}. It can still be given up, without "
            "the fee coming back: /myworkshops"
        ),
        NotYetLate: _(
            "Until {moment} a place can be dropped and the fee comes back, so please do that: "
            "/myworkshops"
        ),
    }[type(error)]
    return said.format(moment=deadline_said(error.drop_until, words))


@refusal.register
def _move_to_itself(_error: MoveToItself, words: Words) -> str:
    _ = words.gettext
    return _(
        "A place is moved to another workshop of the same office, for the same learner. Please "
        "choose one from the list: /myworkshops"
    )


@refusal.register
def _too_many_subscriptions(error: TooManySubscriptions, words: Words) -> str:
    _ = words.gettext
    return _(
        "You are told of {count} kinds of workshops already, which is as many as I keep. Please "
        "end one of them first."
    ).format(count=number(error.count_max, words.language))
