"""Which code runs where something is called, with what, and what comes back."""
