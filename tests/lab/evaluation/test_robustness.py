from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from soundmap.audio.decode import decode
from soundmap.bundle.listener import Listener
from soundmap.catalog.table import Catalog, write_catalog
from soundmap.errors import BadDataset
from soundmap.lab.evaluation.alterations import ALTERATIONS, as_mp3, halves
from soundmap.lab.evaluation.robustness import CASES, altered, clips_in, robustness
from soundmap.types import Clip
from tests.helpers.bundles import small_bundle
from tests.helpers.progress import calling
from tests.helpers.sounds import music, write

SECONDS = 18.0


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Path:
    """Two made-up sounds under the names of catalog tracks, and files of no track."""
    folder = tmp_path_factory.mktemp("sounds")
    for i, track_id in enumerate((listener.catalog.track_ids[0], listener.catalog.track_ids[29])):
        write(folder / f"{track_id:06d}.wav", music(SECONDS, seed=i), 44_100)
    write(folder / "999999999.wav", music(1), 44_100)
    write(folder / "intro.wav", music(1), 44_100)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, listener: Listener, sounds: Path) -> Listener:
    """A small bundle whose tracks of those names are those sounds."""
    bundle = small_bundle(tmp_path_factory.mktemp("models") / "small", listener)
    points = np.array(bundle.catalog.points.values)
    for row, path in clips_in(sounds, bundle).items():
        points[row] = bundle.listen(path).embedding
    catalog = Catalog(points, bundle.catalog.probabilities, bundle.catalog.columns)
    write_catalog(bundle.folder, catalog)
    return Listener(bundle.folder)


def test_clips_are_found_by_the_ids_of_their_tracks(small: Listener, sounds: Path) -> None:
    clips = clips_in(sounds, small)
    assert {row: small.catalog.track_ids[row] for row in clips} == {
        row: int(path.stem) for row, path in clips.items()
    }
    assert len(clips) == 2


def test_a_folder_without_such_clips_is_said_to_be_so(small: Listener, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(BadDataset) as caught:
            clips_in(folder, small)
        assert caught.value.code == "no_clips"


def test_what_is_not_altered_is_found_and_what_cannot_be_heard_is_counted(
    small: Listener, sounds: Path, tmp_path: Path
) -> None:
    clips = clips_in(sounds, small)
    damaged = tmp_path / f"{small.catalog.track_ids[5]:06d}.mp3"
    damaged.write_bytes(b"no sound at all")
    done: list[float] = []
    found = robustness(small, {**clips, 5: damaged}, calling(done.append))
    assert (found["clips"], found["unheard"], done[:3]) == (3, 1, [1, 2, 3])
    assert set(found["alterations"]) == set(CASES)
    for name, one in found["alterations"].items():
        assert one["n"] == 2
        assert one["finds_itself"] <= one["in_first_5"]
        for share in ("finds_itself", "in_first_5", "keeps_genre"):
            low, high = one[f"{share}_ci95"]
            assert -1e-9 <= low <= one[share] <= high <= 1 + 1e-9
        if name in ("unchanged", "quieter_6db"):
            assert (one["finds_itself"], one["keeps_genre"]) == (1, 1)
            assert one["moved"] < 0.05
    moved = {name: one["moved"] for name, one in found["alterations"].items()}
    assert moved["rate_8khz"] > moved["unchanged"] < moved["other_half"]
    with pytest.raises(BadDataset):
        robustness(small, {5: damaged})


@pytest.mark.parametrize("rate", [48_000, 44_100, 22_050])
@pytest.mark.parametrize("channels", [1, 2])
def test_an_mp3_of_64_kbps_is_one(
    tmp_path: Path, rate: int, channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = np.column_stack([music(5, rate, seed=i) for i in range(channels)])
    path = write(tmp_path / "a.wav", samples, rate)
    kept = tmp_path / "kept"
    kept.mkdir()
    written = soundfile.write

    def write_and_keep(file: Path, *asked: object, **options: object) -> None:
        written(file, *asked, **options)
        (kept / "small.mp3").write_bytes(file.read_bytes())

    monkeypatch.setattr(soundfile, "write", write_and_keep)
    clip = decode(path)
    coded = as_mp3(path, clip)
    with av.open(kept / "small.mp3") as file:
        assert file.streams.audio[0].channels == channels
        assert file.bit_rate == pytest.approx(64_000, rel=0.05)
    assert coded.seconds == pytest.approx(clip.seconds, abs=0.1)
    n = round(4 * clip.sample_rate_hz)
    if coded.sample_rate_hz == clip.sample_rate_hz:
        assert np.corrcoef(clip.samples[:n], coded.samples[:n])[0, 1] > 0.9


def test_many_channels_become_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.column_stack([music(2)] * 4), 44_100)
    assert as_mp3(path, decode(path)).seconds == pytest.approx(2, abs=0.1)


def test_alterations_are_what_they_say(tmp_path: Path) -> None:
    loud = music(3)
    loud = loud / np.abs(loud).max() * np.float32(0.8)
    forms = dict(altered(write(tmp_path / "a.wav", loud, 44_100)))
    assert {*forms, "other_half"} == set(CASES)
    plain = forms["unchanged"].samples
    power = (plain**2).mean()
    quiet = forms["quieter_6db"].samples
    assert 10 * np.log10((quiet**2).mean() / power) == pytest.approx(-6, abs=1e-3)
    louder = forms["louder_6db"].samples
    assert np.abs(louder).max() == 1
    within = np.abs(plain) < 0.5
    np.testing.assert_allclose(louder[within], plain[within] * 10**0.3, rtol=1e-6)
    assert forms["rate_8khz"].sample_rate_hz == 8_000
    assert forms["rate_8khz"].seconds == pytest.approx(3, abs=0.01)


def power_db(clip: Clip, low_hz: float, high_hz: float) -> float:
    """Power between two frequencies, in dB of the whole."""
    power = np.abs(np.fft.rfft(clip.samples)) ** 2
    hz = np.fft.rfftfreq(len(clip.samples), 1 / clip.sample_rate_hz)
    return float(10 * np.log10(power[(hz >= low_hz) & (hz < high_hz)].sum() / power.sum() + 1e-12))


def test_a_telephone_a_room_and_codecs_take_away_what_they_should() -> None:
    rng = np.random.default_rng(0)
    noise = Clip((0.1 * rng.normal(size=4 * 44_100)).astype(np.float32), 44_100)
    wire = ALTERATIONS["telephone"](noise)
    assert wire.sample_rate_hz == 8_000 and power_db(wire, 0, 200) < -20
    assert len(np.unique(wire.samples)) <= 256
    room = ALTERATIONS["phone_in_a_room"](noise)
    assert power_db(room, 0, 200) < -25 and power_db(room, 9_500, 24_000) < -12
    for name, most in (("aac_64", 18_000), ("opus_128", 20_100), ("voice_message", 20_100)):
        heard = ALTERATIONS[name](noise)
        assert heard.seconds == pytest.approx(4, abs=0.1)
        assert power_db(heard, 0, most) > -0.1
    assert ALTERATIONS["first_5s"](Clip(np.ones(70, np.float32), 10)).seconds == 5
    assert ALTERATIONS["first_10s"](Clip(np.ones(70, np.float32), 10)).seconds == 7


@pytest.mark.parametrize(("seconds", "shared"), [(30, 0), (20, 10), (8, 8)])
def test_halves_share_what_is_less_than_30_seconds(seconds: int, shared: int) -> None:
    clip = Clip(np.arange(seconds * 100, dtype=np.float32), 100)
    first, last = halves(clip)
    assert first.samples[0] == 0 and last.samples[-1] == seconds * 100 - 1
    assert len(first.samples) == len(last.samples) == 100 * min(15, seconds)
    assert len(np.intersect1d(first.samples, last.samples)) == 100 * shared


def test_a_real_clip_finds_itself(listener: Listener, clips: dict[int, Path]) -> None:
    path = next(iter(clips.values()))
    found = clips_in(path.parent, listener)
    row = next(row for row, file in found.items() if file == path)
    of = robustness(listener, {row: path})["alterations"]
    for name in ("unchanged", "quieter_6db"):
        assert of[name]["finds_itself"] == of[name]["keeps_genre"] == 1
        assert of[name]["moved"] < 0.2
