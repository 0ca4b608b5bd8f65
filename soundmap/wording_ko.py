"""The sentences of ``wording`` in Korean, as far as a chat shows them."""

from __future__ import annotations

READABLE = "mp3, wav, flac, ogg, opus, m4a, aac, webm, mp4, aiff"

ERRORS = {
    "missing_file": "{path} 파일이 없습니다.",
    "is_folder": "{path}은(는) 폴더입니다. 그 안의 오디오 파일 하나를 지정해 주세요.",
    "not_a_file": "{path}은(는) 일반 파일이 아닙니다.",
    "unreadable_file": "{path}을(를) 읽을 수 없습니다: {reason}.",
    "empty_file": "빈 파일입니다.",
    "not_audio": f"SoundMap이 읽을 수 있는 오디오가 아닙니다. 읽을 수 있는 형식: {READABLE}.",
    "playlist": "재생 목록에는 다른 파일의 이름만 들어 있습니다. 그중 한 파일을 올려 주세요.",
    "no_audio_stream": "이 동영상에는 소리가 없습니다.",
    "damaged": "소리를 해독하지 못했습니다. 파일이 손상되었거나 소리가 없습니다.",
    "unsupported_rate": "{rate_hz:,} Hz는 지원하지 않는 샘플 레이트입니다"
    " ({low_hz:,}–{high_hz:,} Hz).",
    "not_finite": "소리가 아닌 값(NaN 또는 무한대)이 들어 있습니다. 파일을 다시 내보내 주세요.",
    "too_short": "{seconds:.1f}초는 너무 짧습니다. 최소 {least:.1f}초가 필요합니다.",
    "silent": "들은 구간에 소리가 없습니다.",
    "needs_pyav": "이 봇에는 {kind} 파일을 읽는 패키지가 설치되어 있지 않습니다."
    " mp3, wav, flac, ogg로 올려 주세요.",
    "bad_count": "목록은 1–{most}곡입니다. {count}곡은 안 됩니다.",
    "bad_choice": "{choice}은(는) 고를 수 없습니다. 다음 중에서 고르세요: {known}.",
    "unknown_genre": "{genre} 장르는 없습니다. 다음 중에서 고르세요: {known}.",
}

NOTES = {
    "short_clip": "{seconds:.1f}초뿐입니다. {least:.0f}초보다 짧으면 장르는 추측입니다.",
    "cut_short": "파일이 중간에 끝납니다. {promised:.0f}초 중 {seconds:.0f}초만 읽었습니다.",
    "filter_emptied": "남은 곡이 없습니다. {filters} 조건에 맞는 곡이 없습니다.",
    "fewer_picks": "{filters} 조건에 맞는 아티스트는 {count}명뿐입니다.",
}

REASONS = {
    "shared_genre": "둘 다 {genre}로 들림 ({yours:.0%}, {theirs:.0%})",
    "genre_mixture": "둘 다 {first}와 {second}가 섞임",
    "same_tempo": "같은 템포: {yours:.0f}, {theirs:.0f} BPM",
    "double_tempo": "두 배 빠른 같은 박자: {yours:.0f}, {theirs:.0f} BPM",
    "half_tempo": "절반 빠르기의 같은 박자: {yours:.0f}, {theirs:.0f} BPM",
    "high_brightness_hz": "둘 다 밝은 음색",
    "low_brightness_hz": "둘 다 어두운 음색",
    "high_bass_share": "둘 다 저음이 강함 (에너지의 {yours:.0%}, {theirs:.0%})",
    "low_bass_share": "둘 다 저음이 약함 (에너지의 {yours:.0%}, {theirs:.0%})",
    "high_dynamics_db": "둘 다 강약의 폭이 큼 ({yours:.0f}, {theirs:.0f} dB)",
    "low_dynamics_db": "둘 다 고르게 큼 ({yours:.0f}, {theirs:.0f} dB 차이)",
    "high_noisiness": "둘 다 거친 질감",
    "low_noisiness": "둘 다 맑은 음",
    "overall": "전체 소리가 가까움: 목록의 {share:.1%}보다 가까움",
}
