"""What a server says of itself, judged: poisoning, collisions, claims, differences."""
