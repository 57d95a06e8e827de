"""What a test makes certain where it holds and where it does not, and when it says nothing."""
