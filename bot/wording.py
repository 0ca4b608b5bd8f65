"""All sentences that a person reads in a chat, other than the library's.

They are in English; ``wording_ko`` has the same in Korean.
"""

from __future__ import annotations

from collections.abc import Callable

from bot import wording_ko, wording_mix
from bot.types import Progress, Refusal
from soundmap import wording
from soundmap.wording import english as library_en
from soundmap.wording import korean as library_ko

REFUSALS = {
    "closing": "SoundMap is about to restart. Try again in a minute.",
    "one_at_a_time": "One sound at a time, please: yours is number {place} in line, about"
    " {wait_s} s to go.",
    "one_is_heard": "One sound at a time, please: yours is being heard right now. About {wait_s} s"
    " to go.",
    "cooldown": "That was quick! Give me {wait_s} s before the next one.",
    "queue_full": "The line is full: you would be number {place}. Try again in about {wait_s} s.",
    "disk_full": "There is no room left on my disk. Whoever runs this bot needs to make some.",
    "file_host_busy": "The place where your file lies does not hand it out just now. The file may"
    " be fine: try again in a few minutes.",
    "no_file_access": "I am not allowed to read files here: my app lacks the permission"
    " `files:read`. Whoever installed me can add it and install me again.",
    "quarantined": "That file has stopped me twice, so I leave it alone. Convert it to mp3 or wav"
    " and try again.",
    "worker_deadline": "Listening took longer than {seconds:g} s, so I stopped. A shorter cut of"
    " the sound will do.",
    "worker_died": "Something in that file stopped me. Convert it to mp3 or wav and try again.",
    "worker_memory": "That file needs more memory than I may use. A shorter cut of it will do.",
    "worker_failed": "I could not listen to that file, and I do not know why. It is in the log.",
    "no_workers": "I cannot listen just now: the machine I run on cannot start what I listen with."
    " Your file is not to blame; try again in a minute.",
    "machine": "The machine I run on has too much to do just now. Your file is not to blame; try"
    " again in a minute.",
    "no_cluster": "The machines that listen for me are away just now. Try again in a few minutes.",
    "old_command": "That command has changed since your Discord read it. Type it again; restarting"
    " Discord helps.",
    "unexpected": "That went wrong on my side, sorry. It is in the log; try again.",
    "operator": "The machine I run on lacks something for that; whoever runs this bot finds what"
    " in the log. Another file or an mp3 attached here may work.",
    "unknown_list": "I no longer know that list. Post the sound again for a new one.",
    "no_such_pick": "That list has no number {rank}.",
    "other_bundle": "That list was made by an earlier model and cannot go on. Post the sound"
    " again for a new one.",
    "store_locked": "My notebook is busy, so I cannot keep that. Try again in a minute.",
    "store_full": "There is no room left on my disk, so I cannot keep that. Whoever runs this bot"
    " needs to make some.",
    "store_newer": "The database {path} was written by a newer SoundMap. Update SoundMap.",
    "store_broken": "{path} is not a database of SoundMap, or it is damaged. Restore a backup or"
    " name another file.",
    "store_unwritable": "The database {path} cannot be written. Check the folder and its"
    " permissions.",
    "store_replaced": "My notebook was taken away while I was at work, so I cannot keep anything."
    " Whoever runs this bot needs to restart it.",
    "store_exists": "{path} is there already. Name a new file for the backup.",
    "store_missing": "There is no database {path}. Is SOUNDMAP_DATABASE right?",
    "bad_start": "{start} is no time within a sound: write 1:30 or 90.",
    "no_source": "Give me something to listen to: attach a `file` or paste a `link`.",
    "two_sources": "Give me either a `file` or a `link`, not both.",
    "too_many_sounds": "I take one sound at a time, and at most {most} from one person. Post the"
    " others again when those are done.",
    "withheld": "I may not read that message. Give me the sound itself: attach it and mention me,"
    " use `/recommend`, or choose *Apps* in the menu of that message.",
    "withheld_slack": "I may not read the messages in that channel: `/invite` me, send me the sound"
    " in a direct message, or use `/recommend LINK`.",
    "no_audio_here": "There is no sound in that message. Give me a link or a file: I read"
    " {readable}.",
    "taste_is_off": "Your taste is switched off, so I have nothing to go by. Give me a `file` or a"
    " `link`, or turn it on with `/taste on`.",
    "no_taste": "I do not know your taste yet. Ask about a sound with a `file` or a `link`, and"
    " like a few of the tracks with 1️⃣–5️⃣.",
    "no_last_sound": "I have not heard anything from you yet. Give me a `file` or a `link`.",
    "nothing_liked": "I do not know what you like yet. Like a few tracks with 1️⃣–5️⃣.",
    "two_ends": "A path needs two ends, each a file, a link or a track: one to go `from`, one to go"
    " `to`.",
    "two_ends_slack": "A path needs two ends, each a link or a track, and an arrow between them:"
    " `/path https://… -> artist - title`.",
    "manager_only": "Only somebody who may manage this channel can switch listening on or off.",
    "server_only": "That works in the channels of a server.",
    "clean_manager_only": "Only somebody who may manage this server can choose what its lists leave"
    " out.",
    "bad_answer": "{name} is yes or no, not {said}.",
    "catalog_manager_only": "Only somebody who may manage this server can choose its catalog.",
    **wording_mix.REFUSALS,
}

SAYINGS = {
    "queued": "In line: number {place} …",
    "fetching": "Fetching the sound …",
    "listening": "Listening …",
    "comparing": "Comparing …",
    "from_taste": "From your taste, around “{title}” by {artist}",
    "taste_title": "What I believe you like",
    "taste_few": "Votes so far: {signals:g}. From {least} on, lists begin to follow them.",
    "taste_many": "Votes so far: {signals:g}. Lists follow them a little; a sound comes first.",
    "taste_off": "Switched off: lists follow nobody's taste. `/taste on` turns it on.",
    "taste_none": "Nothing yet: like a few tracks with 1️⃣–5️⃣.",
    "taste_tempo": "Tempo around {bpm:.0f} BPM",
    "taste_brightness": "Brightness around {hz:,.0f} Hz, {where}",
    "taste_bright": "brighter than {share:.0%} of the catalog",
    "taste_wrong": "Is something of that wrong?",
    "taste_denied": "Taken away: {names}. It no longer counts.",
    "taste_now_on": "Your lists follow your taste.",
    "taste_now_off": "Your lists no longer follow your taste. Votes are kept; `/taste on` uses them"
    " again.",
    "taste_reset": "Deleted: {votes} votes, taps and hidden artists. I believe nothing of you.",
    "taste_restored": "Taken-away beliefs that count again: {count}.",
    "taste_alt": "What is liked and disliked: {names}",
    "like_track": "Like “{title}” by {artist}",
    "pick_license": "license: {license}",
    "picks": "Sounds like it, free to hear",
    "picks_in": "Sounds like it, in {catalog}",
    "pick_file": "file: {file}",
    "catalog_chosen": "Lists in this server come from {name} from now on, unless `catalog` says"
    " otherwise.",
    "catalog_shown": "Lists here come from **{name}**. There are: {known}.",
    "no_picks": "Nothing to show",
    "footer": "{bundle} · {seconds:.1f} s",
    "vote_hint": "1️⃣–5️⃣ like one · 👍 👎 the list",
    "no_embeds": "I may not embed links here, so this is the plain form.",
    "no_files": "I may not attach files here, so the picture is missing.",
    "no_reactions": "I may not react here; the buttons work.",
    "picture_alt": "Mel spectrogram and genre bars: {genres}",
    "map_alt": "Map of all tracks by genre: a star where the sound lies, numbers for the list",
    "map_taste": "Where on the map your taste lies: warm is what you may like, cool what you may"
    " not.",
    "map_taste_alt": "Map of all tracks, the warmer the more you may like them, with your votes",
    "path_title": "From A to B",
    "path_smooth": "the longest of {steps} steps is {multiple:.1f} times the mean",
    "path_alt": "Map with a way from {start} to {end}, its tracks numbered",
    "may_not_write": "I may not write in {channel}, so the answer comes here.",
    "about_sound": "This is about {name}.",
    "more_like": "More like #{rank}",
    "another_five": "Another five",
    "another": "Another {count}",
    "hide": "Hide artist",
    "demo_house": "Here is a house track that SoundMap made up just now.",
    "demo_piano": "Here is a quiet piano piece that SoundMap made up just now.",
    "demo_wind": "Here is wind with metal bowls in it that SoundMap made up just now.",
    "demo_next": "It is demo {number} of {count}: Enter gives the next one.",
    "why": "Why?",
    "credits": "Credits",
    "list_file": "Playlist",
    "list_file_title": "SoundMap list",
    "list_file_here": "Here is that list as a file.",
    "list_file_sent": "I sent you that list as a file, in a direct message.",
    "list_file_root": "Its paths begin at the folder of the music: put it there to play it.",
    "credits_title": "Credits, ready to copy",
    "credits_more": "For the others: `/credit` and the number.",
    "credits_too_many": "The others do not fit here: ask for a shorter path.",
    "clean_on": "Lists in this server leave out strong language in titles and names.",
    "clean_off": "Lists in this server may have strong language in titles and names.",
    "clean_adults": "Those in adults-only channels do not.",
    "why_title": "Why these",
    "why_you": "Your sound: {traits}",
    "why_pick": "distance {distance:.2f} · {traits}",
    "traits": "{tempo} · brightness {brightness_hz:,.0f} Hz · {bass_share:.0%} bass"
    " · {dynamics_db:.0f} dB dynamics",
    "tempo": "{bpm:.0f} BPM",
    "no_tempo": "no steady beat",
    "hide_prompt": "Which of these artists shall I not show *you* again? Those you choose are"
    " hidden, the others shown.",
    "hide_placeholder": "Artists of this list",
    "hidden_now": "Hidden for you: {artists}. Open the menu again to change it.",
    "hidden_none": "None of these artists is hidden for you.",
    "listening_on": "I answer every audio file posted in {channel} from now on.",
    "listening_lacks": "I lack permissions there: {missing}. A manager can give them to me.",
    "may_read_messages": "View Channel",
    "may_send_messages": "Send Messages",
    "may_send_messages_in_threads": "Send Messages in Threads",
    "may_embed_links": "Embed Links",
    "may_attach_files": "Attach Files",
    "may_add_reactions": "Add Reactions",
    "may_read_message_history": "Read Message History",
    "listening_off": "I answer in {channel} only when I am mentioned.",
    "listening_blind": "I answer every audio file posted in {channel} from now on – once whoever"
    " runs this bot switches on the Message Content intent for it in the Discord developer"
    " portal. Until then, mention me.",
    "kept_in": "Votes and lists are kept in {path}.",
    "left_behind": "{path}, where earlier versions kept them, is not used. To go on with it, stop"
    " the bot and move it and {path}.key to {folder}.",
    "mydata": "I keep about you – lists you asked for: {lists}, votes: {votes}, taps on “More"
    " like”: {more_like}, hidden artists: {hidden_artists}, sounds of mixes: {mix_sounds}. All of"
    " it under a code made from your account number: no name, no message, no audio. Lists and votes"
    " are deleted after {days} days, a mix and its sounds' names after an hour, all at once with"
    " `/mydata forget`. Votes also tint others' lists in a server a little; not with `/taste off`.",
    "exported": "Everything I keep about you.",
    "forgotten": "Forgotten – lists: {lists}, votes: {votes}, taps on “More like”: {more_like},"
    " hidden artists: {hidden_artists}, sounds of mixes: {mix_sounds}, and what you said of your"
    " taste. Lists that others voted on stay, as nobody's: {lists_kept}.",
    "about_title": "SoundMap {version}",
    "about": "**What** · a small neural network that hears a genre mixture and finds free music"
    " that sounds alike\n"
    "**Model** · `{bundle}`, {tracks:,} tracks of the Free Music Archive, {genres}\n"
    "**How good** · names the genre of {accuracy:.1%} of {n} validation tracks (95% interval"
    " {low:.0%} to {high:.0%}; guessing {chance:.1%}); expect a little less on new music\n"
    "**Not good at** · it does not identify recordings, and of {worst} it hears {recall:.0%}\n"
    "**Privacy** · audio is deleted right after listening; votes are kept under a code, see"
    " `/mydata`. Links are read by yt-dlp {ytdlp}",
    "about_invite": "**Invite** · [add me to your server]({link})",
    "help_title": "Post a sound, get free music that sounds like it",
    "help": "**/recommend** a file or link: the five free tracks nearest to it. Choose `count`,"
    " `genre`, `license`, `tempo`, only tracks with a known `page`, `instrumental` or `clean` ones,"
    " the `start` of a part, how far to `roam`, and of which `catalog`.\n"
    "**/credit** lines of credit to copy, for the tracks of your last list.\n"
    "**/genre** a file or link: which genres I hear.\n"
    "**/map** where your last sound, a `file` or a `link` lies among all tracks, or your `taste`.\n"
    "**/path** `from` one sound `to` another, by tracks that each sound like the one before.\n"
    f"{wording_mix.HELP}"
    "**Mention me** with an audio file, or send me one in a direct message.\n"
    "**/listen on** lets me answer every audio file in a channel (for managers).\n"
    "**/catalog** shows which tracks lists come from; `use` changes it (for managers).\n"
    "**/clean on** leaves strong language out of a server's lists (for managers).\n"
    "**Votes** · 1️⃣–5️⃣ like a track, 👍 👎 the whole list; take the reaction away to take the"
    " vote away.\n"
    "**/taste** shows what I believe you like, to correct, switch off or reset;"
    " **/recommend** with nothing follows it.\n"
    "**/mydata** shows, exports or forgets what I keep about you. **/about** the model.\n"
    "I read {readable}, up to {most_mb:g} MiB.",
    "help_slack": "**/recommend LINK** the five free tracks nearest to a sound; `count=3`,"
    " `genre=rock`, `license=permissive`, `tempo=90-110`, `page=yes`, `instrumental=yes`,"
    " `clean=yes`, `roam=wider`, `start=1:30` or `catalog=fma` may stand behind it.\n"
    "**/credit** lines of credit to copy, for the tracks of your last list; `/credit 2` for one.\n"
    "**/genre LINK** which genres I hear.\n"
    "**/map** where your last sound lies among all tracks; `/map LINK` another, `/map taste` what"
    " you may like.\n"
    "**/path LINK -> LINK** from one sound to another, by tracks that each sound like the one"
    " before; `artist - title` or a track's number will do, too.\n"
    f"{wording_mix.HELP_SLACK}"
    "**Mention me** with an audio file or a link, or send me one in a direct message.\n"
    "**/listen on** lets me answer every audio file in a channel (for its creator and admins).\n"
    "**/catalog** shows which tracks lists come from; with a name it changes that (for admins).\n"
    "**/clean on** leaves strong language out of all lists here (for admins).\n"
    "**Votes** · 1️⃣–5️⃣ like a track, 👍 👎 the whole list; take the reaction away to take the"
    " vote away.\n"
    "**/taste** shows what I believe you like, to correct, switch `on` or `off` or `reset`;"
    " **/recommend** with nothing follows it.\n"
    "**/mydata** shows what I keep about you, `export` hands it over, `forget` deletes it."
    " **/about** the model.\n"
    "I read {readable}, up to {most_mb:g} MiB.",
    "listening_uninvited": "I am not in this channel yet: `/invite` {bot}.",
    **wording_mix.SAYINGS,
}

# Problems that only the operator can fix: chats say just that, the log has the details.
FOR_THE_OPERATOR = frozenset(
    {
        *("store_newer", "store_broken", "store_unwritable", "store_exists", "store_missing"),
        *("missing_bundle", "bad_manifest", "other_format", "bad_graph"),
        *("bad_catalog", "bad_own_catalog", "no_layout", "bad_layout"),
        *("needs_pyav", "needs_links", "needs_ytdlp", "needs_engine", "engine_fails"),
    }
)
_MAX_FACT = 500  # letters
_ENGLISH = {**REFUSALS, **SAYINGS}
_KOREAN = {**wording_ko.REFUSALS, **wording_ko.SAYINGS}


def say(code: str, language: str = "en", /, **facts: object) -> str:
    """The sentence of a code in a language, ``en`` or ``ko``."""
    english = _ENGLISH[code]
    chosen = _KOREAN.get(code, english) if language == "ko" else english
    return chosen.format(**wording.shown_facts(facts, language))


def refusal_sentence(refusal: Refusal, language: str = "en") -> str:
    """The sentence of a refusal: why there is no answer, and what to do."""
    if refusal.code in REFUSALS:
        return say(refusal.code, language, **refusal.facts)
    return wording.error_sentence(refusal.code, refusal.facts, language)


def chat_sentence(refusal: Refusal, language: str, neutral: Callable[[str, int], str]) -> str:
    """The sentence of a refusal for a chat, without details meant for the operator.

    Its facts may be what somebody typed, so the chat's ``neutral`` makes them harmless.
    """
    if refusal.code in FOR_THE_OPERATOR:
        return say("operator", language)
    shown = wording.shown_facts(refusal.facts, language).items()
    facts = {name: neutral(it, _MAX_FACT) if isinstance(it, str) else it for name, it in shown}
    return refusal_sentence(Refusal(refusal.code, facts), language)


def progress_phrase(progress: Progress, language: str = "en") -> str:
    """The phrase that says how far a request is."""
    phrase = say(progress.stage, language, place=progress.place)
    if progress.of == 1 or progress.stage == "comparing":
        return phrase
    return say("of_several", language, number=progress.number, of=progress.of, phrase=phrase)


def readable(language: str = "en") -> str:
    """The readable formats as a list in words."""
    return library_ko.READABLE if language == "ko" else library_en.READABLE
