"""Small synthesizers of NumPy: waves, drums, keys, a mixer, and the pieces that demos play."""
