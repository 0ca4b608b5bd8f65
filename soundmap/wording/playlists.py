"""What is said of playlists that are read."""

from __future__ import annotations

ERRORS = {
    "no_playlist": "The playlist {path} cannot be read: {reason}.",
    "not_a_playlist": "{path} is not a playlist SoundMap can read. It reads m3u, m3u8, pls, xspf,"
    " and folders of music.",
    "empty_playlist": "{path} names no music.",
    "playlist_too_large": "The playlist {path} is too large: {most_mb:g} MiB is the most.",
    "playlist_too_long": "The playlist {path} is too long: {most:,} entries are the most.",
}
KOREAN_ERRORS = {
    "no_playlist": "재생 목록 {path}을(를) 읽을 수 없습니다: {reason}.",
    "not_a_playlist": "{path}은(는) 읽을 수 있는 재생 목록이 아닙니다."
    " m3u, m3u8, pls, xspf 파일이나 음악 폴더를 주세요.",
    "empty_playlist": "{path}에는 음악이 없습니다.",
    "playlist_too_large": "재생 목록 {path}이(가) 너무 큽니다. 최대 {most_mb:g} MiB입니다.",
    "playlist_too_long": "재생 목록 {path}이(가) 너무 깁니다. 최대 {most:,}곡입니다.",
}
