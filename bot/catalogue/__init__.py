"""What the offices promise: services, agreements, clauses, and finding the one that is meant."""
