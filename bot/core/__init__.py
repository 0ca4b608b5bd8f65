"""The service behind every chat, and its parts."""
