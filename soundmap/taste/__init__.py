"""Models a person's taste from their votes, and orders lists by it."""
