"""Updates and what they are written from."""
