"""The commands on Discord, one cog per file, loaded by name."""
