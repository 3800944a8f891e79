"""Buttons of reports: for which office, over which days, in which format."""

from __future__ import annotations

from enum import StrEnum

from bot.digests.model import ReportSpan
from handlers.callback_data import Payload, StaleButton


class ReportFormat(StrEnum):
    """What a report can be opened with."""

    XLSX = "xlsx"
    CSV = "csv"


class ReportPressed(Payload):
    """Make the report of an office."""

    prefix = "dgr"
    office_id: str
    span: str
    form: str

    @property
    def days(self) -> ReportSpan:
        """Over which days; raises StaleButton for what is none of them."""
        found = next((span for span in ReportSpan if span.value == self.span), None)
        if found is None:
            raise StaleButton
        return found

    @property
    def format(self) -> ReportFormat:
        """In which format; raises StaleButton for what is none of them."""
        found = next((form for form in ReportFormat if form.value == self.form), None)
        if found is None:
            raise StaleButton
        return found


class DigestPressed(Payload):
    """Show now what no digest has covered yet, of the day or of the week."""

    prefix = "dg"
    office_id: str
    kind: str
