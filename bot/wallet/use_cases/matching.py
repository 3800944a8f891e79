"""What a line of a bank file is, beside what the desk has: known, waited for, or nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.kit.errors import DeskError
from bot.wallet import rules
from bot.wallet.model import (
    BankFileKind,
    FileFinding,
    JournalId,
    LineOutcome,
    LineState,
    Move,
    TopUpState,
    TransferCode,
)
from bot.wallet.repository import BankLineRepository, TopUpRepository
from bot.wallet.use_cases.bank_lines import put_into_suspense
from bot.wallet.use_cases.ledger import move
from bot.wallet.use_cases.matching_payouts import matched_payout
from bot.wallet.use_cases.top_ups import verify_reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.wallet.model import BankFile, BankLine, RawLine, TopUp

_MISSING_MAX: Final = 500
_POSTED: Final = (TopUpState.VERIFIED, TopUpState.UNMATCHED)

_Key = tuple[str, bool]  # a reference, and whether the money came in


@dataclass
class Matching:
    """Some lines of a file, with what the desk has under their references."""

    tx: Transaction
    file: BankFile
    actor: Staff | None
    now: datetime
    taken: dict[_Key, BankLine]
    top_ups: dict[str, TopUp]

    @classmethod
    async def of(
        cls,
        tx: Transaction,
        file: BankFile,
        lines: Sequence[RawLine],
        *,
        actor: Staff | None,
        now: datetime,
    ) -> Matching:
        """Look up what is known of the lines, all at once."""
        references = {line.reference for line in lines}
        taken = await BankLineRepository(tx).find_among(file.office_id, file.kind, references)
        top_ups = TopUpRepository(tx)
        if file.kind is BankFileKind.BANK:
            claims = await top_ups.claims_among(file.office_id, references)
            known = {claim.reference or "": claim for claim in claims}
        else:
            charges = await top_ups.charges_among(file.office_id, references)
            known = {
                name: one for one in charges for name in (one.reference, one.charge_id) if name
            }
        by_key = {(line.reference, line.amount_rial > 0): line for line in taken}
        return cls(tx, file, actor, now, by_key, known)

    async def take_up(self, line: RawLine) -> FileFinding:
        """Do with a line what there is to be done, and say what that was."""
        earlier = self.taken.get((line.reference, line.amount_rial > 0))
        if earlier is not None:
            if earlier.amount_rial == line.amount_rial:
                return _found(line, LineOutcome.REPEATED)
            return _found(line, LineOutcome.AMOUNT_DIFFERS, other_rial=earlier.amount_rial)
        if self.file.kind is BankFileKind.BANK:
            if line.is_settlement:
                return await self._settle(line)
            payout = await matched_payout(
                self.tx, self.file.office_id, line, actor=self.actor, now=self.now
            )
            if payout is not None:
                if payout.outcome in (LineOutcome.PAID, LineOutcome.MATCHED):
                    await self._keep(line, LineState.MATCHED, subject=f"payout:{payout.code}")
                return payout
        if line.amount_rial < 0:
            return _found(line, LineOutcome.UNKNOWN_OUT)
        known = self.top_ups.get(line.reference)
        return await (self._suspend(line) if known is None else self._compare(line, known))

    async def _compare(self, line: RawLine, known: TopUp) -> FileFinding:
        """Lay a line beside the top-up that has its reference."""
        is_same = known.amount_rial == line.amount_rial
        if known.state in _POSTED:
            if not is_same:
                return _found(line, LineOutcome.AMOUNT_DIFFERS, known)
            await self._keep(
                line, LineState.MATCHED, subject=known.subject, journal_id=known.journal_id
            )
            return _found(line, LineOutcome.MATCHED, known)
        if is_same and self.actor is not None:
            verified = await self._verified(known, self.actor)
            if verified is not None:
                await self._keep(
                    line,
                    LineState.MATCHED,
                    subject=verified.subject,
                    journal_id=verified.journal_id,
                )
                return _found(line, LineOutcome.VERIFIED, verified)
        await self._suspend(line)
        outcome = LineOutcome.SUSPENSE if is_same else LineOutcome.AMOUNT_DIFFERS
        return _found(line, outcome, known)

    async def _verified(self, claim: TopUp, actor: Staff) -> TopUp | None:
        """Verify the claim that waited for this money; None where it is the actor's own."""
        try:
            async with self.tx.begin_nested():
                return await verify_reference(self.tx, code=claim.code, actor=actor, now=self.now)
        except DeskError:
            return None

    async def _settle(self, line: RawLine) -> FileFinding:
        """Book that the gateway handed over what it had collected."""
        kept = await self._keep(line, LineState.SETTLED)
        office_id = self.file.office_id
        bank = rules.account_code(office_id, "bank")
        gateway = rules.account_code(office_id, "gateway")
        journal = await move(
            self.tx,
            key=f"{kept.ledger_reference}:settled",
            moves=[Move(bank, gateway, line.amount_rial, TransferCode.SETTLEMENT)],
            reference=kept.ledger_reference,
            reason=line.reference,
            actor=self._who,
            now=self.now,
        )
        await self._note(kept, journal.id)
        return _found(line, LineOutcome.SETTLED)

    async def _suspend(self, line: RawLine) -> FileFinding:
        kept = await self._keep(line, LineState.SUSPENSE)
        key = f"{kept.ledger_reference}:suspense"
        journal_id = await put_into_suspense(self.tx, kept, key=key, actor=self._who, now=self.now)
        await self._note(kept, journal_id)
        return _found(line, LineOutcome.SUSPENSE)

    async def _keep(
        self,
        line: RawLine,
        state: LineState,
        *,
        subject: str | None = None,
        journal_id: JournalId | None = None,
    ) -> BankLine:
        kept = await BankLineRepository(self.tx).add(
            line,
            office_id=self.file.office_id,
            kind=self.file.kind,
            file_id=self.file.id,
            state=state,
            now=self.now,
            subject=subject,
            journal_id=journal_id,
        )
        assert kept is not None, "whoever takes up lines stands in one line"
        self.taken[line.reference, line.amount_rial > 0] = kept
        return kept

    async def _note(self, line: BankLine, journal_id: JournalId) -> None:
        noted = await BankLineRepository(self.tx).change(
            line.id, (line.state,), journal_id=journal_id
        )
        assert noted is not None

    @property
    def _who(self) -> str:
        return "operator" if self.actor is None else f"staff:{self.actor.id}"


async def missing_from(tx: Transaction, file: BankFile, days: tuple[date, date]) -> list[TopUp]:
    """List what was put into wallets on these days, of which no file of the kind has told."""
    return await BankLineRepository(tx).without_line(
        file.office_id, file.kind, days, limit=_MISSING_MAX
    )


def _found(
    line: RawLine,
    outcome: LineOutcome,
    known: TopUp | None = None,
    *,
    other_rial: int | None = None,
) -> FileFinding:
    differs = outcome is LineOutcome.AMOUNT_DIFFERS
    return FileFinding(
        seq=line.row,
        outcome=outcome,
        reference=line.reference,
        amount_rial=line.amount_rial,
        on=line.on,
        other_rial=known.amount_rial if known is not None and differs else other_rial,
        code=None if known is None else known.code,
    )
