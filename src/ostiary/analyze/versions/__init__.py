"""Two audited versions of one server: what changed, in words, one file for each kind."""
