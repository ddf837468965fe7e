"""What the composer and the readers of a text are shown."""
