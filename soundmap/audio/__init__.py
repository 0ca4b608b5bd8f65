"""Decodes files: container, the window to hear, mono, resampling; and makes demo sounds."""
