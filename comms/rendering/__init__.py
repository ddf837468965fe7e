"""Texts for readers: messages and status pages."""
