"""Questions without an answer, and the answers that staff write to them."""
