"""The data-flow engine: what reaches what, across functions, files, aliases and wrappers."""
