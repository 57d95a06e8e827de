"""What is configured: one server with many users, what starts it, and what is wrong with that."""
