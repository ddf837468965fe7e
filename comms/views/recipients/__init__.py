"""Who reads, by which channel, and who does not want to."""
