"""Cases as the staff of an office see them."""
