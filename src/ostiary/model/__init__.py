"""The nouns every room speaks. Values only: no I/O, no clock, no randomness."""
