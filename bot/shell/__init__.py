"""The commands of `python -m bot`, one module a family; each adds its own to the command line.

A module imports what a command needs in that command: most of them wait for no half second of it.
"""
