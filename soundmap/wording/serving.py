"""What ``soundmap serve`` says, and what it answers to players that ask amiss."""

from __future__ import annotations

from soundmap.wording.installing import install

ERRORS = {
    "needs_serve": f"Serving needs optional packages: {install('serve')}.",
    "cannot_listen": "Nothing can be served at {host}:{port}: {reason}. Choose another --host or"
    " --port.",
    "bad_token": "The token in {path} cannot be used: {reason}.",
    "weak_token": "The token in {path} is too short: it has {least} letters or more.",
    "missing_parameter": "The parameter {name} is missing.",
    "repeated_parameter": "The parameter {name} is given more than once.",
    "bad_number": "{name} is a whole number from {least} to {most}, not {value}.",
    "too_much_asked": "That is too much at once: a request has at most {parameters} parameters in"
    " {kib} KiB.",
    "wrong_token": "The user or the token is wrong.",
    "wrong_key": "The API key is wrong.",
    "two_ways_in": "Say who you are in one way and once: by apiKey, or by u, t and s.",
    "no_passwords": "Passwords are not taken: send t and s, or apiKey.",
    "unknown_song": "There is no song {id} here.",
    "no_file": "There is no file of the song {id} here.",
    "unknown_folder": "There is no music folder {id} here.",
    "unknown_method": "There is no method {name} here.",
}

SHOWN = {
    "serving": "Serving {tracks:,} tracks ({catalogs}) at {url} until Ctrl-C or SIGTERM.",
    "serving_as": "The user is {user}; the token, as API key or password, is in {path}.",
    "serving_open": "Other machines may reach {host}, and what is sent is not encrypted: put a"
    " proxy with TLS in front.",
}

KOREAN_ERRORS = {
    "needs_serve": "음악 플레이어에 내보내려면 추가 패키지가 필요합니다:"
    " pip install 'soundmap[serve]'"
    " (저장소 폴더에서는 make extra-serve).",
    "cannot_listen": "{host}:{port}을(를) 열 수 없습니다: {reason}. 다른 --host나 --port를"
    " 고르세요.",
    "bad_token": "{path}의 토큰을 쓸 수 없습니다: {reason}.",
    "weak_token": "{path}의 토큰이 너무 짧습니다. {least}자 이상이어야 합니다.",
    "missing_parameter": "매개변수 {name}이(가) 없습니다.",
    "repeated_parameter": "매개변수 {name}이(가) 두 번 이상 있습니다.",
    "bad_number": "{name}은(는) {least}부터 {most}까지의 정수여야 합니다. {value}은(는) 안 됩니다.",
    "too_much_asked": "한 번에 너무 많습니다. 요청 하나는 매개변수 {parameters}개,"
    " {kib} KiB까지입니다.",
    "wrong_token": "사용자 이름이나 토큰이 틀립니다.",
    "wrong_key": "API 키가 틀립니다.",
    "two_ways_in": "인증은 한 가지 방법으로 한 번만 해 주세요: apiKey, 또는 u, t, s.",
    "no_passwords": "비밀번호는 받지 않습니다. t와 s, 또는 apiKey를 보내 주세요.",
    "unknown_song": "{id}(이)라는 곡은 여기에 없습니다.",
    "no_file": "{id} 곡의 파일은 여기에 없습니다.",
    "unknown_folder": "{id}(이)라는 음악 폴더는 여기에 없습니다.",
    "unknown_method": "{name}(이)라는 메서드는 여기에 없습니다.",
}

KOREAN_SHOWN = {
    "serving": "{url}에서 {tracks:,}곡({catalogs})을 제공합니다. 끝내려면 Ctrl-C를 누르거나"
    " SIGTERM을 보내세요.",
    "serving_as": "사용자는 {user}입니다. API 키나 비밀번호로 쓰는 토큰은 {path}에 있습니다.",
    "serving_open": "다른 컴퓨터가 {host}에 접속할 수 있고 주고받는 내용은 암호화되지 않습니다."
    " 앞에 TLS 프록시를 두세요.",
}
