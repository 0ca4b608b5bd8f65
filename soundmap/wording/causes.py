"""Why a file, a folder or an address cannot be used, in words, by the exception that says so."""

from __future__ import annotations

import csv
import errno
import zlib

_DAMAGE: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError, AttributeError)
_DAMAGE += (EOFError, RecursionError, zlib.error, csv.Error)
_DAMAGED = {
    "en": "it is damaged or holds something else",
    "ko": "손상되었거나 다른 것이 들어 있음",
}
_NOT_UTF8 = {"en": "it is not text in UTF-8", "ko": "UTF-8 텍스트가 아님"}
_OF_SQLITE = {
    5: {"en": "another process uses it", "ko": "다른 프로세스가 쓰는 중"},
    8: {"en": "it can only be read", "ko": "읽을 수만 있음"},
    10: {"en": "the disk cannot be read or written", "ko": "디스크를 읽거나 쓸 수 없음"},
    11: _DAMAGED,
    13: {"en": "there is no room left on the disk", "ko": "디스크에 자리가 없음"},
    14: {"en": "it cannot be opened", "ko": "열 수 없음"},
    26: _DAMAGED,
}
"""By SQLite's primary result codes."""
_OWN_NUMBERS = 15
"""TLS and the resolver of names number their errors themselves, up to this."""
_KOREAN = {
    errno.ENOENT: "그런 파일이나 폴더가 없음",
    errno.EACCES: "권한이 없음",
    errno.EPERM: "권한이 없음",
    errno.EISDIR: "폴더임",
    errno.ENOTDIR: "경로 중간의 이름이 폴더가 아님",
    errno.EROFS: "읽기 전용 파일 시스템임",
    errno.ENOSPC: "디스크에 자리가 없음",
    errno.EDQUOT: "디스크 할당량을 다 씀",
    errno.EFBIG: "파일이 너무 큼",
    errno.ENAMETOOLONG: "이름이 너무 김",
    errno.ELOOP: "심볼릭 링크가 맴돎",
    errno.EIO: "디스크를 읽거나 쓸 수 없음",
    errno.EEXIST: "이미 있음",
    errno.ENOTEMPTY: "비어 있지 않은 폴더임",
    errno.EBUSY: "다른 프로세스가 쓰는 중",
    errno.ETXTBSY: "다른 프로세스가 쓰는 중",
    errno.EMFILE: "열린 파일이 너무 많음",
    errno.ENFILE: "열린 파일이 너무 많음",
    errno.ENOMEM: "메모리가 모자람",
    errno.EINVAL: "잘못된 값임",
    errno.EBADF: "닫혀 있음",
    errno.ENXIO: "그런 장치가 없음",
    errno.EADDRINUSE: "이미 쓰는 중인 포트임",
    errno.EADDRNOTAVAIL: "이 컴퓨터의 주소가 아님",
    errno.ECONNREFUSED: "연결이 거부됨",
    errno.ECONNRESET: "연결이 끊어짐",
    errno.ETIMEDOUT: "응답이 없음",
    errno.EHOSTUNREACH: "그 호스트에 갈 길이 없음",
    errno.ENETUNREACH: "네트워크에 연결되어 있지 않음",
}


def cause_of(error: Exception, language: str = "en") -> str:
    """The words for an exception, without a full stop.

    What Python or a library says of a damaged file tells a person nothing, so that is one phrase.
    """
    if isinstance(error, OSError) and error.errno:
        words = str(error.strerror or error)
        is_systems = type(error).__module__ == "builtins" or error.errno > _OWN_NUMBERS
        return _KOREAN.get(error.errno, words) if is_systems and language == "ko" else words
    if of_sqlite := _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF):
        return of_sqlite[language]
    if isinstance(error, UnicodeDecodeError):
        return _NOT_UTF8[language]
    if isinstance(error, _DAMAGE) or type(error).__name__ == "BadGzipFile":
        return _DAMAGED[language]
    return str(error).rstrip(".")
