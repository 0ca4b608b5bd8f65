"""What taggers write into sound files, read as text by key, in time and memory that are bounded."""
