"""What people fill in about updates, promises and their settings."""
