"""The steps by which a person tells an office something, from the first choice to the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.model import CaseKind
from handlers.callback_data.cases import NOT_CHOSEN, CaseDialoguePressed
from handlers.reply import Button, Reply
from handlers.views.cases.case_draft import Press, Step, offers_credit, service_of
from handlers.views.cases.case_words import about, kind_icon, kind_meaning, kind_name, kind_prompt
from handlers.views.catalogue.sources import expired_banner
from handlers.views.common import in_pairs, quoted, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.citizens.model import Dialogue
    from bot.kit.words import Words
    from handlers.views.cases.case_draft import Draft, Piece

_LABEL_LETTERS_MAX = 48


def step_page(
    words: Words,
    catalogue: Catalogue,
    dialogue: Dialogue,
    draft: Draft,
    today: date,
    *,
    notes: Sequence[str] = (),
    is_page: bool = False,
) -> Reply:
    """Ask what the dialogue waits for; `notes` are said before it.

    They tell what became of a text just written, which may have been a question instead.
    """
    step = Step(dialogue.step)
    published = catalogue.find(draft.office_id or "")
    if step is Step.OFFICE or published is None:
        parts, rows = _office_step(words, catalogue, dialogue)
    elif step is Step.SERVICE:
        parts, rows = _service_step(words, published, dialogue)
    elif step is Step.KIND:
        parts, rows = _kind_step(words, published, dialogue)
    elif step is Step.TEXT:
        parts, rows = _text_step(words, published, dialogue, draft, today)
    else:
        parts, rows = _review(words, published, dialogue, draft)
    if notes and draft.offered is not None:
        rows = [*rows, [question_button(words, dialogue, draft.offered)]]
    rows = [*rows, [cancel_button(words, dialogue)]]
    return Reply("\n\n".join([*notes, *parts]), rows, is_page=is_page)


_Page = tuple[list[str], list[list[Button]]]


def _office_step(words: Words, catalogue: Catalogue, dialogue: Dialogue) -> _Page:
    _ = words.gettext
    rows = [
        [
            press_button(
                "🏛 " + published.office.short_name.in_language(words.language),
                dialogue,
                Press.OFFICE,
                published.office.id,
            )
        ]
        for published in catalogue.offices
    ]
    return [_("To which office would you like to write?")], rows


def _service_step(words: Words, published: OfficeCatalogue, dialogue: Dialogue) -> _Page:
    _ = words.gettext
    rows = [
        [
            press_button(
                service.title.in_language(words.language), dialogue, Press.SERVICE, service.id
            )
        ]
        for service in published.services
    ]
    other = _("🏛 Something else, or the office itself")
    rows.append([press_button(other, dialogue, Press.SERVICE, NOT_CHOSEN)])
    text = _("🏛 <b>{office}</b>\n\nWhich service is it about?")
    return [text.format(office=said(published.office.short_name, words))], rows


def _kind_step(words: Words, published: OfficeCatalogue, dialogue: Dialogue) -> _Page:
    _ = words.gettext
    kinds = [
        kind for kind in CaseKind if kind is not CaseKind.CREDIT_CLAIM or offers_credit(published)
    ]
    listed = "\n".join(
        f"{kind_icon(kind)} <b>{kind_name(kind, words)}</b>: {kind_meaning(kind, words)}"
        for kind in kinds
    )
    buttons = [
        press_button(
            f"{kind_icon(kind)} {kind_name(kind, words)}", dialogue, Press.KIND, kind.value
        )
        for kind in kinds
    ]
    return [_("What would you like to tell the office?"), listed], in_pairs(buttons)


def _text_step(
    words: Words, published: OfficeCatalogue, dialogue: Dialogue, draft: Draft, today: date
) -> _Page:
    _ = words.gettext
    assert draft.kind is not None
    advice = _(
        "Several messages in a row are fine; nothing is sent before you have seen it. Please "
        "leave out national ID, card and phone numbers."
    )
    parts = [f"{kind_icon(draft.kind)} {kind_prompt(draft.kind, words)}", advice]
    if draft.kind is CaseKind.CREDIT_CLAIM:
        parts += expired_banner(words, published, today)
    rows = []
    if draft.is_rewriting:
        parts.insert(0, _("Write the new text; it takes the place of the old one."))
        rows.append([press_button(_("↩️ Keep the old text"), dialogue, Press.KEEP)])
    return parts, rows


def _review(words: Words, published: OfficeCatalogue, dialogue: Dialogue, draft: Draft) -> _Page:
    _ = words.gettext
    assert draft.kind is not None
    subject = about(words, published, service_of(draft, published))
    parts = [
        _("<b>Please look it over once more</b>"),
        f"{kind_icon(draft.kind)} {kind_name(draft.kind, words)}\n{subject}",
        quoted(draft.text),
    ]
    if draft.is_masked:
        parts.append(
            _("🔒 I put ••• in place of personal numbers and e-mail addresses; they are not kept.")
        )
    parts.append(_who(words, draft))
    parts.append(_("What you write now is added to the text."))
    return parts, _review_rows(words, dialogue, draft)


def _who(words: Words, draft: Draft) -> str:
    _ = words.gettext
    if draft.is_anonymous:
        return _(
            "🙈 <b>Anonymous.</b> Nothing ties it to you, so I cannot notify you either: the "
            "answer is found with the tracking code alone. Please keep it well."
        )
    return _(
        "👤 The office sees your text, not your name or account. Its answer comes to you here."
    )


def _review_rows(words: Words, dialogue: Dialogue, draft: Draft) -> list[list[Button]]:
    _ = words.gettext
    hide = _("👤 Not anonymous") if draft.is_anonymous else _("🙈 Make it anonymous")

    def change(label: str, step: Step) -> Button:
        return press_button(label, dialogue, Press.CHANGE, step.value)

    return [
        [press_button(_("✅ Send it"), dialogue, Press.SEND)],
        [press_button(hide, dialogue, Press.HIDE)],
        [change(_("✏️ Text"), Step.TEXT), change(_("✏️ Kind"), Step.KIND)],
        [change(_("✏️ Service"), Step.SERVICE), change(_("✏️ Office"), Step.OFFICE)],
    ]


def cancel_button(words: Words, dialogue: Dialogue) -> Button:
    """Leave the flow, with nothing sent."""
    _ = words.gettext
    return press_button(_("✖️ Cancel"), dialogue, Press.CANCEL)


def question_button(words: Words, dialogue: Dialogue, offered: Piece) -> Button:
    """Say that the last text was for the desk to answer, not for the office."""
    _ = words.gettext
    label = _("❓ It is a question for you")
    return press_button(label, dialogue, Press.ASK, str(offered.message_id))


def press_button(label: str, dialogue: Dialogue, press: Press, value: str = NOT_CHOSEN) -> Button:
    """A button of this run of the flow, no longer than a small phone shows."""
    shown = label
    if len(label) > _LABEL_LETTERS_MAX:
        shown = label[: _LABEL_LETTERS_MAX - 1].rstrip() + "…"
    return Button(shown, CaseDialoguePressed(dialogue.token, press.value, value))
