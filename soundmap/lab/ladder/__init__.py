"""Published systems, rebuilt to run on one data set and one split, and compared in one table."""

ROWS = {
    "features-dnn": "20 MFCC means, dense network",
    "mfcc-cnn": "MFCCs of 3 s, augmented, CNN",
    "mel-cnn": "mel tiles, the published CNN",
    "mel-vit": "mel tiles, vision transformer",
    "ours": "mel tiles, the shipped bundle",
}
PROTOCOLS = ("slices-random", "tracks")
N_FOLDS = 5
"""Of the cross-validation by artist."""
