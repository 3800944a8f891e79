"""Cases in the admin chat: lists, cards, answers, endings."""
