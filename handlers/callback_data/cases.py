"""What the buttons around cases carry: public ids, tracking codes, and the run of a dialogue."""

from __future__ import annotations

from handlers.callback_data import Payload

NOT_CHOSEN = "-"  # in place of a service or a kind; the service of the office itself is this too


class CaseBegins(Payload):
    """Tell an office something; what is known already is not asked again."""

    prefix = "k"
    office_id: str
    service_id: str
    kind: str


class CaseFromQuestion(Payload):
    """Hand a question that the desk could not answer to the office, as it was asked."""

    prefix = "kq"
    question_id: str

    def in_words(self) -> CaseBegins:
        """Leave out the question: nothing leads from it to who asked."""
        return CaseBegins(NOT_CHOSEN, NOT_CHOSEN, NOT_CHOSEN)


class _OfCase(Payload):
    """What names a case. Nothing leads from a chat to one that is anonymous."""

    def in_words(self) -> None:
        """Keep nothing, unless the button says that the case is the person's own."""


class CaseActPressed(_OfCase):
    """Do something with one's own case, or show it."""

    prefix = "ka"
    code: str
    verb: str


class CaseTimelinePressed(_OfCase):
    """Show the messages of a case, from a page on."""

    prefix = "kt"
    code: str
    page: str


class CaseWhyPressed(_OfCase):
    """Explain the promised date of a case, from a page on."""

    prefix = "kw"
    code: str
    page: str


class MyCasesPressed(Payload):
    """List one's own cases, from a page on."""

    prefix = "kl"
    page: str


class CaseDialoguePressed(Payload):
    """Answer a step of telling an office something; `token` is the run it belongs to."""

    prefix = "kd"
    token: str
    verb: str
    value: str


class CaseWordsPressed(Payload):
    """Answer the prompt for words about a case; `token` is the run it belongs to."""

    prefix = "km"
    token: str
    verb: str
