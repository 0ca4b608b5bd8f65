"""Slack: the app, replies, cards and buttons.  The commands are in ``commands``."""
