"""The side of the clients: HTTP in both eras, HTTP with server-sent events, standard streams."""
