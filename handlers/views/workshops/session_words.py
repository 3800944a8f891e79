"""Names of what sessions have: reasons, presences, and the steps of getting ready for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.model import CancelReason, CheckItem, Presence

if TYPE_CHECKING:
    from bot.kit.words import Words


def cancel_reason(reason: CancelReason, words: Words) -> str:
    """Say why a session was cancelled."""
    _ = words.gettext
    return {
        CancelReason.TEACHER_ABSENT: _("the instructor could not come"),
        CancelReason.PLATFORM_DOWN: _("the online class did not work"),
        CancelReason.TOO_SHORT: _("it was cut short"),
        CancelReason.WORKSHOP_CANCELLED: _("the whole workshop was cancelled"),
        CancelReason.OTHER: _("another reason"),
    }[reason]


def presence_name(presence: Presence, words: Words) -> str:
    """Say whether somebody was there."""
    _ = words.gettext
    return {
        Presence.PRESENT: _("present"),
        Presence.LATE: _("late"),
        Presence.ABSENT: _("absent"),
        Presence.EXCUSED: _("excused"),
        Presence.TECHNICAL_FAULT_OFFICE: _("kept away by a fault of ours"),
    }[presence]


def presence_icon(presence: Presence | None) -> str:
    """A picture for whether somebody was there, so that a list is read at a glance."""
    icons = {
        None: "▫️",
        Presence.PRESENT: "✅",
        Presence.LATE: "🕓",
        Presence.ABSENT: "✖️",
        Presence.EXCUSED: "📝",
        Presence.TECHNICAL_FAULT_OFFICE: "🛠",
    }
    return icons[presence]


def item_button(item: CheckItem, words: Words) -> str:
    """Name a step of getting ready on its button, which a small phone has room for."""
    _ = words.gettext
    return {
        CheckItem.BROWSER: _("Browser up to date"),
        CheckItem.CONNECTION: _("Internet is good"),
        CheckItem.CAMERA: _("Camera and sound allowed"),
        CheckItem.BACKGROUND: _("Plain wall behind me"),
        CheckItem.HEADSET: _("Headset is there"),
    }[item]


def item_said(item: CheckItem, words: Words) -> str:
    """Say what a step of getting ready asks for (KN-28, KN-31, KN-32, KN-34 to KN-36)."""
    _ = words.gettext
    return {
        CheckItem.BROWSER: _("The browser is up to date."),
        CheckItem.CONNECTION: _("The internet connection and its quality are checked."),
        CheckItem.CAMERA: _(
            "Camera and microphone work; right after entering, allow them in the settings of "
            "the site."
        ),
        CheckItem.BACKGROUND: _(
            "Behind the learner is a wall, and no lamp, window or picture is in the frame: so "
            "your home stays private."
        ),
        CheckItem.HEADSET: _("Earphones or a headset are at hand, so that there is no echo."),
    }[item]


def item_trouble(item: CheckItem, words: Words) -> str:
    """Say to the office with which step somebody needs help."""
    _ = words.gettext
    return {
        CheckItem.BROWSER: _("I need help to bring my browser up to date."),
        CheckItem.CONNECTION: _("My internet connection is not good enough for the class."),
        CheckItem.CAMERA: _("Camera or microphone do not work in the online class."),
        CheckItem.BACKGROUND: _("I need help with the place in front of the camera."),
        CheckItem.HEADSET: _("I need help with earphones or a headset."),
    }[item]
