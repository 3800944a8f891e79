"""Files that are made just before they are sent, from the records as they are then."""
