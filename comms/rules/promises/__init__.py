"""When the next update is owed, what a promise asks for, and how often an audience hears."""
