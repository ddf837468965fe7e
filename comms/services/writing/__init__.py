"""An update from its first word to the moment it leaves: drafts, checks, readers, publishing."""
