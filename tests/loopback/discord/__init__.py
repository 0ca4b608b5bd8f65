"""A loopback Discord: one server with a bot in it, all on 127.0.0.1, for tests of the real client.

Written from Discord's published reference.  It covers REST v10 as far as the bot uses it, the
gateway (identify, resume, heartbeat, zlib-stream, intents), files, slash commands, menus, buttons,
selects, modals and autocompletion, and what Discord would refuse of all that.  People and faults
come from the test, over HTTP below ``/_control/``.

Whatever Discord would not accept is answered as Discord answers it and stands in
``/_control/problems``, except for what the bot could not know: a message that somebody deleted, a
permission taken away since, a token whose life the test cut short, an answer that a fault
swallowed, an intent that the portal does not grant.

Not covered: voice, threads, forums, stickers, polls, custom emojis, components of the second
kind, webhooks of one's own, several servers or shards, installation by a person, and routes that
the bot has no use for.  A call to any of these is a problem, ``route`` or ``not covered``.
"""
