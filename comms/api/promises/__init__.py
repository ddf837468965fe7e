"""When readers hear next: deadlines, cadence, and who is told that one is due."""
