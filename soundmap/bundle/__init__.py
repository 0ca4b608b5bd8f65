"""Model bundles: the manifest, the listener, the golden probe and the checks."""
