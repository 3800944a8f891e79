"""What an admin chat reads when the ledger is not right: how much, the first of it, what to do.

Lines about another office's accounts are left out, and of a person's number nothing is shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.text import cut
from handlers.reply import Reply
from handlers.views.common import code, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.wallet.model import Finding

_LINES_MAX: Final = 5
_LINE_UNITS_MAX: Final = 200
_PERSON: Final = re.compile(r"(wallet|debt):[0-9]+")
_OFFICE: Final = re.compile(r"(?:@| at (?=[a-z0-9-]+: expected))([a-z0-9-]+)")
_COMMAND: Final = "python -m bot audit"


def alarm(words: Words, published: OfficeCatalogue, findings: Sequence[Finding]) -> Reply:
    """Say that something is wrong with the ledger, and who can look into it."""
    _ = words.gettext
    office_id = published.office.id
    own = [line for line in map(str, findings) if not set(_OFFICE.findall(line)) - {office_id}]
    lines = [code(cut(_PERSON.sub(_masked, line), _LINE_UNITS_MAX)) for line in own[:_LINES_MAX]]
    parts = [
        _("🚨 <b>The nightly audit of the ledger found {count} faults · {office}</b>").format(
            count=number(len(findings), words.language),
            office=said(published.office.short_name, words),
        ),
        *(["\n".join(lines)] if lines else []),
        _(
            "Please tell the operator of the desk at once. All of it is listed by: {command}\n"
            "Until it is clear, please send no payouts to the bank."
        ).format(command=code(_COMMAND)),
    ]
    return Reply("\n\n".join(parts))


def _masked(found: re.Match[str]) -> str:
    return f"{found[1]}:\u2022\u2022\u2022"
