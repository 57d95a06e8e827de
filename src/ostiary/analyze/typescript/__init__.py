"""JavaScript and TypeScript source lowered from tree-sitter's trees."""
