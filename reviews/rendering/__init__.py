"""Words made from the record."""
