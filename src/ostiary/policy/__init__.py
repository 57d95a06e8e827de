"""Decides a request by policy: Cedar underneath, sentences on top. Values in, values out."""
