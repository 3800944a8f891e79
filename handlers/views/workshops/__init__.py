"""Workshops, as families and staff read of them."""
