"""A second opinion on payouts: what has to happen, thought out anew; no line is shared."""

from collections import Counter
from dataclasses import dataclass, replace

from bot.citizens.model import Role, Staff

FINANCE, BOTH, MANAGER = "finance", "finance manager", "manager"
MAY = {
    "take": BOTH,
    "approve": FINANCE,
    "second": MANAGER,
    "reject": BOTH,
    "recall": MANAGER,
    "pay": BOTH,
    "give_back": BOTH,
    "give_back_late": BOTH,
}
FROM = {
    "take": "requested",
    "approve": "review",
    "second": "seconding",
    "reject": "requested review seconding",
    "recall": "approved",
    "pay": "sent",
    "give_back": "sent",
    "give_back_late": "paid",
}
TO = {
    "take": "review",
    "second": "approved",
    "reject": "rejected",
    "recall": "review",
    "pay": "paid",
    "give_back": "returned",
    "give_back_late": "returned_late",
}


@dataclass(frozen=True)
class Asked:
    """A payout as the second opinion sees it."""

    owner: int
    rials: int
    state: str = "requested"
    first: int = 0
    that_day: int = 0  # all that its owner asked for, and was not refused


class Opinion:
    """What has to happen, thought out anew; it shares no line with the desk."""

    def __init__(self) -> None:
        self.cash: Counter[int] = Counter()
        self.payouts: list[Asked] = []

    def held(self, citizen: int) -> int:
        is_held = ("requested", "review", "seconding", "approved", "sent")
        return sum(p.rials for p in self.payouts if p.owner == citizen and p.state in is_held)

    def request(self, citizen: int, rials: int) -> str:
        if self.cash[citizen] - self.held(citizen) < rials:
            return "InsufficientFunds"
        mine = [p for p in self.payouts if p.owner == citizen]
        over = ("paid", "returned", "returned_late", "rejected", "withdrawn")
        if len([p for p in mine if p.state not in over]) == 3:
            return "TooManyPayouts"
        refused = ("rejected", "withdrawn", "returned")
        that_day = rials + sum(p.rials for p in mine if p.state not in refused)
        self.payouts.append(Asked(citizen, rials, that_day=that_day))
        return "requested"

    def withdraw(self, number: int, citizen: int) -> str:
        payout = self.payouts[number]
        if payout.owner != citizen:
            return "NoSuchPayout"
        if payout.state not in ("requested", "review", "seconding"):
            return "PayoutMoved"
        return self.now(number, "withdrawn")

    def act(self, name: str, number: int, who: Staff) -> str:
        payout = self.payouts[number]
        faults = {
            "NoSuchPayout": who.office_id != "kanoon",
            "StaffOnly": who.role.value not in MAY[name].split(),
            "OwnPayout": who.id == payout.owner,
            "PayoutMoved": payout.state not in FROM[name].split(),
            "SamePerson": name == "second" and who.id == payout.first,
        }
        if any(faults.values()):
            return next(fault for fault, is_there in faults.items() if is_there)
        if name == "approve":
            self.payouts[number] = replace(payout, first=who.id)
            return self.now(number, "seconding" if payout.that_day > 500 else "approved")
        if name == "pay":
            self.cash[payout.owner] -= payout.rials
        if name == "give_back_late":
            self.cash[payout.owner] += payout.rials
        return self.now(number, TO[name])

    def export(self, who: Staff) -> str:
        if (who.office_id, who.role) != ("kanoon", Role.FINANCE):
            return "StaffOnly"
        waiting = [n for n, p in enumerate(self.payouts) if p.state == "approved"]
        sent = [n for n in waiting if self.payouts[n].owner != who.id]
        if not sent:
            return "OwnPayout" if waiting else "NothingToSend"
        for number in sent:
            self.now(number, "sent")
        return f"{len(sent)} sent"

    def now(self, number: int, state: str) -> str:
        self.payouts[number] = replace(self.payouts[number], state=state)
        return state
