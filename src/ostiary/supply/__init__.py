"""Packages: brought to this machine without running anything of theirs, and how to start them."""
