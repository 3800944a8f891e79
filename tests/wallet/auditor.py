"""A second opinion on money, in sixty lines that share none with the ledger."""

from collections import Counter

Booking = tuple[str, str, int]  # from, to, rials


class Auditor:
    """Books in plain sums, and says what must be answered: "done", or the refusal's name."""

    def __init__(self) -> None:
        self.at: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self.booked: dict[str, list[Booking]] = {}
        self.undone: set[str] = set()
        self.undoing: set[str] = set()
        self.waiting: dict[str, tuple[str, int]] = {}

    def book(self, key: str, bookings: list[Booking]) -> str:
        change: Counter[str] = Counter()
        for source, target, rials in bookings:
            change[source] -= rials
            change[target] += rials
        owed = [account for account in change if account.startswith(("wallet", "escrow"))]
        if any(self.at[account] - self.held[account] + change[account] < 0 for account in owed):
            return "InsufficientFunds"
        self.at.update(change)
        self.booked[key] = bookings
        return "done"

    def pay(self, key: str, citizen: int, workshop: int, rials: int) -> str:
        credit = min(rials, self.at[f"wallet:{citizen}:credit@kanoon"])
        parts = {"credit": credit, "cash": rials - credit}
        named = [
            (f"wallet:{citizen}:{b}@kanoon", f"escrow:{workshop}:{b}@kanoon", part)
            for b, part in parts.items()
            if part
        ]
        return self.book(key, named)

    def undo(self, key: str, earlier: str) -> str:
        if earlier in self.undoing | self.undone:
            return "IsReversal" if earlier in self.undoing else "AlreadyReversed"
        answer = self.book(key, [(to, source, r) for source, to, r in self.booked[earlier]])
        if answer == "done":
            self.undone.add(earlier)
            self.undoing.add(key)
        return answer

    def hold(self, key: str, account: str, rials: int) -> str:
        if self.at[account] - self.held[account] < rials:
            return "InsufficientFunds"
        self.held[account] += rials
        self.waiting[key] = (account, rials)
        return "done"

    def resolve(self, key: str, held: str, rials: int) -> str:
        account, most = self.waiting.get(held, ("", 0))
        if rials > most or not account:
            return "MoreThanHeld" if account else "HoldResolved"
        del self.waiting[held]
        self.held[account] -= most
        return self.book(key, [(account, "bank@kanoon", rials)]) if rials else "done"
