"""Audiences, their addresses, and those who do not want to hear."""
