"""The service that every way in calls, and what it is made of."""
