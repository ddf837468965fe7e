"""How many, how much, how long and which number, against the record (C11)."""
