"""What people thought of an answer, asked once, and whether it really helped."""
