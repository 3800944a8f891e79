"""Whatever a citizen tells the office that deserves an answer, from the first word to the end."""
