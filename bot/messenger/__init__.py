"""The only room that speaks the Bot API: fetches updates, has them answered, says what is due."""
