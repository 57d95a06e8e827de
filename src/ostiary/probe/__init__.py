"""Connects to a live server and records its surface, within limits of time, size and place."""
