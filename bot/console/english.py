"""What the console says where a chat's sentence would not do: it has no buttons, no reactions."""

from __future__ import annotations

SAYINGS = {
    "welcome": "SoundMap: give it a sound, get free music that sounds like it.",
    "start": "Type or drop the path of an audio file, or press Enter for a demo sound. Tab"
    " completes paths and commands. /map opens the map of all tracks in your browser. /help says"
    " more.",
    "missing_file": "There is no file {path}.{meant} /help shows what I understand.",
    "unknown_command": "There is no command {name}.{meant} /help lists what there is.",
    "wrong_usage": "{command} does not work like that: {reason}. /help shows how.",
    "option_saves": "{option} does not work in this chat. Leave it out: once the list is shown,"
    " /save FILE writes it.",
    "option_is_set": "{option} cannot change while I run. Set {setting} and start me again.",
    "option_elsewhere": "{option} does not work in this chat. Leave it out, or quit and run"
    " soundmap {command} with it.",
    "no_source": "Give me something to listen to: the path of a file, or a link.",
    "path_asks": "A path needs two ends: /path FROM -> TO.",
    "disk_full": "There is no room left on the disk. Make some and try again.",
    "no_workers": "I cannot listen just now: this machine cannot start what I listen with. Your"
    " file is not to blame; try again in a minute.",
    "machine": "This machine has too much to do just now. Your file is not to blame; try again in a"
    " minute.",
    "worker_failed": "I could not listen to that file, and I do not know why.",
    "unexpected": "That went wrong on my side, sorry. Try again.",
    "unknown_list": "I no longer know that list. Give me the sound again for a new one.",
    "other_bundle": "That list was made by an earlier model and cannot go on. Give me the sound"
    " again for a new one.",
    "store_full": "There is no room left on the disk, so I cannot keep that. Make some and try"
    " again.",
    "store_replaced": "My notebook was taken away while I was at work, so I cannot keep anything."
    " Start me again.",
    "mix_empty": "Your mix is empty: what you add is kept for an hour. /mix add SOUND adds one: a"
    " file, a link, a number of the last list or a track; /mix SOUND SOUND mixes them at once.",
    "mix_asks_sound": "Say what to add: a file, a link, a number of the last list or a track.",
    "mix_full": "Your mix has {most} sounds, and no more fit. /mix clear empties it.",
    "mix_lasts": "Kept for an hour. /mix makes the list.",
    "mix_cleared": "Your mix is empty now.",
    "no_list": "There is no list yet. Give me a sound first, or press Enter for a demo.",
    "which": "Say which, by its number in the last list: {command} 1.",
    "no_such_pick": "The last list has no number {rank}: it ends with number {most}.",
    "no_number": "The last list has no number {rank}. For the track of the catalog with that"
    " number, write #{rank}.",
    "no_artist": "Nobody is named as the artist of number {rank}.",
    "like": "Kept: you like number {rank}.",
    "dislike": "Kept: you do not like number {rank}.",
    "unlike": "Taken back: your vote on number {rank}.",
    "no_vote": "You have no vote on number {rank}.",
    "hide": "Hidden: {artist} is not shown to you again. /unhide {rank} takes that back.",
    "unhide": "Shown again: {artist}.",
    "not_hidden": "You do not hide {artist}.{meant}",
    "hidden": "Hidden: {artists}. /unhide and a name shows one again.",
    "hidden_none": "You hide nobody.",
    "catalog_chosen": "Lists come from {name} from now on.",
    "catalog_shown": "Lists come from {name}. There are: {known}.",
    "clean_on": "Lists leave out strong language in titles and names.",
    "clean_off": "Lists may have strong language in titles and names. /clean on leaves it out.",
    "no_picks": "The last list is empty.",
    "opened": "Opened: {address}",
    "open_this": "Open this in a browser: {address}",
    "taste_is_off": "Your taste is switched off, so I have nothing to go by. Give me a sound, or"
    " turn it on with /taste on.",
    "no_taste": "I do not know your taste yet. Give me a sound, and like a few of the tracks:"
    " /like 1.",
    "no_last_sound": "I have not heard anything from you yet. Give me a sound.",
    "nothing_liked": "I do not know what you like yet. Like a few tracks: /like 1.",
    "taste_off": "Switched off: lists do not follow your taste. /taste on turns it on.",
    "taste_none": "Nothing yet. Like a few tracks: /like 1.",
    "taste_now_off": "Your lists no longer follow your taste. Votes are kept; /taste on uses them"
    " again.",
    "taste_genre": "genre",
    "taste_subgenre": "sub-genre",
    "taste_artist": "artist",
    "mydata": "Kept about you – lists: {lists}, votes: {votes}, taps on /more: {more_like}, hidden"
    " artists: {hidden_artists}, sounds of your mix: {mix_sounds}. /export prints all of it,"
    " /export FILE writes it to a file, and /forget deletes it.",
    "exported": "Written: {path}",
    "export_no_list": "/export writes what is kept about you. /save {path} writes the last list.",
    "export_exists": "{path} is there already. Name a new file.",
    "forget_asks": "That deletes your votes, lists and settings for good. Type yes to do it.",
    "not_forgotten": "Nothing was deleted.",
    "forgotten": "Forgotten: all of it.",
}
HELP = (
    ("PATH or LINK", "genre of a sound, and the free tracks nearest to it; several at once, too"),
    ("/recommend PATH", "the same, with options: -n 10, --genre Rock, --license by-sa+,"
     " --tempo 90-110, --page, --instrumental, --clean, --roam wider, --start 1:30, --catalog NAME,"
     " --metric cosine, --credits"),
    ("/recommend", "something new that you may like, from your votes"),
    ("/genre PATH", "only the genre"),
    ("/demo", "the next of three sounds that SoundMap makes itself; Enter does the same"),
    ("/more N", "more like the Nth of the last list"),
    ("/another", "the next ones for the same sound"),
    ("/why [N]", "every distance and reason of the last list, or only of its Nth"),
    ("/like N", "vote for the Nth; /dislike N against it; /unlike N takes either back"),
    ("/hide N", "never show its artist again; /unhide N or NAME does, /unhide lists them"),
    ("/path FROM -> TO", "from one sound to another by tracks that each sound like the one before:"
     " files, links, numbers of the last list, tracks by #number or artist - title"),
    ("/mix SOUND SOUND without SOUND", "tracks near up to five sounds and away from others, named"
     " as for /path, names in quotes; /mix alone takes those that /mix add SOUND gathered within"
     " the hour, /mix show lists them, /mix clear drops them"),
    ("/save [FILE]", "writes the last list or path for a player: .m3u8, .xspf, .csv or .json"),
    ("/credit [N]", "a line to copy that gives credit to the Nth of the last list, or to each"),
    ("/clean [on|off]", "whether lists leave out strong language in titles and names"),
    ("/map", "where the last sound and its list lie among all tracks, in your browser; /map taste"
     " shows what you may like"),
    ("/catalog [NAME]", "which tracks lists come from; soundmap index adds your own music"),
    ("/taste", "what is believed of your taste; on, off or reset may stand behind it"),
    ("/mydata", "what is kept about you; /export [FILE] prints or writes it, /forget deletes it"),
    ("/about", "the model"),
    ("/quit", "leave; so does Ctrl-D"),
)  # fmt: skip
