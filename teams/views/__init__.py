"""Pages of teams and their profiles."""
