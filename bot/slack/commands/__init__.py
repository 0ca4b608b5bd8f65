"""The commands of Slack, a file each; every one has its twin in cogs/."""
