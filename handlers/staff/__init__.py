"""The staff desk: all that staff do, in the admin chat of their office."""
