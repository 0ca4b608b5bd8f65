"""Links to files: audio behind an address that a stranger wrote, fetched within limits.

Needs the ``links`` extra (aiohttp, yt-dlp).
"""
