"""What a function's source says in words: its literals put together, its keys, its calls."""
