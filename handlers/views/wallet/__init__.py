"""Money, as citizens, finance and managers read of it."""
