"""The chain of the audit: who changes or removes what somebody did is found out (ADR 0033)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens import rules
from bot.citizens.model import NO_LINK, Invariant, Link
from bot.citizens.repository import AuditRepository
from bot.kit.auditing import finding

if TYPE_CHECKING:
    from bot.kit.auditing import Finding
    from bot.kit.database import Transaction

_PAGE: Final = 500
_FINDINGS_MAX: Final = 100


async def link(tx: Transaction, ids: list[int]) -> None:
    """Hang the entries of a transaction on the chain, as the last thing that it does."""
    repository = AuditRepository(tx)
    last, links = await repository.locked_head(), []
    for entry in await repository.entries(ids):
        number = last.number + 1
        last = Link(number, entry.id, rules.chained(last.digest, number, entry))
        links.append(last)
    if links:
        await repository.add_links(links)


async def chain_head(tx: Transaction) -> Link:
    """Say how long the chain is and what its last digest is; kept apart, it proves the rest."""
    return await AuditRepository(tx).head()


async def chain_findings(tx: Transaction) -> list[Finding]:
    """Look for entries that were changed, removed, or added past the chain.

    Read it in one moment of the database.
    """
    repository = AuditRepository(tx)
    found, last = [], NO_LINK
    while page := await repository.linked(last.number, limit=_PAGE):
        for here, entry in page:
            if here.number != last.number + 1:
                found.append(_wrong("link", last.number + 1, "a link", "none"))
            elif entry is None:
                found.append(_wrong("entry", here.audit_id, "what was done", "nothing"))
            elif rules.chained(last.digest, here.number, entry) != here.digest:
                found.append(_wrong("entry", here.audit_id, "what was written", "something else"))
            last = here
    head = await repository.head()
    if (head.number, head.digest) != (last.number, last.digest):
        found.append(_wrong("link", head.number, "the last one", f"link {last.number} at the end"))
    found += [
        _wrong("entry", id_, "a link of its own", "none")
        for id_ in await repository.unlinked(limit=_FINDINGS_MAX)
    ]
    return found[:_FINDINGS_MAX]


def _wrong(kind: str, number: int, expected: str, found: str) -> Finding:
    return finding(Invariant.CHAINED, f"{kind} {number} of the audit", expected, found)
