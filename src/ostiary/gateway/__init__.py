"""The relay: sessions, transports, and the one door that every path crosses."""
