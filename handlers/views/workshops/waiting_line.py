"""What a citizen sees of a full workshop and of their turn in its waiting list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.workshops.model import WaitingState
from handlers.callback_data.registering import (
    SURELY,
    AbandonPressed,
    JoinLinePressed,
    LineLeft,
    OfferDeclined,
    StandingPressed,
    written,
)
from handlers.reply import Button, Reply
from handlers.views.common import money, way_back
from handlers.views.workshops.registering_words import (
    code_said,
    fee_said,
    learners_said,
    mine_button,
    moment_said,
    others_button,
    registration_button,
    title_said,
    workshop_button,
)
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from bot.kit.words import Words
    from bot.workshops.model import Standing, Workshop
    from handlers.views.workshops.registering_words import Sheet


def full(sheet: Sheet, why: str, *, all_the_same: str) -> Reply:
    """Say that there is no place, and offer a turn in the line, in one of two ways."""
    words, workshop = sheet.words, sheet.workshop
    _ = words.gettext
    ids = written(sheet.ids)
    parts = [
        f"🎓 {title_said(workshop, words)}\n👤 {learners_said(sheet)}",
        why,
        _(
            "Places that become free go to the waiting list, first come first served, until "
            "registration ends: {moment}. Waiting costs nothing, and can be ended at any time."
        ).format(moment=deadline_said(workshop.closes_at, words)),
    ]
    rows = [[Button(_("🕓 Wait, and ask me first"), JoinLinePressed(ids, "0", all_the_same))]]
    if sheet.fee_rial and sheet.keeps_wallet:
        parts.append(
            _(
                "You can also have it taken at once: {fee} is then paid from your wallet as soon "
                "as a place is free, if enough is in it ({amount} now). Otherwise I ask you."
            ).format(
                fee=fee_said(workshop, sheet.fee_rial, words),
                amount=money(sheet.balance.available_rial, words),
            )
        )
        label = _("⚡️ Wait, then take a place automatically")
    else:
        label = _("⚡️ Wait, then register me automatically")
    rows += [
        [Button(label, JoinLinePressed(ids, "1", all_the_same))],
        [Button(_("✖️ Do not wait"), AbandonPressed(ids, SURELY))],
        [others_button(words, workshop.office_id)],
        way_back(words),
    ]
    return Reply("\n\n".join(parts), rows, is_page=True)


def joined(sheet: Sheet, standing: Standing) -> Reply:
    """Confirm a turn in the line."""
    words = sheet.words
    _ = words.gettext
    parts = [
        _("🕓 You are in the waiting list of {workshop}.\n👤 For: {learners}\n🎫 {codes}").format(
            workshop=title_said(sheet.workshop, words),
            learners=learners_said(sheet),
            codes=_(", ").join(code_said(one, words) for one in sheet.ids),
        ),
        *standing_lines(sheet, standing),
        _(
            "When it is your turn I write to you at once, and keep the place for {hours} open "
            "hours of the office (its own decision). Please keep an eye on my messages."
        ).format(hours=number(sheet.policy.offer_open_hours, words.language)),
    ]
    return Reply("\n\n".join(parts), [*waiting_rows(sheet), way_back(words)], is_page=True)


def standing_lines(sheet: Sheet, standing: Standing) -> list[str]:
    """Say where somebody stands in the line, and what happens when a place is free."""
    words = sheet.words
    _ = words.gettext
    assert sheet.turn is not None
    turn = _("Your turn: number {position}. Places wanted by those before you: {places}.")
    if not standing.places_before:
        turn = _("Your turn: number {position}. Nobody waits before you.")
    lines = [
        turn.format(
            position=number(standing.position, words.language),
            places=number(standing.places_before, words.language),
        )
    ]
    if sheet.turn.is_auto_accept:
        lines.append(
            _("⚡️ A free place is taken at once, if enough is in your wallet then.")
            if sheet.fee_rial
            else _("⚡️ A free place is taken at once.")
        )
    return lines


def waiting_rows(sheet: Sheet) -> list[list[Button]]:
    """Offer what can be done with a turn."""
    assert sheet.turn is not None
    _ = sheet.words.gettext
    entry = str(sheet.turn.id)
    return [
        [Button(_("❓ Why has my turn not come?"), StandingPressed(entry))],
        [Button(_("✖️ Leave the line"), LineLeft(entry))],
        [mine_button(sheet.words)],
    ]


def explained(sheet: Sheet, standing: Standing) -> Reply:
    """Say why a turn has not come: who stands before it, what is free, and what is waited for."""
    words, workshop = sheet.words, sheet.workshop
    _ = words.gettext
    assert sheet.turn is not None
    parts = [
        _("❓ <b>Why has my turn not come?</b>\n🎓 {workshop}").format(
            workshop=title_said(workshop, words)
        ),
        _why(words, standing, sheet),
        _(
            "The list is kept by the moment at which people joined it (you: {joined}), and nobody "
            "overtakes anybody. A place becomes free when somebody drops theirs, does not pay in "
            "time, or declines an offer. The list ends with registration: {closes}."
        ).format(
            joined=moment_said(sheet.turn.joined_at, words),
            closes=deadline_said(workshop.closes_at, words),
        ),
    ]
    rows = [
        [registration_button(words, sheet.first)],
        [Button(_("✖️ Leave the line"), LineLeft(str(sheet.turn.id)))],
        [others_button(words, workshop.office_id)],
        way_back(words),
    ]
    return Reply("\n\n".join(parts), rows, is_page=True)


def _why(words: Words, standing: Standing, sheet: Sheet) -> str:
    _ = words.gettext
    assert sheet.turn is not None
    if sheet.turn.state is WaitingState.OFFERED:
        return _("Your turn has come: a place is offered to you. Please open the registration.")
    position = number(standing.position, words.language)
    if standing.position > 1:
        return _(
            "You are number {position}. Those before you want {places} places, and {free} are "
            "free now."
        ).format(
            position=position,
            places=number(standing.places_before, words.language),
            free=number(standing.free_count, words.language),
        )
    if standing.free_count < standing.size == 1:
        return _("You are the next, and no place is free now.")
    if standing.free_count < standing.size:
        return _(
            "You are the next. You need {size} places together, and {free} are free now."
        ).format(
            size=number(standing.size, words.language),
            free=number(standing.free_count, words.language),
        )
    return _("You are the next, and a place is being passed on. I write to you in a moment.")


def leave_asked(sheet: Sheet) -> Reply:
    """Ask once before a turn is given up, which is lost with it."""
    words = sheet.words
    _ = words.gettext
    assert sheet.turn is not None
    text = _(
        "Shall I take you out of the waiting list of {workshop}? Whoever joins again stands at "
        "its end."
    ).format(workshop=title_said(sheet.workshop, words))
    return _asked_once(
        sheet, text, Button(_("Yes, leave the line"), LineLeft(str(sheet.turn.id), SURELY))
    )


def decline_asked(sheet: Sheet) -> Reply:
    """Ask once before an offer is declined, which goes to the next in line."""
    words = sheet.words
    _ = words.gettext
    assert sheet.turn is not None
    text = _(
        "Shall I decline the place in {workshop}? It goes to the next in line, and you are no "
        "longer in it."
    ).format(workshop=title_said(sheet.workshop, words))
    return _asked_once(
        sheet, text, Button(_("Yes, decline"), OfferDeclined(str(sheet.turn.id), SURELY))
    )


def _asked_once(sheet: Sheet, text: str, surely: Button) -> Reply:
    rows = [[surely], [registration_button(sheet.words, sheet.first)], way_back(sheet.words)]
    return Reply(text, rows, is_page=True)


def left(words: Words, workshop: Workshop) -> Reply:
    """Say that a turn is over."""
    _ = words.gettext
    text = _("You are no longer in the waiting list of {workshop}. Nothing was paid.").format(
        workshop=title_said(workshop, words)
    )
    rows = [
        [workshop_button(words, workshop), others_button(words, workshop.office_id)],
        [mine_button(words)],
        way_back(words),
    ]
    return Reply(text, rows, is_page=True)
