"""The words of the product for a moment in which everybody speaks one language."""  # noqa: INP001 - beside the documentation

from collections.abc import ItemsView, Iterator, Mapping
from dataclasses import dataclass

from bot.kit.words import Words


@dataclass(frozen=True)
class OneLanguage(Mapping[str, Words]):
    """The words of the product where everybody speaks one language, whatever they chose."""

    words: Mapping[str, Words]
    language: str

    def __getitem__(self, key: str) -> Words:
        """Give the one language, whichever is asked for."""
        assert key in self.words
        return self.words[self.language]

    def __iter__(self) -> Iterator[str]:
        """Name every language of the product."""
        return iter(self.words)

    def __len__(self) -> int:
        """Count the languages."""
        return len(self.words)

    def items(self) -> ItemsView[str, Words]:
        """Give each language its own words: a page may offer them all."""
        return self.words.items()
