"""Figures from the record: which incidents count, what is measured of them, and how a million of them stay readable."""
