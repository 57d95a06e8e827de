"""Configuration that a person pasted: read as if it were about to be added to a client."""
