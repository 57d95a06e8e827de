"""Who is calling: tokens of this gateway, access tokens of identity providers, processes."""
