"""Korean for what Discord shows of commands: descriptions, choices and menus."""

from __future__ import annotations

import discord
from discord import app_commands

from soundmap.catalog.licenses import LICENSES
from soundmap.wording.filters import license_choice, license_wish

SIMILAR = "Find similar music"
WHICH = "What genre is this?"
ADD_TO_MIX = "Add to mix"

_KOREAN = {
    SIMILAR: "비슷한 음악 찾기",
    WHICH: "어떤 장르인가요?",
    "Find free music that sounds like a file or link, or that you may like":
        "파일이나 링크와 비슷한, 또는 좋아할 만한 무료 음악 찾기",
    "What SoundMap believes you like": "SoundMap이 아는 나의 취향",
    "Show what is believed, and take away what is wrong": "아는 취향을 보고 틀린 것을 지우기",
    "Let your lists follow your taste": "목록이 내 취향을 따르게 하기",
    "Let your lists follow nobody's taste": "목록이 취향을 따르지 않게 하기",
    "Delete all your votes": "내 투표를 모두 지우기",
    "Let what you took away count again": "지웠던 취향을 다시 반영하기",
    ADD_TO_MIX: "믹스에 넣기",
    "Find music that sounds like several sounds": "여러 소리와 비슷한 음악 찾기",
    "Free music near up to five sounds, or near those you gathered here":
        "소리 다섯 개까지, 또는 여기 모아 둔 소리와 비슷한 무료 음악",
    "A track, or a link": "곡 또는 링크",
    "Or an audio file": "또는 오디오 파일",
    "Stay away from this track or link": "이 곡이나 링크에서는 멀리",
    "Stay away from this audio file": "이 오디오 파일에서는 멀리",
    "Add a sound to the mix you gather here": "여기 모으는 믹스에 소리 넣기",
    "Show the mix you gather here": "여기 모으는 믹스 보기",
    "Empty the mix you gather here": "여기 모으는 믹스 비우기",
    "An audio file": "오디오 파일",
    "Or a link to one": "또는 오디오 링크",
    "Only the part from there on, such as 1:30": "그 시각부터의 부분만, 예: 1:30",
    "How many tracks, 1 to 10 (5)": "곡 수, 1–10 (기본 5)",
    "Only tracks of this genre": "이 장르의 곡만",
    "A license, or permissive: music you may build on (CC0, public domain, CC BY)":
        "라이선스, 또는 permissive: 마음껏 쓸 수 있는 음악 (CC0, 퍼블릭 도메인, CC BY)",
    "How far to roam: closer takes the nearest, wider looks around":
        "얼마나 멀리까지: closer는 가장 가까운 곡, wider는 더 넓게",
    "Which tracks: fma, or music that whoever runs the bot has added":
        "어느 곡들에서: fma 또는 봇 운영자가 더한 음악",
    "Which tracks the lists here come from": "여기 목록이 어느 곡들에서 나오는지",
    "Show which catalog lists come from, and all there are": "쓰는 카탈로그와 있는 카탈로그 보기",
    "Have the lists of this server come from a catalog": "이 서버의 목록에 쓸 카탈로그 고르기",
    "The catalog: fma is the Free Music Archive": "카탈로그: fma는 Free Music Archive",
    "Tempo in BPM, such as 90-110, 120- or 120": "BPM 템포, 예: 90-110, 120-, 120",
    "Only tracks whose page is known": "페이지가 알려진 곡만",
    "Only tracks that are called instrumental": "연주곡이라고 되어 있는 곡만",
    "No strong language in titles and names": "제목과 이름에 거친 말이 없는 곡만",
    "Show whether lists leave out strong language": "목록에서 거친 말을 빼는지 보기",
    "Leave out strong language in this server": "이 서버에서 거친 말이 있는 곡 빼기",
    "Leave nothing out in this server": "이 서버에서 아무것도 빼지 않기",
    "Credit lines to copy, for the tracks of your last list":
        "마지막 목록의 곡마다 복사해서 쓰는 출처 표기",
    "Only for this track of the list": "목록의 이 곡만",
    **{license_wish(wish): license_choice(wish) for wish in LICENSES},
    "closer": "가까이",
    "wide": "넓게",
    "wider": "더 넓게",
    "Say which genres a file or link is heard as": "파일이나 링크가 어떤 장르로 들리는지",
    "See where a sound and its list lie among all tracks":
        "소리와 목록이 전체 곡 중 어디에 있는지 보기",
    "Instead: what you may like, for you alone": "대신 좋아할 만한 곡을 나에게만 보기",
    "Lead from one sound to another by tracks that each sound like the one before":
        "한 소리에서 다른 소리까지, 앞 곡과 비슷한 곡들로 이어 가기",
    "Where it begins: a track, or a link": "시작: 곡 또는 링크",
    "Where it ends: a track, or a link": "끝: 곡 또는 링크",
    "Or an audio file to begin with": "또는 시작할 오디오 파일",
    "Or an audio file to end with": "또는 끝낼 오디오 파일",
    "How many tracks in between, 1 to 10 (8)": "사이의 곡 수, 1–10 (기본 8)",
    "Answer every audio file in this channel": "이 채널의 모든 오디오에 답하기",
    "Answer every audio file posted here": "여기에 올라오는 모든 오디오에 답하기",
    "Answer only when mentioned": "언급할 때만 답하기",
    "What SoundMap keeps about you": "SoundMap이 보관하는 나의 정보",
    "Show what is kept about you": "보관 중인 내용 보기",
    "Get everything kept about you as a file": "보관 중인 모든 내용을 파일로 받기",
    "Delete everything kept about you, at once": "보관 중인 모든 내용을 바로 지우기",
    "What SoundMap is, and how good": "SoundMap 소개와 정확도",
    "How to use SoundMap": "SoundMap 사용법",
}  # fmt: skip


def korean(text: str) -> str:
    """A text of a command in Korean."""
    return _KOREAN[text]


class Translator(app_commands.Translator):
    """Translates to Korean; other languages see the text in the code."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        _: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in ``locale``, None if there is no translation."""
        return _KOREAN.get(string.message) if locale is discord.Locale.korean else None
