"""What was asked last, kept because the same is often asked again."""

from collections import OrderedDict
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_KEPT_MAX: Final = 2048


class Recent(Generic[T]):
    """Keeps what was used last, up to a limit."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, T] = OrderedDict()

    def find(self, key: object) -> T | None:
        """Find what is kept under a key, and keep it longer."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: object, value: T) -> None:
        """Keep a value, and let go what was not used for longest."""
        self._kept[key] = value
        if len(self._kept) > _KEPT_MAX:
            self._kept.popitem(last=False)
