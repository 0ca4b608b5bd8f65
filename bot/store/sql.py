"""SQL statements of the store; ``:at`` is the time."""

ADD_SOUND = """INSERT INTO sounds (clip_sha256, bundle_id, document, probabilities, embedding, at)
    VALUES (:clip_sha256, :bundle_id, :document, :probabilities, :embedding, :at)
    ON CONFLICT (clip_sha256, bundle_id) DO UPDATE SET document = excluded.document, at = :at,
        probabilities = excluded.probabilities, embedding = excluded.embedding"""
ADD_LIST = """INSERT INTO lists
    (id, person, bundle_id, clip_sha256, seed_track_id, request, place, rung, at)
    VALUES (:id, :person, :bundle_id, :clip_sha256, :seed_track_id, :request, :place, :rung, :at)"""
ADD_PICK = """INSERT INTO picks (list_id, rank, track_id, propensity, by_taste, liked_track_id)
    VALUES (?, ?, ?, ?, ?, ?)"""
PICKS = "SELECT * FROM picks WHERE list_id = ? ORDER BY rank"
ADD_MESSAGE = """INSERT INTO messages (platform, message_id, list_id, channel)
    SELECT :platform, :message_id, id, :channel FROM lists WHERE id = :list_id
    ON CONFLICT (platform, message_id) DO UPDATE SET list_id = :list_id"""
SHOWING = """SELECT message_id, channel, list_id FROM messages JOIN lists ON lists.id = list_id
    WHERE platform = ? AND channel IS NOT NULL AND at >= ? ORDER BY list_id DESC LIMIT ?"""
VOTE = """INSERT INTO votes (list_id, rank, person, value, at)
    SELECT id, :rank, :person, :value, :at FROM lists
    WHERE id = :list_id AND (:rank = 0 OR EXISTS (
        SELECT 1 FROM picks WHERE list_id = :list_id AND rank = :rank))
    ON CONFLICT (list_id, rank, person) DO UPDATE SET value = :value, at = :at"""
UNVOTE = """DELETE FROM votes WHERE list_id = :list_id AND rank = :rank
    AND person = :person AND value = :value"""
CLEAR = "DELETE FROM votes WHERE list_id = :list_id"
CLEAR_ONE = "DELETE FROM votes WHERE list_id = :list_id AND rank = :rank AND value = :value"
MORE_LIKE = """INSERT INTO more_likes (list_id, rank, person, at)
    SELECT list_id, rank, :person, :at FROM picks WHERE list_id = :list_id AND rank = :rank
    ON CONFLICT (list_id, rank, person) DO UPDATE SET at = :at"""
KILL_SECONDS = 86_400  # kills expire: the machine may have been to blame
KILLS = "SELECT count FROM kills WHERE clip_sha256 = ? AND at BETWEEN ? AND ?"
ADD_KILL = f"""INSERT INTO kills (clip_sha256, count, at) VALUES (:clip_sha256, 1, :at)
    ON CONFLICT (clip_sha256) DO UPDATE SET at = :at,
        count = CASE WHEN abs(at - :at) > {KILL_SECONDS} THEN 1 ELSE count + 1 END"""
HIDE = """INSERT INTO hidden_artists (person, artist, at) VALUES (?, ?, ?)
    ON CONFLICT (person, artist) DO NOTHING"""
SHOW = "DELETE FROM hidden_artists WHERE person = ? AND artist = ?"
LISTEN = """INSERT INTO places (platform, place) VALUES (:platform, :place)
    ON CONFLICT (platform, place) DO NOTHING"""
IGNORE = "DELETE FROM places WHERE platform = :platform AND place = :place"
SET_CATALOG = """INSERT INTO place_catalogs (place, catalog) VALUES (:place, :catalog)
    ON CONFLICT (place) DO UPDATE SET catalog = :catalog"""
CLEAN = "INSERT INTO clean_places (place) VALUES (:place) ON CONFLICT (place) DO NOTHING"
NOT_CLEAN = "DELETE FROM clean_places WHERE place = :place"
LIST_SOUNDS = "SELECT * FROM list_sounds WHERE list_id = ? ORDER BY position"
ADD_LIST_SOUND = """INSERT INTO list_sounds (list_id, position, is_away, name, catalog, track_id,
        clip_sha256, bundle_id, document, probabilities, embedding)
    VALUES (:list_id, :position, :is_away, :name, :catalog, :track_id,
        :clip_sha256, :bundle_id, :document, :probabilities, :embedding)"""
MIX_SOUNDS = """SELECT * FROM mix_sounds
    WHERE person = :person AND channel = :channel AND bundle_id = :bundle_id
        AND abs(:at - at) < :lasting
    ORDER BY position"""
CLEAR_MIX = "DELETE FROM mix_sounds WHERE person = :person AND channel = :channel"
OLD_MIXES = "DELETE FROM mix_sounds WHERE abs(:at - at) >= :lasting"
ADD_MIX_SOUND = """INSERT INTO mix_sounds (person, channel, position, name, catalog, track_id,
        clip_sha256, bundle_id, document, probabilities, embedding, at)
    VALUES (:person, :channel, :position, :name, :catalog, :track_id,
        :clip_sha256, :bundle_id, :document, :probabilities, :embedding, :at)"""
PULSE = "UPDATE pulse SET at = :at"

SHOWN = """
    SELECT DISTINCT picks.track_id FROM lists AS kept
    JOIN lists ON lists.id >= kept.id AND lists.person = :person
        AND lists.clip_sha256 = :clip_sha256 AND lists.seed_track_id IS :seed_track_id
    JOIN picks ON picks.list_id = lists.id
    WHERE kept.id = :list_id
"""

PARDON = "DELETE FROM kills WHERE clip_sha256 = :clip_sha256"
