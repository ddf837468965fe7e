"""Pages of updates, promises and status."""
