"""Which service, incident and priority a message is about, against the record (C11)."""
