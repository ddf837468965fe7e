"""Status pages, their subscribers, and planned maintenance."""
