"""What can be done to workshops, by staff, by citizens and by time."""
