"""Workshops are tried on both databases."""

from tests.both_databases import database_url

__all__ = ["database_url"]
