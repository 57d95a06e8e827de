"""Who is calling: tokens of this gateway, and access tokens of an identity provider."""
