"""Features of a sound: mel tiles, traits, MFCCs."""
