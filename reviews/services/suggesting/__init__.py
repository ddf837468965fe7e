"""Lapses that the portal suggests: from promises, from the record, from the clocks of learning. One person is asked."""
