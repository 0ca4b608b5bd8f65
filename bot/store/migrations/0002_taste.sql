-- The server in which a list was shown ("place", a keyed hash) and how its order came about.
ALTER TABLE lists ADD COLUMN place TEXT;
ALTER TABLE lists ADD COLUMN rung TEXT NOT NULL DEFAULT 'plain';
CREATE INDEX lists_by_place ON lists (place);

-- How probable each pick was at its rank; 1 where nothing was left to chance.
ALTER TABLE picks ADD COLUMN propensity REAL NOT NULL DEFAULT 1;

-- Who does not want lists after their own taste has a row with 0.
CREATE TABLE taste_settings (
    person TEXT PRIMARY KEY,
    is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    at INTEGER NOT NULL
) WITHOUT ROWID;

-- What a person says is not true of them: no vote counts that a belief of this name rests on.
CREATE TABLE denied_beliefs (
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person, kind, name)
) WITHOUT ROWID;
