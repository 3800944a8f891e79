"""What happens to money; being written."""
