"""Where it is and where it is not, against the record (C11)."""
