"""Followers of the event log: they may come a second later, and their bugs cannot roll back a declaration."""
