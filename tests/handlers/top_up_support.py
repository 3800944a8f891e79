"""Citizens and finance on their way to a top-up, whatever the language of the buttons."""

from typing import Any

from bot.citizens.model import CitizenId
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.wallet.model import Balance, TopUp
from handlers.callback_data.top_ups import TopUpVerb
from tests.handlers.citizen_support import everything_kept
from tests.handlers.desk_support import SARA, Officer
from tests.handlers.support import DeskUnderTest, Said, Visitor, faults_of

REFERENCE = "140509018765"
AMOUNT = 5_000_000


def button(said: Said, *parts: str) -> str:
    """Find what the one button carries that has all these parts."""
    (data,) = [one for one in said.presses if set(parts) <= set(one.split(":"))]
    return data


async def tap(person: Visitor, said: Said, *parts: str) -> list[Said]:
    """Press a button, and see that whatever is said is sound."""
    answers = await person.press_data(button(said, *parts), message_id=said.message_id or 77)
    assert not [
        fault for one in answers if one.method != "sendInvoice" for fault in faults_of(one)
    ]
    return answers


async def begun(person: Visitor, way: str) -> Said:
    """Begin, and choose a way."""
    page = await person.say("/topup")
    (page,) = await tap(person, page, "wtd", "w", way)
    return page


async def billed(person: Visitor, amount_rial: int = AMOUNT) -> Said:
    """Go all the way to a bill."""
    page = await begun(person, "invoice")
    *said, bill = await tap(person, page, "wtd", "m", str(amount_rial))
    if not said:  # the first time there is something to agree to
        _said, bill = await tap(person, bill, "wtd", "y")
    assert bill.method == "sendInvoice"
    return bill


async def reviewed(person: Visitor, reference: str = REFERENCE) -> Said:
    """Go up to the last look at a claim."""
    page = await begun(person, "bank")
    (page,) = await tap(person, page, "wtd", "m", str(AMOUNT))
    return await person.say(reference)


async def claimed(person: Visitor, reference: str = REFERENCE) -> Said:
    """Go all the way to the receipt of a claim."""
    (receipt,) = await tap(person, await reviewed(person, reference), "wtd", "y")
    return receipt


async def top_up_of(desk: DeskUnderTest, person_id: int = SARA) -> TopUp:
    async with desk.database.reading() as tx:
        return (await wallet.top_ups_of(tx, citizen_id=CitizenId(person_id), limit=1))[0]


async def balance_of(desk: DeskUnderTest, person_id: int = SARA) -> Balance:
    async with desk.database.reading() as tx:
        return await wallet.balance(tx, office_id="kanoon", citizen_id=CitizenId(person_id))


async def assert_right(desk: DeskUnderTest) -> None:
    async with desk.database.reading() as tx:
        assert not await wallet.audit(tx)


async def checkout(person: Visitor, bill: Said, **wanted: Any) -> tuple[bool, str]:
    """Be about to pay a bill; gives whether it may be paid, and what is said if not."""
    query = {
        "id": "q1",
        "from": person.author,
        "currency": bill.params["currency"],
        "total_amount": bill.params["prices"][0]["amount"],
        "invoice_payload": bill.params["payload"],
    }
    await person.desk.receive("pre_checkout_query", query | wanted)
    (call,) = person.desk.direct
    assert call.method == "answerPreCheckoutQuery"
    return bool(call.params["ok"]), str(call.params.get("error_message", ""))


async def pay(person: Visitor, bill: Said, charge: str = "c1", **wanted: Any) -> list[Said]:
    """Have paid a bill."""
    payment = {
        "currency": bill.params["currency"],
        "total_amount": bill.params["prices"][0]["amount"],
        "invoice_payload": bill.params["payload"],
        "telegram_payment_charge_id": charge,
        "provider_payment_charge_id": f"p-{charge}",
    }
    return await person.send(successful_payment=payment | wanted)


def cards(desk: DeskUnderTest) -> list[Said]:
    """The cards of top-ups in the admin chats, the latest last."""
    return [
        said
        for chat_id, heard in desk.heard.items()
        for said in heard
        if chat_id < 0 and any(data.startswith("mt:") for data in said.presses)
    ]


async def press(officer: Officer, card: Said, verb: TopUpVerb) -> list[Said]:
    said = await officer.visitor.press_data(
        button(card, "mt", verb.value), message_id=card.message_id
    )
    assert not [fault for one in said for fault in faults_of(one)]
    return said


async def refused(
    desk: DeskUnderTest, kind: type[DeskError], person: Visitor, data: str
) -> list[Said]:
    """Press a button that is refused, and see that nothing at all has changed."""
    before = await money_kept(desk)
    count = len(desk.refused)
    said = await person.press_data(data)
    assert [type(one) for one in desk.refused[count:]] == [kind]
    assert await money_kept(desk) == before
    return said


async def money_kept(desk: DeskUnderTest) -> dict[str, list[str]]:
    everything = await everything_kept(desk)
    return {name: everything[name] for name in ("account", "transfer", "operation", "top_up")}


def command(text: str) -> dict[str, Any]:
    length = len(text.split(maxsplit=1)[0])
    return {
        "text": text,
        "entities": [{"type": "bot_command", "offset": 0, "length": length}],
    }
