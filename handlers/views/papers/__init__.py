"""What is printed on paper: posters for walls and counters, and the card of the commands."""
