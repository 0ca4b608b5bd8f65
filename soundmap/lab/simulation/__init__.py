"""Simulated people who vote, to compare policies of taste."""
