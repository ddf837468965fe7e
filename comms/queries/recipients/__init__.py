"""Whom a message reaches, by which way, and what became of each copy."""
