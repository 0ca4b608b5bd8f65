-- The sounds that the list of a mix goes by, or stays away from ("is_away"), in their order.  "name"
-- is that of a track: what a file was called is not kept with a list.
CREATE TABLE list_sounds (
    list_id INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    is_away INTEGER NOT NULL CHECK (is_away IN (0, 1)),
    name TEXT NOT NULL,
    catalog TEXT NOT NULL,
    track_id INTEGER, -- NULL if it is no track of the catalog
    clip_sha256 TEXT NOT NULL,
    bundle_id TEXT NOT NULL,
    document TEXT NOT NULL,      -- as in "sounds"
    probabilities BLOB NOT NULL,
    embedding BLOB NOT NULL,
    PRIMARY KEY (list_id, position)
);

-- What a person gathers for a mix in a channel ("channel", a keyed hash); forgotten an hour after
-- it was last changed.
CREATE TABLE mix_sounds (
    person TEXT NOT NULL,
    channel TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    catalog TEXT NOT NULL,
    track_id INTEGER,
    clip_sha256 TEXT NOT NULL,
    bundle_id TEXT NOT NULL,
    document TEXT NOT NULL,
    probabilities BLOB NOT NULL,
    embedding BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person, channel, position)
);
CREATE INDEX mix_sounds_by_age ON mix_sounds (at);
