"""Who can reach what, at what level: tools, servers, clients, and what follows from the union."""
