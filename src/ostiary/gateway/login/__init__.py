"""Logging in at a remote server: discovery, registration, authorization. Never loaded by calls."""
