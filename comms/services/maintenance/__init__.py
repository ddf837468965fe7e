"""Planned maintenance: announced, begun, told about, ended and cancelled, by a person or by the clock."""
