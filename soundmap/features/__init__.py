"""Samples to numbers: mel tiles, traits, MFCCs."""
