"""From tiles to a sealed bundle: recipe, lessons, loop, calibration, packing."""
