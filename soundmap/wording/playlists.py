"""What is said of playlists that are read, and of lists that are written."""

from __future__ import annotations

ERRORS = {
    "no_playlist": "The playlist {path} cannot be read: {reason}.",
    "not_a_playlist": "{path} is not a playlist SoundMap can read. It reads m3u, m3u8, pls, xspf,"
    " and folders of music.",
    "empty_playlist": "{path} names no music.",
    "playlist_too_large": "The playlist {path} is too large: {most_mb:g} MiB is the most.",
    "playlist_too_long": "The playlist {path} is too long: {most:,} entries are the most.",
    "not_a_list": "Name the file with one of these endings: {known}. {path} has none of them.",
    "relative_asks": "With --relative, name the file of the list, too: -o list.m3u8.",
    "one_list": "A list is written for one sound: give one, not {count}.",
}
KOREAN_ERRORS = {
    "no_playlist": "재생 목록 {path}을(를) 읽을 수 없습니다: {reason}.",
    "not_a_playlist": "{path}은(는) 읽을 수 있는 재생 목록이 아닙니다."
    " m3u, m3u8, pls, xspf 파일이나 음악 폴더를 주세요.",
    "empty_playlist": "{path}에는 음악이 없습니다.",
    "playlist_too_large": "재생 목록 {path}이(가) 너무 큽니다. 최대 {most_mb:g} MiB입니다.",
    "playlist_too_long": "재생 목록 {path}이(가) 너무 깁니다. 최대 {most:,}곡입니다.",
    "not_a_list": "파일 이름은 다음 중 하나로 끝나야 합니다: {known}. 주신 이름: {path}.",
    "relative_asks": "--relative는 목록의 파일 이름과 함께 써 주세요: -o list.m3u8.",
    "one_list": "목록은 소리 하나마다 씁니다. {count}개가 아니라 하나만 주세요.",
}
ENGLISH = {
    "written": "Written: {path} (tracks: {tracks})",
    "pages": "Web pages to open in a browser, not files to play: {pages} of {tracks}.",
}
KOREAN = {
    "written": "저장했습니다: {path} ({tracks}곡)",
    "pages": "{tracks}곡 중 {pages}곡은 재생할 파일이 아니라 브라우저로 열 웹 페이지입니다.",
}


def list_sentence(code: str, language: str = "en", /, **facts: object) -> str:
    """What is said of a list that was written: ``written``, or ``pages`` if it has any."""
    return (KOREAN if language == "ko" else ENGLISH)[code].format(**facts)
