"""English of all sentences about sounds, picks and errors; their codes are stable."""

from __future__ import annotations

from soundmap.wording import bundles, playlists, serving
from soundmap.wording.installing import install

READABLE = "mp3, wav, flac, ogg, opus, m4a, aac, webm, mp4, aiff and many more"

ERRORS = {
    **bundles.ERRORS,
    **playlists.ERRORS,
    "missing_file": "There is no file {path}.",
    "is_folder": "{path} is a folder; name one audio file in it.",
    "not_a_file": "{path} is not an ordinary file. What a pipe holds is named - and comes in as in"
    " soundmap genre - < {path}.",
    "unreadable_file": "{path} cannot be read: {reason}.",
    "empty_file": "The file is empty.",
    "not_audio": f"That is not audio SoundMap can read. It reads {READABLE}.",
    "playlist": "That is a playlist: it only names other files. Give one of those files instead.",
    "no_audio_stream": "There is no sound in that video.",
    "damaged": "No sound could be decoded: the file is damaged or holds none.",
    "headless": "The beginning of this Ogg stream is missing, and only it tells how to decode the"
    " rest. Record or download it from the start.",
    "coded": "This file holds a compressed stream, DTS or Dolby, in place of samples: played as it"
    " is, it is only noise. Extract that stream and send it as a file of its own.",
    "unsupported_rate": "A sample rate of {rate_hz:,} Hz is out of range"
    " ({low_hz:,} to {high_hz:,} Hz).",
    "not_finite": "The file holds numbers that are not sound (NaN or infinite). Export it again.",
    "nothing_named": "Name a sound: an audio file, a link, or - for standard input.",
    "no_input": "Nothing is piped in: - stands for a sound on standard input, as in"
    " soundmap genre - < song.mp3.",
    "nothing_piped": "Nothing came in on standard input, or it was used up before.",
    "past_the_end": "The sound is only {length} long: there is nothing at {start}.",
    "too_short": "{seconds:.1f} s of sound is too short to hear anything in;"
    " {least:.1f} s is the least.",
    "silent": "There is only silence in what was heard.",
    "needs_pyav": f"Reading {{kind}} files needs an optional package: {install('formats')}.",
    "no_link": "I cannot follow that. Give me a link that begins with https:// and leads to audio.",
    "private_link": "That link leads into a private network, where I do not go.",
    "unreachable": "That address cannot be reached. Check the link, or give me the file itself.",
    "too_many_redirects": "That link leads on and on; after {most} redirects I stopped.",
    "gone": "There is nothing at that address any more: it answered {status}.",
    "refused": "That address does not let me in: it answered {status}. Give me the file itself.",
    "slow": "That sound did not arrive within {seconds:g} s. Try again, or give me the file"
    " itself.",
    "too_large": "That is too large: {most_mb:g} MiB is the most. Half a minute of the music is all"
    " I need.",
    "too_long": "That is too long: {minutes} minutes is the most. Give me one song of it.",
    "disk_full": "There is no room left on the disk. Make some and try again.",
    "age_gate": "That page asks for an age, so I cannot listen there. Give me the file itself.",
    "private_page": "That page is private or wants a login, so I cannot listen there.",
    "live": "That is a live stream: it has no end to wait for. Give me a recording.",
    "drm": "That sound is copy-protected, so I cannot listen to it.",
    "page_busy": "That site is busy or takes me for a robot. Try again later, or give me the file"
    " itself.",
    "page_gone": "There is nothing on that page any more, or not for where I am.",
    "playlist_page": "That page is a playlist or an album. Give me the link of one track in it.",
    "no_sound_there": "There is no sound on that page that I can find. Give me a link to the track"
    " itself.",
    "page_failed": "That site did not give me its sound. Sites change often: a newer yt-dlp may"
    " help (here is {version}). Or give me the file itself.",
    "needs_links": f"Following links needs optional packages: {install('links')}.",
    "needs_ytdlp": f"Listening on web pages needs an optional package: {install('links')}.",
    "none_heard": "None of these {n} sounds can be used; the first reason: {reason}.",
    "mix_both": "A mix cannot go by a sound that it stays away from.",
    "mix_takes_lists": "Playlists and folders go behind --playlist, which takes their sounds.",
    "mix_asks": "A mix needs at least one sound to go by.",
    "bad_count": "A list has 1 to {most} tracks, not {count}.",
    "bad_choice": "There is no choice {choice} here.{meant} Choose one of {known}.",
    "not_whole": "Write a whole number from {least} to {most}, not {text}.",
    "not_count": "Write a whole number, 0 or more, not {text}.",
    "not_a_time": "Write a time such as 1:30 or 90, not {text}.",
    "not_a_share": "Write a number from 0 to 0.5, not {text}.",
    "not_a_number": "Write a number, not {text}.",
    "not_an_address": "Write an address such as tcp://10.0.0.1:8786, not {text}.",
    "not_a_host": "Write a host such as nas.local:8000, not {text}.",
    "bad_tempo": "{tempo} is no tempo: write a range of BPM such as 90-110, 120- or -90, or one"
    " tempo such as 120.",
    "unknown_command": "There is no command {name}.{meant} Choose one of {known}.",
    "unknown_option": "There is no option {name}.{meant} --help lists what there is.",
    "unknown_genre": "There is no genre {genre}.{meant} Choose one of {known}.",
    "unknown_track": "There is no file and no track {name}. Give a file, a link, or a track by its"
    " number or as artist - title.",
    "several_tracks": "{name} names several tracks: {offered}. Say which by its number.",
    "same_ends": "Both ends are the same sound, so there is no way to go. Give two that differ.",
    "bad_path": "A path has 1 to {most} tracks in between, not {count}.",
    "path_asks": "A path needs two ends: soundmap path FROM TO.",
    "not_a_picture": "The picture is a PNG: name its file with .png at the end, not {path}.",
    "not_a_page": "The map is a page: name its file with .html at the end, not {path}.",
    "needs_projections": f"Laying out a map needs scikit-learn and umap-learn: {install('train')}.",
    "unreadable_dataset": "{path} cannot be read: {reason}.",
    "missing_columns": "{path} needs the columns {columns}.",
    "missing_arrays": "{path} lacks {arrays}.",
    "bad_tiles": "{path}: tile must be uint8 (n, mel bands, columns), not {found}.",
    "other_bands": "The tiles have {found} mel bands; the bundle hears {expected}.",
    "bad_track_ids": "{path}: track_id must be n integers, not {found}.",
    "bad_genres": "{path}: genre must be n names, not {found}.",
    "bad_artists": "{path}: artist must be n names, not {found}.",
    "track_without_genre": "{path}: track {track_id} has no genre in the table.",
    "missing_features": "{path} lacks {n} of the tracks, {track_id} for one.",
    "unknown_labels": "Unknown genres: {labels}. The bundle knows {known}.",
    "repeated_tracks": "{n} tracks stand twice in the tile files, or on both sides of the split.",
    "leaking_split": "The sides of the split share what they must not, {n} times: {examples}.",
    "uneven_sides": "A training input is {training} and a validation input {validation}: cut both"
    " alike.",
    "bad_mfcc": "{path}: mfcc must be numbers (n, frames, 20), not {found}.",
    "other_tracks": "{path} and {other} are not about the same tracks.",
    "other_spec": "These tiles are cut as {found}; the bundle hears {expected}.",
    "too_narrow": "Tiles of {columns} columns cannot be cut into {slices} slices.",
    "no_gtzan": "{path} does not hold GTZAN: a folder for each of {genres} was expected, in it or"
    " in genres/.",
    "other_counts": "{path} is not complete: {found}. Unpack the archive again.",
    "no_lists": "{path} lacks {lists}: the fault-filtered split of GTZAN by Kereliuk, Sturm and"
    " Larsen (2015). Name the folder of its three lists by --splits.",
    "bad_list": "{path} holds {n} names and is not that split's: {reason}.",
    "missing_audio": "{n} files are missing from {path}, such as {examples}. Unpack the archive"
    " again.",
    "no_fma": "{path} does not hold FMA: fma_small (or _medium, _large) with its folders of mp3 was"
    " expected, fma_metadata/tracks.csv beside it.",
    "bad_archive": "{path} is not the archive as published: its SHA-1 is {found}, not {expected}."
    " Download it again.",
    "fetch_failed": "{url} could not be fetched: {reason}. Run it again: {have_mb:,.0f} MB are here"
    " and stay.",
    "other_size": "{url} has {found_mb:,.0f} MB, not {expected_mb:,.0f}: it is not that archive."
    " Choose another --mirror.",
    "no_room": "{path} needs {needed_mb:,.0f} MB more and has {free_mb:,.0f} MB free. Make room, or"
    " choose another folder by --out.",
    "fetch_busy": "Another process is fetching {name} into that folder. Wait for it to end.",
    "bad_member": "{path} holds {member}, which would lie outside its folder.",
    "dataset_asks": "To prepare, name gtzan or fma and --audio FOLDER; to fetch, one of"
    " {archives}.",
    "bad_table": "{path} is not the FMA table of tracks: {reason}.",
    "nothing_cut": "No file of the {side} side could be cut; the first reason: {reason}.",
    "one_genre": "Training needs two genres or more; there is only {genre}.",
    "too_few_tiles": "Training needs at least two tiles on each side, not {n}.",
    "other_recipe": "{path} holds a run of another recipe or other data:"
    " name another folder, or --fresh.",
    "bad_recipe": "Width, epochs and patience are above 0, the learning rate between 0 and 1,"
    " a batch has two tiles or more, and a seed is from 0 to 4294967295.",
    "not_a_bundle": "{path} is there already and is no bundle; name another folder.",
    "bad_threads": "Training needs at least one thread, not {threads}.",
    "ladder_asks": "Name rows of the ladder ({known}) and --data FOLDER, or --table.",
    "protocol_asks": "A protocol needs --data FOLDER, with tiles-training.npz and tracks.csv.",
    "no_songs": "{path} has no songs of a minute or more.",
    "no_clips": "{path} has no clips that can be heard and are named by a track of the catalog,"
    " such as 000002.mp3.",
    "needs_data": "What --audio and --out name goes with --data FOLDER, not with --tiles.",
    "bench_unwritable": "The points to measure with cannot be written in {path}: {reason}.",
    "bad_name": "A catalog cannot be called {name}: its name is 1 to 32 small letters, digits, -"
    " or _, and not {taken}.",
    "unknown_catalog": "There is no catalog {name}.{meant} Choose one of {known}.",
    "catalog_exists": "There is a catalog {name} already. Choose another name.",
    "shipped_catalog": "The catalog {name} comes with the model; it stays as it is.",
    "remove_asks": "Removing the catalog {name} needs a yes: say --yes.",
    "unfinished_catalog": "The catalog {name} is not finished. Run soundmap index --name {name}.",
    "other_ears": "The catalog {name} was heard by another model, {found}, and has to be heard"
    " anew. Run soundmap index --name {name}.",
    "no_folder": "There is no folder {path}.",
    "no_sounds": "No sound files are in {path}; nothing was changed. Is its disk there?",
    "other_folder": "The catalog {name} is of the music in {path}. Choose another name; or say"
    " --moved, if that music lies here now.",
    "catalog_busy": "Another process is at work on the catalog {name}. Wait for it to end.",
    "nothing_heard": "Nothing in {path} could be heard; the first reason: {reason}.",
    "output": "The answer cannot be written: {reason}{where}.",
    "needs_bench": f"Measuring needs optional packages: {install('bench')}.",
    "needs_matplotlib": f"A report needs matplotlib: {install('train')}.",
    "needs_torch": f"Training needs torch: {install('train')}.",
    **serving.ERRORS,
}

# What the command line says of an answer.
SHOWN = {
    "pick": "{title} by {artist}",
    "turn": "{number} of {total}: {name}",
    "license": "license: {license}",
    "distance": "distance {distance:.2f}",
    "bundle": "bundle {id}",
    "path_from": "From {name}",
    "path_to": "To {name} · distance {distance:.2f}",
    "path_steps": "The longest of {steps} steps is {longest:.2f}, {multiple:.2f} times the mean.",
    "mix_of": "Near {names}",
    "listening": "Listening",
    "mix_without": "Away from {names}",
    "mix_steps": "The longest of {steps} steps from one track to the next is {longest:.2f}.",
    "mix_near": "nearest to {name}: {reasons}",
    "map_is": "The map ({tracks:,} tracks, {mb:.1f} MB): {page}",
    "map_opens": "Open it in a browser; it needs no network.",
    **serving.SHOWN,
}

ASKS = {
    "meant": "Did you mean {meant}?",
}

HEARD = {
    "heard_sure": "Heard as {genre} ({share:.0%})",
    "heard_unsure": "Not sure; most like {genre} ({share:.0%})",
}

WHERE = {
    "all_over": "Listened throughout: {seconds:.0f} s of {whole}, in {windows} places.",
    "one_part": "Listened from {start} to {end} of {whole}.",
}

NOTES = {
    "short_clip": "Only {seconds:.1f} s to go by: below {least:.0f} s the genre is a guess.",
    "cut_short": "Part of the file is missing: {seconds:.0f} s of {promised:.0f} s could be read.",
    "cut_off_above": "The recording has nothing above {khz:.0f} kHz: take the answer with care.",
    "noisy": "The recording has steady noise over it: take the answer with care.",
    "not_heard": "{name} is left out: {reason}.",
    "some_seeds": "That is a lot of sounds: {heard} of {named} were heard, spread evenly.",
    "filter_emptied": "Nothing is left that passes: {filters}.",
    "fewer_picks": "Artists with a track that passes: only {count} ({filters}).",
    "license_unknown": "License not known: {numbers}. Treat such music as CC BY-NC-ND: share"
    " it unchanged, with credit, and not for money.",
    "license_not_stated": "No license is stated: {numbers}. Ask the artist before you share such"
    " music.",
}
