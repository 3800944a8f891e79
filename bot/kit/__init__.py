"""Tools that know nothing of a help desk."""
