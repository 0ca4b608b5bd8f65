"""Links to files: fetches the audio behind an address that a stranger wrote, within limits.

Needs the ``links`` extra (aiohttp, yt-dlp).
"""
