"""Child processes that listen: confined, killed past their deadline, and replaced."""
