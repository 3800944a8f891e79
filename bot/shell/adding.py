"""What a family of commands is given to add them to, and what a command is."""

import argparse
from collections.abc import Callable

Command = Callable[[argparse.Namespace], int]
"""Does what was asked for, and gives the status to end with."""

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse names it no other way
"""To be had in annotations alone, as Commands[argparse.ArgumentParser]."""
