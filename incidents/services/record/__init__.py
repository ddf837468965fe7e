"""What the record says: impact, times, details, notes, files, links, and history taken from elsewhere."""
