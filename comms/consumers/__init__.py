"""What follows the log a second later (settings.TIMELINE_CONSUMERS)."""
