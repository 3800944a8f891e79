"""The help desk: everything it knows and decides, without a word of Telegram."""
