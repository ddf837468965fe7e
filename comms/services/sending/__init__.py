"""What leaves: the outbox, its lanes, what became of each copy, and sending again."""
