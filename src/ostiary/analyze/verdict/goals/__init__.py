"""Goals of the reader's, held against what an audit found."""
