"""What executives read: signed links and estimates."""
