"""Who hears of a status page, and of what on it."""
