"""The payment provider of the pocket messenger: asks the bot, takes no money, and sends receipts.

    pay → pre_checkout_query → the bot agrees within ten seconds → successful_payment

It can also behave as a provider does on a bad day; see `Ending`.
"""

from enum import StrEnum

from bot.simulator.actions import post
from bot.simulator.errors import PersonError
from bot.simulator.state import Chat, Message, Person, World
from bot.simulator.wire import Json

UNANSWERED = "ربات به‌موقع پاسخ نداد."
DECLINED = "بانک پرداخت را رد کرد."


class Ending(StrEnum):
    """What becomes of a payment that a person wishes to make."""

    PAID = "paid"
    TWICE = "twice"  # Paid once, and told to the bot twice.
    DECLINED = "declined"  # By the bank, after the bot had agreed.
    REGARDLESS = "regardless"  # Paid, whether or not the bot has agreed in time.


async def pay(
    world: World, person: Person, chat: Chat, message_id: int, ends: Ending = Ending.PAID
) -> str:
    """Pay a bill; gives an empty text, or why it came to nothing."""
    bill = chat.messages.get(message_id)
    if bill is None or "invoice" not in bill.public:
        raise PersonError("that is no bill")
    invoice = bill.public["invoice"]
    paid: Json = {
        "currency": invoice["currency"],
        "total_amount": invoice["total_amount"],
        "invoice_payload": bill.invoice_payload,
    }
    query_id = world.add_query(person.id, chat.id)
    failure = await _ask(world, person, query_id, paid)
    if failure and ends is not Ending.REGARDLESS:
        return failure
    if ends is Ending.DECLINED:
        return DECLINED
    # The time is in it because a bot remembers the charges of messengers that ended before.
    charge = f"{int(world.clock() * 1000)}-{query_id}"
    paid["telegram_payment_charge_id"] = f"trial-{charge}"
    if world.profile.is_complete:
        paid["provider_payment_charge_id"] = f"trial-provider-{charge}"
    for _ in range(2 if ends is Ending.TWICE else 1):
        post(world, person, chat, {"successful_payment": paid})
    return ""


def repeat_receipt(world: World, person: Person, chat: Chat) -> Message:
    """Tell the bot once more of the last payment of a person in a chat."""
    for message in reversed(chat.messages.values()):
        if message.author_id == person.id and "successful_payment" in message.public:
            paid = message.public["successful_payment"]
            return post(world, person, chat, {"successful_payment": paid})
    raise PersonError("they have paid nothing there")


async def _ask(world: World, person: Person, query_id: str, paid: Json) -> str:
    asked = {"id": query_id, "from": person.public, **paid}
    world.updates.add("pre_checkout_query", asked, f"user:{person.id}")
    query = world.queries[query_id]
    await world.events.changed.until(lambda: query.answer is not None, world.checkout_seconds)
    if query.answer is None:
        return UNANSWERED
    return "" if query.answer["ok"] else str(query.answer["error_message"])
