"""Values become words and buttons here; nothing else is decided."""
