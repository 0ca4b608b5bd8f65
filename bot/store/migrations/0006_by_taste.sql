-- Why taste put a pick in its place ("guess" or "liked_before", with the track that was liked).
ALTER TABLE picks ADD COLUMN by_taste TEXT;
ALTER TABLE picks ADD COLUMN liked_track_id INTEGER;
