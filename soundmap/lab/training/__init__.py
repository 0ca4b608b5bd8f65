"""From tiles to a sealed bundle: recipe, training loop, calibration, packing."""
