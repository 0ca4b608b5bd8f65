"""Which files are plain, and may take the fast way: a file for each kind of container."""
