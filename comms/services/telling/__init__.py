"""Word to single people about what is theirs: late promises, offers, calls, mentions, questions."""
