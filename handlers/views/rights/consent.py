"""What a person agrees to before anything of theirs is kept, at the last look at what they send.

The text is written from the table of how long things are kept. What a citizen agreed to is known
by its version and a digest: whoever changes the text raises the version, and all are asked anew.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.keeping import Kind
from handlers.views.common import office_names
from handlers.views.rights.spans import kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words

VERSION: Final = 2


def consent_text(words: Words, offices: Iterable[OfficeCatalogue]) -> str:
    """Say who keeps what, why, how long, and how to say no."""
    _ = words.gettext
    names = office_names(offices, words)
    return _(
        "🔒 <b>Before the first time</b> (version {version}): this desk keeps what you send, "
        "encrypted, with your user number in this messenger, for {offices}: to answer you, to "
        "hold places and to account for money. Staff see it without your number, and nobody else "
        "does. A case goes {case} after its end, an account number {account} after the payout, "
        "but for its last four digits; that money moved stays. See all of it with /mydata, erase "
        "it with /erase; more in /privacy. With the button below you agree. You need not: "
        "questions need nothing of you, and a case can be anonymous."
    ).format(
        version=number(VERSION, words.language),
        offices=names,
        case=kept(words, Kind.CASE),
        account=kept(words, Kind.PAYOUT_ACCOUNT),
    )


def digest_of(text: str) -> str:
    """What is kept of the text that somebody agreed to."""
    return sha256(text.encode()).hexdigest()
