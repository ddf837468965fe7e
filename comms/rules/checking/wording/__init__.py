"""Words, language and what a message of its kind must say; what may never leave it."""
