"""Workshops in the admin chat: made, steered, held, made up for."""
