"""What a person tells an office: the way to it, its page, and what they are told of it."""
