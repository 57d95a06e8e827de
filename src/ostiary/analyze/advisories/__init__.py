"""Published advisories in OSV form: read, and held against exact versions. Pure."""
