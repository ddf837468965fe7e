"""MIM Portal: major incidents end to end."""
