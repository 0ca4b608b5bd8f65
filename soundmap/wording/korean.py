"""Korean for the sentences of ``wording`` that chats show."""

from __future__ import annotations

from soundmap.wording import bundles, playlists, serving

READABLE = "mp3, wav, flac, ogg, opus, m4a, aac, webm, mp4, aiff 등"

ERRORS = {
    **bundles.KOREAN_ERRORS,
    **playlists.KOREAN_ERRORS,
    "missing_file": "{path} 파일이 없습니다.",
    "is_folder": "{path}은(는) 폴더입니다. 그 안의 오디오 파일 하나를 지정해 주세요.",
    "not_a_file": "{path}은(는) 일반 파일이 아닙니다. 파이프의 소리는 -로 지정하고 표준 입력으로"
    " 주세요: soundmap genre - < {path}.",
    "unreadable_file": "{path}을(를) 읽을 수 없습니다: {reason}.",
    "empty_file": "빈 파일입니다.",
    "not_audio": f"SoundMap이 읽을 수 있는 오디오가 아닙니다. 읽을 수 있는 형식: {READABLE}.",
    "playlist": "재생 목록에는 다른 파일의 이름만 들어 있습니다. 그중 한 파일을 주세요.",
    "no_audio_stream": "이 동영상에는 소리가 없습니다.",
    "damaged": "소리를 해독하지 못했습니다. 파일이 손상되었거나 소리가 없습니다.",
    "headless": "Ogg 스트림의 앞부분이 없습니다. 디코딩에 필요한 정보가 그 앞부분에만 있으니,"
    " 처음부터 녹음하거나 내려받아 주세요.",
    "coded": "이 파일의 샘플은 사실 압축된 스트림(DTS 또는 Dolby)이라 잡음으로 들립니다."
    " 그 스트림을 추출해서 주세요.",
    "unsupported_rate": "{rate_hz:,} Hz는 지원하지 않는 샘플 레이트입니다"
    " ({low_hz:,}–{high_hz:,} Hz).",
    "not_finite": "소리가 아닌 값(NaN 또는 무한대)이 들어 있습니다. 파일을 다시 내보내 주세요.",
    "nothing_named": "소리를 알려 주세요: 오디오 파일, 링크, 또는 표준 입력을 뜻하는 -.",
    "no_input": "입력으로 들어온 소리가 없습니다. -는 표준 입력의 소리를 뜻합니다: soundmap genre -"
    " < song.mp3.",
    "nothing_piped": "표준 입력으로 들어온 것이 없거나 이미 다 썼습니다.",
    "past_the_end": "소리의 길이가 {length}뿐이어서 {start}에는 아무것도 없습니다.",
    "too_short": "{seconds:.1f}초는 너무 짧습니다. 최소 {least:.1f}초가 필요합니다.",
    "silent": "들은 구간에 소리가 없습니다.",
    "needs_pyav": "{kind} 파일을 읽으려면 추가 패키지가 필요합니다: pip install"
    " 'soundmap[formats]' (저장소 폴더에서는 '.[formats]').",
    "no_link": "따라갈 수 없는 링크입니다. https:// 로 시작하는 오디오 링크를 주세요.",
    "private_link": "사설 네트워크로 가는 링크는 열지 않습니다.",
    "unreachable": "그 주소에 연결할 수 없습니다. 링크를 확인하거나 파일을 직접 주세요.",
    "too_many_redirects": "링크가 끝없이 이어져 {most}번 만에 멈췄습니다.",
    "gone": "그 주소에는 이제 아무것도 없습니다 (응답 {status}).",
    "refused": "그 주소가 저를 들여보내지 않습니다 (응답 {status}). 파일을 직접 주세요.",
    "slow": "{seconds:g}초 안에 소리가 도착하지 않았습니다. 다시 시도하거나 파일을 직접 주세요.",
    "too_large": "너무 큽니다. 최대 {most_mb:g} MiB입니다. 음악 30초면 충분합니다.",
    "too_long": "너무 깁니다. 최대 {minutes}분입니다. 그중 한 곡을 주세요.",
    "disk_full": "디스크에 자리가 없습니다. 공간을 마련한 뒤 다시 시도해 주세요.",
    "age_gate": "나이 확인을 요구하는 페이지라 들을 수 없습니다. 파일을 직접 주세요.",
    "private_page": "비공개이거나 로그인이 필요한 페이지라 들을 수 없습니다.",
    "live": "라이브 방송은 끝이 없어 들을 수 없습니다. 녹음된 것을 주세요.",
    "drm": "복제 방지가 걸린 소리라 들을 수 없습니다.",
    "page_busy": "그 사이트가 바쁘거나 저를 로봇으로 봅니다. 나중에 다시 시도하거나 파일을 주세요.",
    "page_gone": "그 페이지에는 이제 아무것도 없거나, 이곳에서는 볼 수 없습니다.",
    "playlist_page": "재생 목록이나 앨범 페이지입니다. 그중 한 곡의 링크를 주세요.",
    "no_sound_there": "그 페이지에서 소리를 찾지 못했습니다. 곡 자체의 링크를 주세요.",
    "page_failed": "그 사이트에서 소리를 받지 못했습니다. 사이트는 자주 바뀌니 yt-dlp를"
    " 업데이트하면 될 수도 있습니다 (현재 {version}). 또는 파일을 직접 주세요.",
    "needs_links": "링크를 열려면 추가 패키지가 필요합니다: pip install 'soundmap[links]'"
    " (저장소 폴더에서는 '.[links]').",
    "needs_ytdlp": "웹 페이지의 소리를 들으려면 추가 패키지가 필요합니다: pip install"
    " 'soundmap[links]' (저장소 폴더에서는 '.[links]').",
    "bad_count": "목록은 1–{most}곡입니다. {count}곡은 안 됩니다.",
    "bad_choice": "{choice}은(는) 고를 수 없습니다.{meant} 다음 중에서 고르세요: {known}.",
    "bad_name": "{name}은(는) 카탈로그 이름으로 쓸 수 없습니다."
    " 이름은 소문자, 숫자, -, _ 1–32자이고 {taken}은(는) 안 됩니다.",
    "unknown_catalog": "{name} 카탈로그는 없습니다.{meant} 다음 중에서 고르세요: {known}.",
    "catalog_exists": "{name} 카탈로그가 이미 있습니다. 다른 이름을 고르세요.",
    "shipped_catalog": "{name} 카탈로그는 모델과 함께 제공되므로 이름을 바꾸거나 지울 수 없습니다.",
    "remove_asks": "{name} 카탈로그를 지우려면 확인이 필요합니다. --yes를 붙이세요.",
    "unfinished_catalog": "{name} 카탈로그는 아직 완성되지 않았습니다."
    " soundmap index --name {name}을(를) 실행하세요.",
    "other_ears": "{name} 카탈로그는 다른 모델({found})이 들은 것이라 다시 들어야 합니다."
    " soundmap index --name {name}을(를) 실행하세요.",
    "none_heard": "소리 {n}개 중 쓸 수 있는 것이 없습니다. 첫 번째 이유: {reason}.",
    "mix_both": "피할 소리를 기준으로 삼을 수는 없습니다.",
    "mix_takes_lists": "재생 목록이나 폴더는 --playlist 뒤에 쓰면 그 안의 소리를 씁니다.",
    "mix_asks": "섞으려면 기준이 될 소리가 하나는 있어야 합니다.",
    "unknown_track": "{name}(이)라는 파일이나 곡이 없습니다. 파일, 링크, 또는 곡을 번호나"
    " ‘아티스트 - 제목’으로 주세요.",
    "several_tracks": "{name}에 맞는 곡이 여럿입니다: {offered}. 번호로 골라 주세요.",
    "same_ends": "양쪽 끝이 같은 소리라 갈 길이 없습니다. 서로 다른 둘을 주세요.",
    "bad_path": "길 사이의 곡은 1–{most}곡입니다. {count}곡은 안 됩니다.",
    "not_whole": "{text}: {least}에서 {most}까지의 정수를 적어 주세요.",
    "not_count": "{text}: 0 이상의 정수를 적어 주세요.",
    "not_a_time": "{text}: 1:30이나 90 같은 시각을 적어 주세요.",
    "not_a_share": "{text}: 0에서 0.5까지의 수를 적어 주세요.",
    "not_a_number": "{text}: 수를 적어 주세요.",
    "not_an_address": "{text}: tcp://10.0.0.1:8786 같은 주소를 적어 주세요.",
    "not_a_host": "{text}: nas.local:8000 같은 호스트를 적어 주세요.",
    "bad_tempo": "{tempo}: 템포로 읽을 수 없습니다. 90-110, 120-, -90 같은 BPM 범위나 120처럼"
    " 써 주세요.",
    "path_asks": "길에는 두 끝이 필요합니다: soundmap path 출발 도착.",
    "not_a_picture": "그림은 PNG입니다. 파일 이름이 .png로 끝나야 합니다: {path}.",
    "not_a_page": "지도는 웹 페이지입니다. 파일 이름이 .html로 끝나야 합니다: {path}.",
    "output": "답을 쓸 수 없습니다: {reason}{where}.",
    "unreadable_dataset": "{path}을(를) 읽을 수 없습니다: {reason}.",
    "no_folder": "{path} 폴더가 없습니다.",
    "no_sounds": "{path}에 소리 파일이 없어 아무것도 바꾸지 않았습니다. 디스크가 연결되어 있나요?",
    "other_folder": "{name} 카탈로그는 {path}에 있는 음악의 것입니다. 다른 이름을 고르거나,"
    " 그 음악이 이제 여기 있다면 --moved를 붙이세요.",
    "catalog_busy": "다른 프로세스가 {name} 카탈로그를 다루고 있습니다. 끝날 때까지 기다려 주세요.",
    "nothing_heard": "{path}에서 들을 수 있는 것이 없었습니다. 첫 번째 이유: {reason}.",
    "unknown_command": "{name} 명령은 없습니다.{meant} 다음 중에서 고르세요: {known}.",
    "unknown_option": "{name} 옵션은 없습니다.{meant} --help에서 옵션을 볼 수 있습니다.",
    "unknown_genre": "{genre} 장르는 없습니다.{meant} 다음 중에서 고르세요: {known}.",
    **serving.KOREAN_ERRORS,
}

SHOWN = {
    "pick": "{artist} – {title}",
    "turn": "{total}개 중 {number}번째: {name}",
    "license": "라이선스: {license}",
    "distance": "거리 {distance:.2f}",
    "bundle": "번들 {id}",
    "path_from": "출발: {name}",
    "path_to": "도착: {name} · 거리 {distance:.2f}",
    "path_steps": "{steps}걸음 중 가장 긴 걸음은 {longest:.2f}, 평균의 {multiple:.2f}배입니다.",
    "mix_of": "기준: {names}",
    "listening": "듣는 중",
    "mix_without": "피할 소리: {names}",
    "mix_steps": "다음 곡으로 가는 {steps}걸음 중 가장 긴 걸음은 {longest:.2f}입니다.",
    "mix_near": "{name}에 가장 가까움: {reasons}",
    "map_is": "지도 ({tracks:,}곡, {mb:.1f} MB): {page}",
    "map_opens": "브라우저에서 열어 보세요. 네트워크는 필요 없습니다.",
    **serving.KOREAN_SHOWN,
}

ASKS = {
    "meant": "혹시 {meant}인가요?",
}

HEARD = {
    "heard_sure": "{genre} 장르로 들립니다 ({share:.0%})",
    "heard_unsure": "확실하지 않지만 {genre}에 가깝습니다 ({share:.0%})",
}

WHERE = {
    "all_over": "전체 {whole} 중 {windows}곳에서 고루 {seconds:.0f}초를 들었습니다.",
    "one_part": "전체 {whole} 중 {start}부터 {end}까지 들었습니다.",
}

NOTES = {
    "short_clip": "{seconds:.1f}초뿐입니다. {least:.0f}초보다 짧으면 장르는 추측입니다.",
    "cut_short": "파일의 일부가 없습니다. {promised:.0f}초 중 {seconds:.0f}초만 읽었습니다.",
    "cut_off_above": "이 녹음에는 {khz:.0f} kHz보다 높은 소리가 없어 판단이 덜 확실합니다.",
    "noisy": "이 녹음에는 잡음이 계속 깔려 있어 판단이 덜 확실합니다.",
    "not_heard": "뺀 소리: {name}. {reason}.",
    "some_seeds": "소리가 많아 {named}개 중 {heard}개만 고르게 골라 들었습니다.",
    "filter_emptied": "남은 곡이 없습니다. 이 조건에 모두 맞는 곡이 없습니다: {filters}.",
    "fewer_picks": "{filters} 조건에 맞는 아티스트는 {count}명뿐입니다.",
    "license_unknown": "라이선스를 알 수 없는 곡: {numbers}. CC BY-NC-ND로 여기고, 출처를 밝혀"
    " 고치지 않은 채 비영리로만 공유해 주세요.",
    "license_not_stated": "라이선스가 적혀 있지 않은 곡: {numbers}. 공유하기 전에 아티스트에게"
    " 물어보세요.",
}
