"""Discord: the client, replies, cards and buttons.  The commands are in cogs/."""
