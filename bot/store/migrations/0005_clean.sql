-- Servers ("place", a keyed hash) whose lists leave out strong language.
CREATE TABLE clean_places (
    place TEXT PRIMARY KEY
) WITHOUT ROWID;
