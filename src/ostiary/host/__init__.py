"""Runs a stranger's server in a box: no network, no secrets, no host files, limits on all."""
