"""Files of Ostiary's own: whole or not there, and private where they must be."""
