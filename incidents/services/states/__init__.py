"""From declared to closed, and back again: the states of an incident and what each needs."""
