"""What a server's code declares: tools, prompts, resources, routes, and which code answers them."""
