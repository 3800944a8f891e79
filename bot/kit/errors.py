"""How the desk refuses, and how it refuses to start.

    DeskError            what a person can understand and act on
    ├── NotFound         what was asked for is not there (or not theirs)
    ├── NotAllowed       this person may not do that
    ├── Conflict         it can no longer, or not yet, be done
    └── InvalidInput     what was typed cannot be read as what was asked for

Every feature derives its own refusals from these four, as `@dataclass(eq=False)`: a frozen
exception breaks inside an async context manager. Refusals carry values; their words are chosen
at the edge. Anything that is not a DeskError is a defect.
"""

from collections.abc import Sequence


class DeskError(Exception):
    """The desk cannot do that, and can say why."""


class NotFound(DeskError):  # noqa: N818 - a refusal is named for what happened
    """What was asked for is not there, or is not theirs."""


class NotAllowed(DeskError):  # noqa: N818 - as above
    """This person may not do that."""


class Conflict(DeskError):  # noqa: N818 - as above
    """It can no longer, or not yet, be done."""


class InvalidInput(DeskError):  # noqa: N818 - as above
    """What was typed cannot be read as what was asked for."""


class StartRefused(Exception):  # noqa: N818 - as above
    """The program must not start; each fault is one plain line."""

    def __init__(self, faults: Sequence[str]) -> None:
        assert faults
        super().__init__("\n".join(faults))
        self.faults = list(faults)
