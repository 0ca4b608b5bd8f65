"""Bundles: the manifest, the listener that runs one, golden values, checks."""
