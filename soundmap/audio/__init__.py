"""Files to samples: what a file is, the window that is needed, mono, resampled."""
