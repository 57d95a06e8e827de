"""The record of what happened: append-only, chained by hashes, signed at checkpoints."""
