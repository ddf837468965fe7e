"""Forms of the incident pages: plain forms that translate what was typed, never the verbs themselves."""
