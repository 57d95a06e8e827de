"""The AI applications: where each keeps its configuration and how to read it. Reads only."""
