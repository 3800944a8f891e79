"""Who is asking: no more than the language and the office a person chose."""
