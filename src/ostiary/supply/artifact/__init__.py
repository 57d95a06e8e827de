"""Targets of an audit: brought here and taken apart in memory, with nothing of theirs run."""
