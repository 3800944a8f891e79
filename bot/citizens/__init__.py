"""Who is asking: the language and office a person chose, and what was just spoken of."""
