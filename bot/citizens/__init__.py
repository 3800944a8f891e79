"""Who is asking and who answers: people, staff, their flows of messages, and their limits."""
