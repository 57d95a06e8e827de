"""The append-only, hash-chained, signed record of what was asked, decided and done."""
