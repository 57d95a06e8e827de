"""Approved servers: the signed lock, and what a server shows now held against it."""
