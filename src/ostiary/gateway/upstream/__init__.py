"""The side of the servers: a pooled HTTP client, boxed processes, event streams."""
