"""Word tables: what verbs do, what nouns hold, what parameters take."""
