"""Status pages as those who keep them read them."""
