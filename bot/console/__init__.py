"""The console: a chat in a terminal, with no account anywhere."""
