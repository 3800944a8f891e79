"""The steps by which a person tells an office something, from the first choice to the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.model import TEXT_UNITS_MAX, CaseKind
from bot.kit.digits import number
from handlers.callback_data.cases import NOT_CHOSEN, CaseBegins, CaseDialoguePressed
from handlers.reply import Button, Reply
from handlers.views.case_draft import Press, Step, offers_credit, service_of
from handlers.views.case_words import kind_icon, kind_name, quoted
from handlers.views.common import in_pairs, said, way_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.citizens.model import Dialogue
    from bot.kit.words import Words
    from handlers.views.case_draft import Draft

_LABEL_LETTERS_MAX = 48


def step_page(
    words: Words,
    catalogue: Catalogue,
    dialogue: Dialogue,
    draft: Draft,
    *,
    notes: Sequence[str] = (),
    is_page: bool = False,
) -> Reply:
    """Ask what the dialogue waits for; `notes` are said before it."""
    step = Step(dialogue.step)
    published = catalogue.find(draft.office_id or "")
    if step is Step.OFFICE or published is None:
        parts, rows = _office_step(words, catalogue, dialogue)
    elif step is Step.SERVICE:
        parts, rows = _service_step(words, published, dialogue)
    elif step is Step.KIND:
        parts, rows = _kind_step(words, published, dialogue)
    elif step is Step.TEXT:
        parts, rows = _text_step(words, dialogue, draft)
    else:
        parts, rows = _review(words, published, dialogue, draft)
    if step is not Step.REVIEW:
        rows = [*rows, [_cancel(words, dialogue)]]
    return Reply("\n\n".join([*notes, *parts]), rows, is_page=is_page)


_Page = tuple[list[str], list[list[Button]]]


def _office_step(words: Words, catalogue: Catalogue, dialogue: Dialogue) -> _Page:
    _ = words.gettext
    rows = [
        [
            _button(
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
        [_button(service.title.in_language(words.language), dialogue, Press.SERVICE, service.id)]
        for service in published.services
    ]
    other = _("🏛 Something else, or the office itself")
    rows.append([_button(other, dialogue, Press.SERVICE, NOT_CHOSEN)])
    text = _("🏛 <b>{office}</b>\n\nWhich service is it about?")
    return [text.format(office=said(published.office.short_name, words))], rows


def _kind_step(words: Words, published: OfficeCatalogue, dialogue: Dialogue) -> _Page:
    _ = words.gettext
    told = {
        CaseKind.SUGGESTION: _("an idea that makes something better"),
        CaseKind.CRITICISM: _("something that you did not find good"),
        CaseKind.COMPLAINT: _("something that went wrong and should be put right"),
        CaseKind.PRAISE: _("thanks to the people of the office"),
        CaseKind.QUESTION: _("a question that a person of the office answers"),
        CaseKind.OUTAGE: _("a website or system that does not work"),
        CaseKind.CREDIT_CLAIM: _("if the service was not what the agreement promises"),
    }
    if not offers_credit(published):
        del told[CaseKind.CREDIT_CLAIM]
    listed = "\n".join(
        f"{kind_icon(kind)} <b>{kind_name(kind, words)}</b>: {about}"
        for kind, about in told.items()
    )
    buttons = [
        _button(f"{kind_icon(kind)} {kind_name(kind, words)}", dialogue, Press.KIND, kind.value)
        for kind in told
    ]
    return [_("What would you like to tell the office?"), listed], in_pairs(buttons)


def _text_step(words: Words, dialogue: Dialogue, draft: Draft) -> _Page:
    _ = words.gettext
    assert draft.kind is not None
    asked = {
        CaseKind.SUGGESTION: _("Please write your suggestion: what could be better, and how?"),
        CaseKind.CRITICISM: _("Please write what was not good, and what you had expected."),
        CaseKind.COMPLAINT: _(
            "I am sorry that you had trouble. Please write what happened and when, and what you "
            "wish for now."
        ),
        CaseKind.PRAISE: _(
            "How kind of you 🌷 Please write what pleased you; the people of the office read it."
        ),
        CaseKind.QUESTION: _("Please write your question; a person of the office answers it."),
        CaseKind.OUTAGE: _(
            "Which website or system is it, since when, and what do you see? A short line is "
            "enough."
        ),
        CaseKind.CREDIT_CLAIM: _(
            "By the agreement you have a right to credit where the promised level of service is "
            "not reached (KN-07). It names no amount, formula or deadline: people of the office "
            "look into each claim and answer with their reasons, so I can promise no amount.\n\n"
            "Please write what was promised, what you got, and when."
        ),
    }
    advice = _(
        "Several messages in a row are fine; nothing is sent before you have seen it. Please "
        "leave out national ID, card and phone numbers."
    )
    parts = [f"{kind_icon(draft.kind)} {asked[draft.kind]}", advice]
    rows = []
    if draft.is_rewriting:
        parts.insert(0, _("Write the new text; it takes the place of the old one."))
        rows.append([_button(_("↩️ Keep the old text"), dialogue, Press.KEEP)])
    return parts, rows


def _review(words: Words, published: OfficeCatalogue, dialogue: Dialogue, draft: Draft) -> _Page:
    _ = words.gettext
    assert draft.kind is not None
    service = service_of(draft, published)
    about = said(published.office.short_name, words)
    if service is not None:
        about = f"{about}: {said(service.title, words)}"
    parts = [
        _("<b>Please look it over once more</b>"),
        f"{kind_icon(draft.kind)} {kind_name(draft.kind, words)}\n🏛 {about}",
        quoted(draft.text),
    ]
    if draft.is_masked:
        parts.append(
            _("🔒 I put ••• in place of personal numbers and addresses; they are not kept.")
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
        return _button(label, dialogue, Press.CHANGE, step.value)

    return [
        [_button(_("✅ Send it"), dialogue, Press.SEND)],
        [_button(hide, dialogue, Press.HIDE)],
        [change(_("✏️ Text"), Step.TEXT), change(_("✏️ Kind"), Step.KIND)],
        [change(_("✏️ Service"), Step.SERVICE), change(_("✏️ Office"), Step.OFFICE)],
        [_cancel(words, dialogue)],
    ]


def out_of_turn(words: Words, dialogue: Dialogue, draft: Draft) -> Reply:
    """Ask what a text is that was written while a button was waited for."""
    _ = words.gettext
    assert draft.offered is not None
    parts = [
        _("You were about to write to an office. What shall I do with this?"),
        quoted(draft.offered.text),
    ]
    rows = [
        [_button(_("✍️ It is for the office"), dialogue, Press.USE)],
        [_button(_("❓ It is a question for you"), dialogue, Press.ASK)],
        [_cancel(words, dialogue)],
    ]
    return Reply("\n\n".join(parts), rows)


def too_long(words: Words, dialogue: Dialogue, draft: Draft, units: int) -> Reply:
    """Refuse a text that does not fit, and keep what was written before."""
    _ = words.gettext
    text = _(
        "That is longer than one message to the office can be: {units} characters of at most "
        "{units_max}, with what you wrote before. This last part was not added."
    ).format(units=number(units, words.language), units_max=number(TEXT_UNITS_MAX, words.language))
    if draft.pieces:
        text += " " + _(
            "What you wrote before is kept. You can send that now and the rest afterwards, as a "
            "further message about the same case."
        )
        rows = [[_button(_("👀 What is kept"), dialogue, Press.KEEP)]]
    else:
        text += " " + _("Please write it shorter; you can send the rest later.")
        rows = []
    return Reply(text, [*rows, [_cancel(words, dialogue)]])


def words_needed(words: Words, dialogue: Dialogue, draft: Draft, *, is_file: bool) -> Reply:
    """Refuse what is not text, without opening it, and go on waiting (MZ-19, KN-21)."""
    _ = words.gettext
    if is_file:
        text = _(
            "Thank you, but to keep your information safe I take no pictures, files or voice "
            "messages, and I have not opened this one. Please put it in words."
        )
    else:
        text = _("I can only read text. Please put it in words.")
    rows = [[_cancel(words, dialogue)]]
    if draft.pieces:
        text += " " + _("What you wrote before is kept.")
        rows.insert(0, [_button(_("👀 What is kept"), dialogue, Press.KEEP)])
    return Reply(text, rows)


def cancelled(words: Words, *, is_page: bool = False) -> Reply:
    """Say that nothing was sent."""
    _ = words.gettext
    text = _("All right, nothing was sent and nothing is kept of it. I am here when you need me.")
    return Reply(text, [way_back(words)], is_page=is_page)


def nothing_to_cancel(words: Words) -> Reply:
    """Answer /cancel where nothing was begun."""
    _ = words.gettext
    return Reply(_("There is nothing to cancel. What can I do for you?"), [way_back(words)])


def run_over(words: Words) -> Reply:
    """Answer a button of an earlier run: it was sent, cancelled, or left for too long."""
    _ = words.gettext
    text = _(
        "This form is closed: it was sent or cancelled, or a day has passed. What you have sent "
        "is under “My cases”; an anonymous one is found by its code with /track."
    )
    begin = CaseBegins(NOT_CHOSEN, NOT_CHOSEN, NOT_CHOSEN)
    return Reply(text, [[Button(_("✍️ Write anew"), begin)], way_back(words)])


def _cancel(words: Words, dialogue: Dialogue) -> Button:
    _ = words.gettext
    return _button(_("✖️ Cancel"), dialogue, Press.CANCEL)


def _button(label: str, dialogue: Dialogue, press: Press, value: str = NOT_CHOSEN) -> Button:
    shown = label
    if len(label) > _LABEL_LETTERS_MAX:
        shown = label[: _LABEL_LETTERS_MAX - 1].rstrip() + "…"
    return Button(shown, CaseDialoguePressed(dialogue.token, press.value, value))
