"""Sentences with planted blame, and sentences like them without any."""
