"""What the clock does at the desk: each round looks, acts and tells, in transactions of its own.

A round that is repeated, after a restart or beside another one, finds nothing more to do: whatever
it acts on is marked in the same transaction in which it is told.
"""
