"""What can be done here; being written."""
