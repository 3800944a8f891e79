"""What changes in what the office promises: circulars, versions, the end of an agreement."""
