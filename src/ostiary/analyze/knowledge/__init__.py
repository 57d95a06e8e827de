"""What is known of libraries: what a call does, what comes out of it, what it makes certain."""
