"""Workshops: announced, planned, registered for, waited for, paid, held, and made up for."""
