"""What all chat platforms have in common: waiting, words, votes, what counts as a sound."""
