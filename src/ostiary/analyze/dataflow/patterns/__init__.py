"""Regular expressions: what they guarantee of a text, and how long a matcher may take."""
