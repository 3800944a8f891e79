"""Finding what answers a citizen's question."""
