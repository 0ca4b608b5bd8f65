"""The commands on Slack, one file each, named like the cogs."""
