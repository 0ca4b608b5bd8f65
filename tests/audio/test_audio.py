from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundmap.audio.decode import decode
from soundmap.audio.samples import resample
from soundmap.audio.windows import windows_of
from soundmap.errors import BadSound, NotInstalled
from soundmap.types import Clip, Window
from tests.helpers.sounds import encode, lag, music, silent_video, write

LOSSLESS = [
    ("wav", "PCM_16", 44_100, 1),
    ("wav", "PCM_24", 48_000, 2),
    ("wav", "PCM_32", 96_000, 4),
    ("wav", "FLOAT", 192_000, 2),
    ("wav", "DOUBLE", 8_000, 8),
    ("wav", "PCM_U8", 11_025, 1),
    ("flac", "PCM_16", 44_100, 2),
    ("flac", "PCM_24", 88_200, 1),
    ("aif", "PCM_16", 32_000, 2),
    ("aif", "PCM_24", 44_100, 6),
]
ENCODED = [
    ("a.mp3", "libmp3lame", "mp3", 44_100),
    ("a.m4a", "aac", "ipod", 44_100),
    ("a.mp4", "aac", "mp4", 48_000),
    ("a.aac", "aac", "adts", 22_050),
    ("alac.m4a", "alac", "ipod", 44_100),
    ("a.webm", "libopus", "webm", 48_000),
]


@pytest.mark.parametrize(("suffix", "subtype", "rate", "channels"), LOSSLESS)
def test_what_was_written_is_heard(
    tmp_path: Path, suffix: str, subtype: str, rate: int, channels: int
) -> None:
    sound = music(2, rate)
    file = write(tmp_path / f"a.{suffix}", np.stack([sound] * channels, 1), rate, subtype)
    clip = decode(file)
    assert clip.sample_rate_hz == rate
    assert clip.samples.dtype == np.float32
    np.testing.assert_allclose(clip.samples, sound, atol=0.02 if subtype == "PCM_U8" else 1e-4)


@pytest.mark.parametrize(("name", "codec", "container", "rate"), ENCODED)
def test_what_was_encoded_is_heard(
    tmp_path: Path, name: str, codec: str, container: str, rate: int
) -> None:
    sound = music(4, rate)
    clip = decode(encode(tmp_path / name, sound, rate, codec, container))
    again = resample(clip, rate)
    assert again.seconds == pytest.approx(4, abs=0.1)
    late = lag(sound, again.samples)
    assert abs(late) <= 3 * 1024  # an encoder's delay, where the container can not declare it
    n = min(len(sound), len(again.samples)) - abs(late)
    heard = again.samples[max(0, late) :][:n]
    assert np.corrcoef(sound[max(0, -late) :][:n], heard)[0, 1] > 0.97


@pytest.mark.parametrize(("name", "subtype"), [("a.ogg", "VORBIS"), ("a.opus", "OPUS")])
def test_ogg_is_heard(tmp_path: Path, name: str, subtype: str) -> None:
    sound = music(4, 48_000)
    clip = resample(decode(write(tmp_path / name, sound, 48_000, subtype)), 48_000)
    assert np.corrcoef(sound, clip.samples[: len(sound)])[0, 1] > 0.97


def test_opus_is_heard_at_the_rate_most_music_was_made_at(tmp_path: Path) -> None:
    ogg = decode(write(tmp_path / "a.opus", music(2, 48_000), 48_000, "OPUS"))
    webm = decode(encode(tmp_path / "a.webm", music(2, 48_000), 48_000, "libopus", "webm"))
    assert ogg.sample_rate_hz == webm.sample_rate_hz == 44_100


def test_mono_is_the_plain_mean_of_the_channels(tmp_path: Path) -> None:
    left, right = music(1, seed=1), music(1, seed=2)
    file = write(tmp_path / "a.wav", np.stack([left, right], 1), 44_100, "FLOAT")
    np.testing.assert_allclose(decode(file).samples, (left + right) / 2, atol=1e-6)


def test_a_long_file_is_heard_in_its_middle(tmp_path: Path) -> None:
    sound = music(200, 8_000)
    clip = decode(write(tmp_path / "a.wav", sound, 8_000, "FLOAT"))
    assert clip.start_s == 85
    assert clip.seconds == 30
    np.testing.assert_array_equal(clip.samples, sound[85 * 8_000 : 115 * 8_000])


@pytest.mark.parametrize(
    ("name", "codec", "container"),
    [("a.mp3", "libmp3lame", "mp3"), ("a.m4a", "aac", "ipod"), ("a.webm", "libopus", "webm")],
)
def test_seeking_lands_where_reading_from_the_start_does(
    tmp_path: Path, name: str, codec: str, container: str
) -> None:
    rate = 48_000
    sound = music(100, rate, seed=3)
    clip = resample(decode(encode(tmp_path / name, sound, rate, codec, container)), rate)
    middle = clip.samples[: 5 * rate]
    start = int(clip.start_s) * rate
    assert clip.seconds == pytest.approx(30, abs=0.03)
    assert abs(lag(sound[start : start + 5 * rate], middle)) <= 3 * 1024


def test_a_thirty_second_clip_is_heard_from_its_first_sample() -> None:
    starts = [windows_of(s)[0].start_s for s in (0, 29.9, 30.02, 31.9, 32, 300)]
    assert starts == [
        0,
        0,
        0,
        0,
        1,
        135,
    ]


def test_names_do_not_matter(tmp_path: Path) -> None:
    file = write(tmp_path / "a.wav", music(1), 44_100)
    named = file.rename(tmp_path / "holiday.jpg")
    assert decode(named).seconds == 1


@pytest.mark.parametrize("name", [b"a.raw", b"a.sd2", b"bad\xff\xfe.wav"])
def test_nor_do_endings_that_decoders_believe_or_bytes_that_are_no_text(
    tmp_path: Path, name: bytes
) -> None:
    file = write(tmp_path / "a.wav", music(1), 44_100)
    assert decode(file.rename(tmp_path / os.fsdecode(name))).seconds == 1


def test_a_good_middle_is_kept_where_the_beginning_is_worse(tmp_path: Path) -> None:
    file = write(tmp_path / "a.flac", music(120, 8_000), 8_000)
    content = bytearray(file.read_bytes())
    for share in (2 / 120, 73 / 120):
        at = int(len(content) * share)
        content[at : at + 3000] = bytes(3000)
    file.write_bytes(content)
    assert decode(file).seconds > 20


def test_absurd_rates_are_refused_before_reading(tmp_path: Path) -> None:
    file = write(tmp_path / "a.wav", music(2, 8_000), 8_000)
    header = bytearray(file.read_bytes())
    header[24:28] = (0x7FFFFFFF).to_bytes(4, "little")
    file.write_bytes(header)
    with pytest.raises(BadSound) as caught:
        decode(file)
    assert caught.value.code == "unsupported_rate"


def test_a_picture_in_front_of_an_mp3_does_not_matter(tmp_path: Path) -> None:
    file = encode(tmp_path / "a.mp3", music(3), 44_100, "libmp3lame", "mp3")
    size = 300_000
    header = b"ID3\x04\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    tagged = tmp_path / "b.mp3"
    tagged.write_bytes(header + b"\0" * size + file.read_bytes())
    assert decode(tagged).seconds == pytest.approx(3, abs=0.1)


def jump_table(n: int) -> bytes:
    """As programs for x86-64 have it: four of its entries look like a frame of Layer I."""
    return b"".join(
        b"\xff%%%b\x68%b\xe9%b" % tuple(struct.pack("<i", number) for number in entry)
        for entry in ((0x1C2C2 - 8 * at, at, -16 * at - 32) for at in range(n))
    )


def bad_files(folder: Path) -> dict[str, Path]:
    """A file for each code that a bad one gives."""

    def put(name: str, content: bytes) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    rate = 44_100
    holed = music(2)
    holed[500] = np.nan
    endless = np.full(rate, np.inf, np.float32)
    secret = write(folder / "secret.wav", music(2), rate)
    os.mkfifo(folder / "pipe.mp3")  # opening it would wait for a writer for ever
    return {
        "not_a_file": folder / "pipe.mp3",
        "empty_file": put("empty.mp3", b""),
        "not_audio": put("text.mp3", b"Dear reader, this is a letter and no song.\n" * 99),
        "not_audio zeros": put("zeros.wav", bytes(9999)),
        "not_audio program": put("program.mp3", b"\x7fELF" + bytes(60) + jump_table(999)),
        "playlist m3u": put("list.mp3", f"#EXTM3U\n#EXTINF:9,\n{secret}\n".encode()),
        "playlist hls": put(
            "hls.m4a", b"\xef\xbb\xbf#EXTM3U\n#EXT-X-TARGETDURATION:9\nfile:///etc/passwd\n"
        ),
        "playlist pls": put("list.ogg", f"[playlist]\nFile1={secret}\n".encode()),
        "playlist dash": put("dash.mp4", b'<?xml version="1.0"?><MPD><BaseURL>x</BaseURL></MPD>'),
        "no_audio_stream": silent_video(folder / "video.mp4"),
        "not_finite nan": write(folder / "nan.wav", holed, rate, "FLOAT"),
        "not_finite inf": write(folder / "inf.wav", endless, rate, "FLOAT"),
        "too_short": write(folder / "short.wav", music(0.2), rate),
        "silent": write(folder / "silent.wav", np.zeros(rate * 2, np.float32), rate),
        "silent dc": write(folder / "dc.wav", np.full(rate * 2, 0.7, np.float32), rate),
        "silent dither": write(
            folder / "dither.wav", np.resize([0, 1, 0, -1], rate).astype(np.int16), rate
        ),
        "damaged wav": put("a.wav", b"RIFF\x00\x00\x00\x00WAVEfmt nonsense"),
        "damaged mp4": put("a.mp4", b"\x00\x00\x00\x18ftypisom" + bytes(200)),
        "damaged webm": put("a.webm", b"\x1aE\xdf\xa3" + bytes(200)),
        "damaged ogg": put("b.ogg", b"OggS" + bytes(200)),
        "unsupported_rate": write(folder / "slow.wav", music(2, 4_000), 4_000),
        "missing_file": folder / "nothing.mp3",
        "is_folder": folder,
    }


def test_bad_files_have_their_codes(tmp_path: Path) -> None:
    for name, file in bad_files(tmp_path).items():
        with pytest.raises(BadSound) as caught:
            decode(file)
        assert (name, caught.value.code) == (name, name.split()[0])
        assert "Traceback" not in str(caught.value)
        assert str(caught.value)[-1] == "."


@pytest.mark.parametrize("name", ["a.mp3", "a.m4a", "a.webm"])
def test_a_cut_file_gives_what_is_left(tmp_path: Path, name: str) -> None:
    codec, container = {"a.mp3": ("libmp3lame", "mp3"), "a.m4a": ("aac", "adts")}.get(
        name, ("libopus", "webm")
    )
    file = encode(tmp_path / name, music(20, 48_000), 48_000, codec, container)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert 8 < decode(file).seconds < 12


def test_a_header_that_promises_ten_hours_is_not_believed(tmp_path: Path) -> None:
    file = write(tmp_path / "a.flac", music(5, 8_000), 8_000)
    header = bytearray(file.read_bytes())
    samples = 10 * 3600 * 8_000  # STREAMINFO keeps them in 36 bits, from the 21st byte's middle on
    header[21] = header[21] & 0xF0 | samples >> 32
    header[22:26] = (samples & 0xFFFFFFFF).to_bytes(4, "big")
    file.write_bytes(header)
    assert soundfile.info(file).duration == pytest.approx(36_000)
    clip = decode(file)
    assert (clip.seconds, clip.duration_s, clip.promised_s) == (5, 5, 36_000)


def test_many_channels_never_stand_in_memory_at_once(tmp_path: Path) -> None:
    sound = np.repeat(music(1, 8_000)[:, None], 1000, axis=1)
    clip = decode(write(tmp_path / "a.wav", sound, 8_000, "PCM_16"))
    np.testing.assert_allclose(clip.samples, sound[:, 0], atol=1e-4)


def test_a_constant_beside_the_sound_is_not_heard(tmp_path: Path) -> None:
    sound = 0.5 * music(2)
    clip = decode(write(tmp_path / "a.wav", sound + np.float32(0.3), 44_100))
    np.testing.assert_allclose(clip.samples, sound - sound.mean(), atol=1e-3)


def test_louder_than_full_scale_is_brought_down(tmp_path: Path) -> None:
    file = write(tmp_path / "a.wav", music(1) * 1e30, 44_100, "FLOAT")
    assert np.abs(decode(file).samples).max() == pytest.approx(1)


def test_decoders_do_not_chatter(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = encode(tmp_path / "a.mp3", music(3), 44_100, "libmp3lame", "mp3")
    file.write_bytes(file.read_bytes() * 3)  # libmpg123: "Xing stream size off by more than 1%"
    decode(file)
    assert capfd.readouterr() == ("", "")
    os.write(2, b"afterwards all is as before")
    assert capfd.readouterr().err


def test_without_pyav_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = encode(tmp_path / "a.m4a", music(2), 44_100, "aac", "ipod")
    monkeypatch.setitem(__import__("sys").modules, "soundmap.audio.with_pyav", None)
    with pytest.raises(NotInstalled, match=r"pip install 'soundmap\[formats\]'"):
        decode(file)


def test_resampling_keeps_length_and_level() -> None:
    clip = Clip(music(2, 48_000), 48_000, windows=(Window(7.0, 2.0),))
    lower = resample(clip, 22_050)
    assert (lower.seconds, lower.sample_rate_hz, lower.start_s) == (2.0, 22_050, 7)
    assert resample(clip, 48_000) is clip
