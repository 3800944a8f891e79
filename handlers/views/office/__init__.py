"""What else staff see of their office: days, people, circulars, digests, reports."""
