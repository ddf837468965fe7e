"""Who reads, and who does not want to."""
