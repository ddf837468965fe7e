"""Paging teams where they are paged: their targets, what leaves, what comes back."""
