"""Wishes to hear of a status page: asked for, confirmed, changed, ended, forgotten."""
