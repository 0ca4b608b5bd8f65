-- The catalog that lists come from in a server ("place", a keyed hash) where nobody says otherwise.
CREATE TABLE place_catalogs (
    place TEXT PRIMARY KEY,
    catalog TEXT NOT NULL
) WITHOUT ROWID;
