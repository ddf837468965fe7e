"""What executives read and answer: signed links, estimates, decisions by one tap."""
