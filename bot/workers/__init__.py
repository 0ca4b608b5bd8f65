"""Child processes that listen: confined, killed after their deadline, and replaced."""
