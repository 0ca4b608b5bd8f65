-- Where a message is, in the platform's words, so that its reactions can be read again; NULL where
-- they must not be, since somebody who had voted on it took everything back.
ALTER TABLE messages ADD COLUMN channel TEXT;

-- What is old is found without looking at everything.
CREATE INDEX lists_by_age ON lists (at);
CREATE INDEX votes_by_age ON votes (at);
CREATE INDEX more_likes_by_age ON more_likes (at);
CREATE INDEX sounds_by_age ON sounds (at);

-- "clock": when the clock was last believed.  "rebuild": the file is to be rebuilt when opened.
CREATE TABLE upkeep (
    what TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO upkeep (what, at)
    SELECT 'clock', at FROM (
        SELECT max(at) AS at FROM (SELECT at FROM lists UNION ALL SELECT at FROM votes))
    WHERE at IS NOT NULL;
