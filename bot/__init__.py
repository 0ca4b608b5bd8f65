"""The bot: chats on Discord, Slack and the console.  The music is in :mod:`soundmap`."""
