-- Marks the file as ours ("SMap"): other programs' databases are refused.
PRAGMA application_id = 0x534D6170;

-- Times ("at") are whole seconds since 1970, UTC.  "person" is an opaque key, never a name.

CREATE TABLE sounds (
    clip_sha256 TEXT NOT NULL,
    bundle_id TEXT NOT NULL,
    document TEXT NOT NULL,      -- JSON: what was heard, without the arrays
    probabilities BLOB NOT NULL, -- float32, little-endian
    embedding BLOB NOT NULL,     -- float32, little-endian
    at INTEGER NOT NULL,
    PRIMARY KEY (clip_sha256, bundle_id)
);

-- AUTOINCREMENT: the id of a list that is gone never names another one.
CREATE TABLE lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person TEXT, -- NULL once that person is forgotten
    bundle_id TEXT NOT NULL,
    clip_sha256 TEXT NOT NULL,
    seed_track_id INTEGER,
    request TEXT NOT NULL, -- JSON
    at INTEGER NOT NULL
);
CREATE INDEX lists_by_person ON lists (person);
CREATE INDEX lists_by_sound ON lists (clip_sha256, bundle_id);

CREATE TABLE picks (
    list_id INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL CHECK (rank >= 1),
    track_id INTEGER NOT NULL,
    PRIMARY KEY (list_id, rank)
) WITHOUT ROWID;

CREATE TABLE messages (
    platform TEXT NOT NULL,
    message_id TEXT NOT NULL,
    list_id INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    PRIMARY KEY (platform, message_id)
) WITHOUT ROWID;
CREATE INDEX messages_by_list ON messages (list_id);

CREATE TABLE votes (
    list_id INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL, -- 0 is the list itself
    person TEXT NOT NULL,
    value INTEGER NOT NULL CHECK (value IN (-1, 1)),
    at INTEGER NOT NULL,
    PRIMARY KEY (list_id, rank, person)
) WITHOUT ROWID;
CREATE INDEX votes_by_person ON votes (person);

CREATE TABLE more_likes (
    list_id INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (list_id, rank, person),
    FOREIGN KEY (list_id, rank) REFERENCES picks (list_id, rank) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX more_likes_by_person ON more_likes (person);

CREATE TABLE hidden_artists (
    person TEXT NOT NULL,
    artist TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person, artist)
) WITHOUT ROWID;

-- Channels in which the bot listens without being asked.
CREATE TABLE places (
    platform TEXT NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (platform, place)
) WITHOUT ROWID;

-- Clips that killed a worker; "at" is the last time.
CREATE TABLE kills (
    clip_sha256 TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;

-- The one row that a health check writes.
CREATE TABLE pulse (
    at INTEGER NOT NULL
);
INSERT INTO pulse (at) VALUES (0);
