"""Updates received from the messenger: kept at least once, worked off in order, chat by chat."""
