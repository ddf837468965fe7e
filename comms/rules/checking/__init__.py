"""What is looked at in a message before it leaves: its record, its words, its language."""
