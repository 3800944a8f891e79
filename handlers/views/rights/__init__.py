"""Pages about what is a person's own."""
