"""Training and measuring.  Nothing that answers imports it."""
