"""What is to be said: queued with the change that caused it, sent later, repeated until said."""
