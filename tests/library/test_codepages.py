"""Text that was written in some code page and called Latin-1 is read as it was meant."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soundmap.library.written.codepages import mended

WESTERN = {
    "German": "Größe Straße Übermut süß Äther Öl Mädchen Gruß aus Köln Höhö FÜR"
    " Müßiggang ÜBER Tür Fußgängerübergänge Einstürzende Neubauten Ärzte",
    "French": "été Été où Où ça Ça naïf Noël créé réélu cœur Œuvre œil déjà à À é L’été aîné"
    " août garçon Hélène crème brûlée Ÿ maïs ambiguë",
    "Icelandic": "Ágætis byrjun Þú ert jörðin Það er ekki auðvelt Ég á þér Sæglópur ÍSLENSKA"
    " þögn æði ÞÓ Þó Öxnadalsheiði Tónlist Ó Vögguvísa Íþróttir bíó hæ hó",
    "Spanish": "Mañana Niño ¿Qué? ¡Viva! canción Ñandú último corazón Señor así É ¡Ánimo! pingüino",
    "Portuguese": "São João Coração avô três irmãos às vezes É não mãe AVIÃO ÇÃO Ó água você lá",
    "Italian": "Città perché così È più Può metà virtù Ò tè",
    "Swedish": "Kärlek är så länge Åh Räksmörgås å ö ÄR blå ÅÄÖ Ångström",
    "Danish": "ÆØÅ øl Blå øjne på Ø Ærø rødgrød Åå æbleskiver Ål smørrebrød",
    "Finnish": "Hyvää yötä Äiti pää sää hääyöaie öinen ÄÄ Jäätelö Öö",
    "Estonian": "Mägi Öö jäääär õun Jõulud töö Süüõhk Õ ööülikool",
    "Irish": "Sinéad Ó Súilleabháin Éire Gráinne Tír na nÓg",
    "punctuation": "Don’t “Noël” «Été» ½ 100°C €uro ©2001 A–Z… Rock’n’Roll 7″ H²O No.1® § ± µ ÷ ×",
}
OTHER = {
    "cp949": "아이유 방탄소년단 봄날 밤편지 너의 의미 서울의 달 강남스타일 사랑은 늘"
    " 도망가 이문세 광화문 연가 바람이 분다 신승훈 장기하와 얼굴들 첫눈처럼"
    " 너에게 가겠다 취중진담 애인있어요",
    "cp932": "さくら 椎名林檎 宇多田ヒカル 中島みゆき 涙そうそう 東京事変 ひまわり"
    " 残酷な天使のテーゼ 上を向いて歩こう 坂本龍一 夜に駆ける スピッツ"
    " アンビエント・ミュージック 君の名は。",
    "cp1251": "Кино Группа крови Песня Виктор Цой Земфира Аквариум Звезда по имени Солнце"
    " Пламя Сплин Выхода нет Владивосток 2000 Полковнику никто не пишет Наутилус Прогулки",
    "gb18030": "周杰伦 月亮代表我的心 邓丽君 海阔天空 甜蜜蜜 北京欢迎你 一无所有"
    " 平凡之路 刘若英 七里香",
    "big5": "周杰倫 月亮代表我的心 張學友 羅大佑 告白氣球 小幸運 蔡依林 聽媽媽的話 讓我們看雲去",
    "cp1253": "Θεοδωράκης Ζορμπάς τραγούδι Αλεξίου Μίκης Χάρις",
}
western_words = st.sampled_from([word for words in WESTERN.values() for word in words.split()])


def taken_for_latin(text: str, page: str) -> str:
    return text.encode(page).decode("latin-1")


@settings(deadline=None)
@given(st.lists(st.lists(western_words, min_size=1, max_size=5).map(" ".join), max_size=4))
@example(["ÆØÅ"])
@example(["Þó"])
@example(["CAFÉ®"])
@example(["à"])
def test_western_text_stays_as_it_is(texts: list[str]) -> None:
    assert mended(texts) == texts


@settings(deadline=None)
@given(st.lists(st.lists(western_words, min_size=1, max_size=5).map(" ".join), max_size=4))
def test_western_text_of_windows_called_latin_is_read(texts: list[str]) -> None:
    texts = [text.encode("cp1252", "ignore").decode("cp1252") for text in texts]
    assert mended([taken_for_latin(text, "cp1252") for text in texts]) == texts


@pytest.mark.parametrize("language", WESTERN)
def test_each_western_word_alone_stays_as_it_is(language: str) -> None:
    words = WESTERN[language].split()
    assert [mended([word])[0] for word in words] == words
    assert [mended([word.upper()])[0] for word in words] == [word.upper() for word in words]


@settings(deadline=None)
@given(st.lists(western_words, min_size=1, max_size=6).map(" ".join), st.integers(1, 2))
def test_utf_8_called_latin_is_read_even_twice(text: str, times: int) -> None:
    text = "".join(letter for letter in text if letter not in "″")
    spoiled = text
    for _ in range(times):
        spoiled = taken_for_latin(spoiled, "utf-8")
    assert mended([spoiled]) == [text]


@pytest.mark.parametrize("page", OTHER)
@settings(deadline=None)
@given(data=st.data())
def test_title_and_artist_in_a_code_page_are_read_or_left_out(
    page: str, data: st.DataObject
) -> None:
    names = [word for word in OTHER[page].split() if len(word) > 3 or word > "\u2e80"]
    words = st.sampled_from([word for word in names if not word[0].islower()])
    texts = data.draw(st.lists(st.lists(words, min_size=2, max_size=4).map(" ".join), min_size=2))
    got = mended([taken_for_latin(text, page) for text in texts])
    assert got in (texts, [""] * len(texts))


@pytest.mark.parametrize("page", OTHER)
def test_most_names_in_a_code_page_are_read(page: str) -> None:
    words = OTHER[page].split()
    pairs = [*pairwise(words)]
    read = [mended([taken_for_latin(word, page) for word in pair]) == [*pair] for pair in pairs]
    assert sum(read) >= 0.8 * len(pairs)


@pytest.mark.parametrize(
    ("page", "text", "name"),
    [
        ("cp949", "꽃", "안예은 - 꽃비, 꽃"),
        ("cp1251", "Он", "01 - Он"),
        ("koi8-r", "КИНО", "КИНО - Звезда"),
        ("cp874", "เพลงรัก", "เพลงรัก"),
        ("cp1255", "שלום", "שלום"),
        ("gb18030", "后来", "刘若英 - 后来"),
        ("cp1251", "ФЫВ", unicodedata.normalize("NFD", "йод - ФЫВ")),
    ],
)
def test_the_name_of_the_file_tells_what_its_text_leaves_open(
    page: str, text: str, name: str
) -> None:
    assert mended([taken_for_latin(text, page)], name) in ([text], [""])
    if len(text) > 1:
        assert mended([taken_for_latin(text, page)], name) == [text]


@pytest.mark.parametrize("rubbish", ["\ufffd\ubde1", "Caf\ufffd", "x\xb4\xb6\xb8y\xff\xac"])
def test_rubbish_is_left_out(rubbish: str) -> None:
    assert mended([rubbish]) == [""]


@settings(deadline=None)
@given(st.binary(max_size=60).map(lambda data: data.decode("latin-1")))
def test_any_bytes_give_text_or_nothing(text: str) -> None:
    (got,) = mended([text])
    got.encode()
    assert "\ufffd" not in got


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=0x2E80, exclude_categories=["Cs"]), max_size=30))
def test_text_that_no_byte_can_be_is_not_touched(text: str) -> None:
    if "\ufffd" not in text:
        assert mended([text]) == [text]


def test_a_field_of_thirty_bytes_may_end_within_a_letter() -> None:
    title = "사랑은 늘 도망가고 있지만 나는 여기에"
    field = title.encode("cp949")[:30]
    assert title.startswith(
        mended([field.decode("latin-1"), taken_for_latin("아이유", "cp949")])[0]
    )
    assert mended([field.decode("latin-1")])[0]
    utf8 = title.encode()[:30].decode("latin-1")
    assert mended([utf8]) == [title.encode()[:30].decode("utf-8", "ignore")]
