"""What workshops allow: pure decisions, a file for each matter."""
