"""Pages about how teams are paged, and what pagers post back."""
