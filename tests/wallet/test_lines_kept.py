"""What is kept of a line once its money is known: whose it is, and by which journal it moved."""

from bot.kit.database import Database
from bot.wallet import use_cases as wallet
from bot.wallet.model import LineState
from bot.wallet.repository import BankLineRepository
from tests.wallet.bank_support import imported, line
from tests.wallet.top_up_support import AMOUNT, REFERENCE, claim


async def test_a_line_that_verified_a_claim_names_the_claim_and_its_journal(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        await imported(tx, line(REFERENCE, AMOUNT))
        verified = await wallet.top_up(tx, code=claimed.code)
        kept = await BankLineRepository(tx).about(verified.subject)
    assert kept is not None
    assert (kept.state, kept.reference) == (LineState.MATCHED, REFERENCE)
    assert kept.journal_id == verified.journal_id
    assert kept.journal_id is not None
