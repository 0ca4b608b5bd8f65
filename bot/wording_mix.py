"""The sentences about mixes, in English and Korean: parts of ``wording`` and ``wording_ko``."""

from __future__ import annotations

REFUSALS = {
    "mix_empty": "Your mix in this channel is empty: what you add is kept for an hour. Choose"
    " *Add to mix* in the menu of a message with audio or below a list, or name sounds.",
    "mix_asks_sound": "Give me something to add: a file, a link or a track.",
    "mix_adds_sounds": "Only sounds go behind `/mix add`: put `without` and options behind `/mix`"
    " when you mix them.",
    "mix_full": "Your mix has {most} sounds, and no more fit. `/mix clear` empties it.",
    "mix_too_many": "A mix goes by {most} sounds at most, not {count}.",
    "none_of_these": "None of these sounds can be used.",
}
SAYINGS = {
    "mix_title": "A mix of {count} sounds",
    "mix_of_one": "A mix of one sound",
    "mix_away": "Away from: {names}",
    "mix_picks": "Near these sounds, free to hear",
    "mix_picks_in": "Near these sounds, in {catalog}",
    "mix_added": "Added to your mix here: {count}.",
    "mix_known": "In your mix already: {count}.",
    "mix_over": "A mix has {most} sounds at most. Left out: {count}.",
    "mix_lasts": "Kept for an hour, for you in this channel.",
    "mix_cleared": "Your mix in this channel is empty now.",
    "mix_make": "Mix these",
    "mix_clear": "Clear",
    "mix_add": "Add to mix",
    "left_out": "Left out: {name}. {reason}",
    "of_several": "Sound {number} of {of}: {phrase}",
}
HELP = (
    "**/mix make** tracks near up to five sounds, `without` others; **add**, **show** and **clear**"
    " gather them for an hour.\n"
    "**Apps menu** of any message with audio: *{similar}*, *{which}*, *{add}*\n"
)
HELP_SLACK = (
    "**/mix LINK, artist - title without LINK** tracks near up to five sounds; `/mix add`, `show`"
    " and `clear` gather them for an hour.\n"
    "**Menu** of a message with audio: *Find similar music*, *What genre is this?*, *Add to mix*\n"
)
"""What the help says of mixes and of the menu of a message."""
KOREAN_REFUSALS = {
    "mix_empty": "이 채널에 모아 둔 소리가 없습니다. 넣은 소리는 한 시간 동안 남습니다. 오디오가"
    " 있는 메시지의 메뉴나 목록 아래에서 *믹스에 넣기*(*Add to mix*)를 고르거나 소리를 직접 알려"
    " 주세요.",
    "mix_asks_sound": "넣을 것을 주세요: 파일, 링크, 곡 중 하나면 됩니다.",
    "mix_adds_sounds": "`/mix add`에는 소리만 쓸 수 있습니다. `without`과 옵션은 섞을 때 `/mix`"
    " 뒤에 써 주세요.",
    "mix_full": "믹스에 소리가 {most}개 있어 더 넣을 수 없습니다. `/mix clear`로 비울 수 있습니다.",
    "mix_too_many": "믹스에는 소리를 {most}개까지 쓸 수 있습니다. {count}개는 너무 많습니다.",
    "none_of_these": "쓸 수 있는 소리가 하나도 없습니다.",
}
KOREAN_SAYINGS = {
    "mix_title": "소리 {count}개를 섞은 목록",
    "mix_of_one": "소리 하나로 만든 목록",
    "mix_away": "피한 소리: {names}",
    "mix_picks": "이 소리들과 비슷한 무료 음악",
    "mix_picks_in": "이 소리들과 비슷한 음악: {catalog}",
    "mix_added": "내 믹스에 {count}개를 넣었습니다.",
    "mix_known": "이미 들어 있는 소리: {count}개.",
    "mix_over": "믹스에는 소리를 {most}개까지 넣을 수 있어 {count}개는 뺐습니다.",
    "mix_lasts": "이 채널에서 나만 쓸 수 있고, 한 시간 동안 남습니다.",
    "mix_cleared": "이 채널의 내 믹스를 비웠습니다.",
    "mix_make": "섞어 찾기",
    "mix_clear": "비우기",
    "mix_add": "믹스에 넣기",
    "left_out": "뺀 소리: {name}. {reason}",
    "of_several": "소리 {of}개 중 {number}번째: {phrase}",
}
KOREAN_HELP = (
    "**/mix make** 소리 다섯 개까지와 비슷하고 `without`과는 먼 곡들. **add**, **show**,"
    " **clear**로 한 시간 동안 소리를 모아 둡니다.\n"
    "**앱 메뉴** (오디오가 있는 메시지): *{similar}*, *{which}*, *{add}*\n"
)
KOREAN_HELP_SLACK = (
    "**/mix 링크, 아티스트 - 제목 without 링크** 소리 다섯 개까지와 비슷한 곡들. `/mix add`,"
    " `show`, `clear`로 한 시간 동안 소리를 모아 둡니다.\n"
    "**메시지 메뉴** (오디오가 있는 메시지): *Find similar music*, *What genre is this?*,"
    " *Add to mix*\n"
)
