"""A loopback Discord: one server with a bot in it, all on 127.0.0.1, for tests of the real client.

Written from Discord's published reference.  It covers the parts of REST v10 that the bot uses, the
gateway (identify, resume, heartbeat, zlib-stream, intents), files, slash commands, menus, buttons,
selects, modals and autocompletion, and what Discord would refuse in all of these.  The test
controls people and faults over HTTP below ``/_control/``.

Anything Discord would not accept gets the answer that Discord would give, and is listed in
``/_control/problems`` unless the bot could not have known: a message that somebody deleted, a
permission revoked in the meantime, a token that the test expired early, an answer lost to a fault,
an intent that the portal does not grant.

Not covered: voice, threads of the bot's own, stickers, polls, custom emojis, components v2, the
bot's own webhooks, several servers or shards, user installs, and routes that the bot does not use.
A call to any of these is a problem, ``route`` or ``not covered``.
"""
