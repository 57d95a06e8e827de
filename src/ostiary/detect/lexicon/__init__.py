"""Words of planted instructions by language: one file a language, each an explicit table."""
