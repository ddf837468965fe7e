"""Updates as they are written, read, sent and corrected."""
