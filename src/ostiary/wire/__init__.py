"""Bytes to messages and back: strict JSON, JSON-RPC, one file per MCP era, digests."""
