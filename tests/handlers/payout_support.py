"""Citizens who want their money, and the two people of finance who disagree about it."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.citizens.model import CitizenId, Role
from bot.kit.database import metadata
from bot.kit.tracking import code_in
from bot.wallet import use_cases as wallet
from bot.wallet.model import Balance, Payout, PayoutBatch
from handlers.callback_data.payouts import PayoutDeskPressed, PayoutVerb
from tests.handlers.desk_support import Officer
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, Visitor, faults_of, plain
from tests.wallet import support

SARA, REZA = 771_234_561, 771_234_562  # found nowhere but in a leak
FINANCE, SECOND_FINANCE, MANAGER = 2001, 2002, 2003
IBAN = "IR062960000000100324200001"
OTHER_IBAN = "IR820540102680020817909002"
TYPED_IBAN = "IR۰۶ ۲۹۶۰ ۰۰۰۰ ۰۰۱۰ ۰۳۲۴ ۲۰۰۰ ۰۱"
OWNER = "سارا احمدی‌نژاد"
MASKED = "IR•• … 0001"
CASH = 50_000_000
ABOVE = 20_000_010  # takes two people


async def give(desk: DeskUnderTest, person_id: int = SARA, cash: int = CASH) -> None:
    """Put money into a wallet, as a payment does."""
    async with desk.database.transaction() as tx:
        await support.top_up(tx, cash, CitizenId(person_id), now=desk.now)


async def balance_of(desk: DeskUnderTest, person_id: int = SARA) -> Balance:
    async with desk.database.reading() as tx:
        return await wallet.balance(tx, office_id="kanoon", citizen_id=CitizenId(person_id))


def sound(said: Sequence[Said]) -> Said:
    """The last thing said; see that none of it is broken."""
    assert not [fault for one in said for fault in faults_of(one)]
    return said[-1]


async def write(person: Visitor, text: str) -> Said:
    """Write something, and give what was said to it."""
    return sound([await person.say(text)])


async def tap(person: Visitor, said: Said, *parts: str) -> Said:
    """Press the button that carries all these parts."""
    found = [data for data in said.presses if set(parts) <= set(data.split(":"))]
    assert found, (parts, said.presses)
    return sound(await person.press_data(found[0], message_id=said.message_id or 77))


async def up_to_review(
    person: Visitor, amount: str = "500,000 تومان", iban: str = TYPED_IBAN, owner: str = OWNER
) -> Said:
    """Answer every step."""
    await write(person, "/payout")
    await write(person, amount)
    await write(person, iban)
    return await write(person, owner)


async def request(
    desk: DeskUnderTest, person_id: int = SARA, amount: str = "500,000 تومان", iban: str = IBAN
) -> Payout:
    """Ask for a payout the way a citizen does, with money for it."""
    await give(desk, person_id)
    person = desk.person(person_id)
    receipt = await tap(person, await up_to_review(person, amount, iban), "wyc")
    return await payout_in(desk, receipt, person_id)


async def payout_in(desk: DeskUnderTest, said: Said, person_id: int = SARA) -> Payout:
    """Read the payout whose code a message shows."""
    code = code_in(plain(said.text))
    assert code is not None, said.text
    async with desk.database.reading() as tx:
        return await wallet.find_own_payout(tx, code=code, citizen_id=CitizenId(person_id))


async def now(desk: DeskUnderTest, payout: Payout) -> Payout:
    """Read a payout as it stands."""
    async with desk.database.reading() as tx:
        return await wallet.find_payout(tx, code=payout.code, office_id=payout.office_id)


async def all_payouts(desk: DeskUnderTest, person_id: int = SARA) -> list[Payout]:
    async with desk.database.reading() as tx:
        return await wallet.payouts_of(
            tx, office_id="kanoon", citizen_id=CitizenId(person_id), limit=99
        )


async def batches(desk: DeskUnderTest) -> list[PayoutBatch]:
    async with desk.database.reading() as tx:
        return await wallet.batches_of(tx, office_id="kanoon", limit=99)


async def staffed(desk: DeskUnderTest) -> tuple[Officer, Officer, Officer]:
    """Open the desk, with two people of finance and a manager in its chat."""
    await desk.open_desk()
    return (
        await Officer.at(desk, FINANCE, role=Role.FINANCE, group_id=GROUP_ID),
        await Officer.at(desk, SECOND_FINANCE, role=Role.FINANCE, group_id=GROUP_ID),
        await Officer.at(desk, MANAGER, role=Role.MANAGER, group_id=GROUP_ID),
    )


async def press(
    officer: Officer, payout: Payout, verb: PayoutVerb, message_id: int = 77
) -> list[Said]:
    """Press a button of a card, drawn or not."""
    data = PayoutDeskPressed.on(payout, verb).pack()
    return await officer.visitor.press_data(data, message_id=message_id)


async def act(officer: Officer, payout: Payout, verb: PayoutVerb, words: str = "") -> list[Said]:
    """Do something to a payout; what takes words is said in reply to its prompt."""
    said = await press(officer, payout, verb)
    return await officer.reply(said[-1], words) if words else said


async def approved(officer: Officer, payout: Payout) -> None:
    """Look at it and approve it."""
    for verb in (PayoutVerb.TAKE, PayoutVerb.APPROVE):
        assert sound(await press(officer, payout, verb))


async def exported(officer: Officer, office_id: str = "kanoon") -> Said:
    """Send to the bank what is approved."""
    asked = sound(await officer.visitor.press_data(f"mpe:{office_id}"))
    return await tap(officer.visitor, asked, "mpx")


def toast(desk: DeskUnderTest) -> str:
    """What is shown over the chat of who pressed."""
    return str(desk.direct[0].params.get("text", ""))


async def kept(desk: DeskUnderTest) -> dict[str, list[str]]:
    """All that stands in every table of money, as text."""
    found = {}
    async with desk.database.reading() as tx:
        for table in metadata.sorted_tables:
            if table.name.startswith(("payout", "account", "transfer", "hold", "operation")):
                rows = (await tx.execute(select(table))).all()
                found[table.name] = [repr(tuple(row)) for row in rows]
    return found


async def assert_right(desk: DeskUnderTest) -> None:
    async with desk.database.reading() as tx:
        assert not await wallet.audit(tx)
