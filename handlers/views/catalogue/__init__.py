"""Answers, services and offices, as citizens read them."""
