"""SoundMap: a sound in, its nearest free tracks out.  Knows no chat platform."""

__version__ = "0.1.0"
