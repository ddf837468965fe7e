"""What left, and what did not arrive."""
