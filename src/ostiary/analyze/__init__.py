"""Source code → facts: what a server declares, what its code reaches, and what controls it."""
