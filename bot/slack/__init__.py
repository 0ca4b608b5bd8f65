"""Slack's thin mouth: acknowledge, ask the service, render.  Each file has its twin in cogs/."""
