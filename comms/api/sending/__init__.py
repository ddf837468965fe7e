"""What left, what did not arrive, and the endpoints of other systems."""
