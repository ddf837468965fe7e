"""Status pages: read, kept, subscribed to, with planned maintenance."""
