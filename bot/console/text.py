"""Texts of the console: prompt, welcome and help."""

PROMPT = "♪ "
WELCOME = """SoundMap: give it a sound, get free music that sounds like it.

Type or drop the path of an audio file, or press Enter for a demo sound. /map opens the map of all
tracks in your browser. /help says more.
"""
HELP = """  PATH or LINK            genre of a sound, and the free tracks nearest to it
  /recommend PATH [...]   the same, with options: -n 10, --genre Rock, --license by-sa+,
                          --tempo 90-110, --page, --instrumental, --clean, --roam wider,
                          --catalog NAME, --metric cosine, --credits
  /genre PATH             only the genre
  /demo                   the next of three sounds that SoundMap makes itself
  /more N, /another       more like the Nth of the last list; the next ones for the same sound
  /map [taste]            where the last sound and its list, or what you may like, lie among all
                          tracks, in your browser
  /path FROM -> TO        from one sound to another by tracks that each sound like the one before:
                          files, links, or tracks by number or artist - title
  /why                    every distance and reason of the last list
  /credit [N]             a line to copy that gives credit to the Nth of the last list, or to all
  /clean [on|off]         whether lists leave out strong language in titles and names
  /like N, /hide N        vote for the Nth; never show its artist again
  /catalog [NAME]         which tracks lists come from; soundmap index adds your own music
  /recommend              something new that you may like, from your votes
  /taste [on|off|reset]   what is believed of your taste
  /mydata, /export, /forget   what is kept about you: count it, print it, delete it
  /about, /help, /quit    the model; this; leave (Ctrl-D does too)
"""
