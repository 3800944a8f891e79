"""What can be done to a workshop from the admin chat, as buttons; a manager's are named so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.workshops.model import By, WorkshopAct, WorkshopState
from bot.workshops.rules import states
from handlers.callback_data.workshop_desk import DeskAct, DeskWorkshopPressed
from handlers.reply import Button
from handlers.views.workshops.workshop_words import of_managers

if TYPE_CHECKING:
    from bot.kit.words import Words
    from bot.workshops.model import Workshop

# Whoever may not take the step is told so before anything is asked of them.
STEPS: Final = {
    DeskAct.PUBLISH: WorkshopAct.PUBLISH,
    DeskAct.DELETE: WorkshopAct.DELETE,
    DeskAct.PAUSE: WorkshopAct.PAUSE,
    DeskAct.RESUME: WorkshopAct.RESUME,
    DeskAct.EXTEND: WorkshopAct.EXTEND,
    DeskAct.RUN_ANYWAY: WorkshopAct.RUN_ANYWAY,
    DeskAct.FAIL: WorkshopAct.FAIL,
    DeskAct.CANCEL: WorkshopAct.CANCEL,
}


def act_button(words: Words, workshop: Workshop, act: DeskAct) -> Button:
    """Make the button that does something to a workshop as it stands."""
    _ = words.gettext
    label = {
        DeskAct.EDIT: _("✏️ Parts"),
        DeskAct.TERMS: _("📜 Terms"),
        DeskAct.PLAN: _("🗓 Plan the sessions"),
        DeskAct.PUBLISH: _("📣 Publish"),
        DeskAct.DELETE: _("🗑 Delete"),
        DeskAct.PAUSE: _("⏸ Pause"),
        DeskAct.RESUME: _("▶️ Go on"),
        DeskAct.EXTEND: _("⏳ Extend"),
        DeskAct.RUN_ANYWAY: _("✅ Hold it all the same"),
        DeskAct.FAIL: _("↩️ Give the fees back"),
        DeskAct.CANCEL: _("⛔️ Cancel"),
        DeskAct.SESSIONS: _("🗓 Sessions"),
        DeskAct.LEARNERS: _("👥 Learners"),
        DeskAct.ANNOUNCE: _("📢 Announce"),
        DeskAct.HISTORY: _("🕘 History"),
    }[act]
    if act in STEPS and By.OFFICER not in states.WORKSHOP.steps[workshop.state, STEPS[act]].by:
        label = of_managers(label, words)
    return Button(label, DeskWorkshopPressed(str(workshop.id), act.value))


def acts_of(state: WorkshopState) -> tuple[DeskAct, ...]:
    """Name what can be done, in the order of the buttons."""
    shown = (DeskAct.SESSIONS, DeskAct.LEARNERS, DeskAct.ANNOUNCE, DeskAct.HISTORY)
    always = (DeskAct.EDIT, DeskAct.TERMS)
    return {
        WorkshopState.DRAFT: (*always, DeskAct.PLAN, DeskAct.PUBLISH, DeskAct.DELETE),
        WorkshopState.PUBLISHED: (*shown, *always, DeskAct.CANCEL),
        WorkshopState.OPEN: (*shown, *always, DeskAct.PAUSE, DeskAct.CANCEL),
        WorkshopState.PAUSED: (*shown, *always, DeskAct.RESUME, DeskAct.CANCEL),
        WorkshopState.CLOSED: (*shown, DeskAct.EDIT, DeskAct.CANCEL),
        WorkshopState.QUORUM_FAILED_PENDING: (
            *shown,
            DeskAct.EXTEND,
            DeskAct.RUN_ANYWAY,
            DeskAct.FAIL,
        ),
        WorkshopState.CONFIRMED: (*shown, DeskAct.EDIT, DeskAct.CANCEL),
        WorkshopState.RUNNING: (*shown, DeskAct.EDIT, DeskAct.CANCEL),
    }.get(state, (DeskAct.SESSIONS, DeskAct.LEARNERS, DeskAct.HISTORY))
