"""Money in the admin chat: credit, top-ups, payouts, files of the bank."""
