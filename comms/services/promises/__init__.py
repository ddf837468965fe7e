"""Promises of updates: opened, moved, agreed, kept, missed, and the clock that judges them."""
