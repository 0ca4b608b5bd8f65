"""The links in a text are the links that a reader sees there, whatever stands around them."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat.messages import end_in
from bot.chat.messages import links_in as links_in_chat
from bot.console.typed import arguments_of, path_of
from bot.discord.files import source_of
from bot.slack.mrkdwn import unwrapped
from bot.types import Link, Named
from soundmap.links.text import link_of, links_in

A, B = "https://x.org/a.mp3", "https://y.org/b.mp3"
WIKI = "https://en.wikipedia.org/wiki"

SURROUNDED = [  # by markup, brackets, quotes, words and marks; {} is the link
    "{}", " {} ", "{}\n", "song: {}", "song:{}", "x{}", "`{}`", "``{}``", "```{}```",
    "```\n{}\n```",
    "[{0}]({0})", "[label]({})", "[label](<{}>)", '[label]({} "title")', "![cover]({})", "[{}]",
    "[label with {0} inside]({0})", "[a]: {}", "<{}>", "<{}|label>", "<a href=\"{}\">song</a>",
    "||{}||", "|{}|", "| {} | 3:20 |", "**{}**", "*{}*", "***{}***", "_{}_", "__{}__", "~~{}~~",
    "**_{}_**", "~~**{}**~~", "*listen to {}*", "**new: {}**!", "_{}_.", "(*{}*)", "> {}", "- {}",
    "* {}", "# {}", "1. {}", "({})", "(see {}).", "({}),", "{{{}}}", "({}", "{})", "'{}'", '"{}"',
    "“{}”", "‘{}’", "«{}»", "„{}“", "{}.", "{},", "{};", "{}:", "{}!", "{}?", "{}?!", "{}...",
    "{}…", "{} :)", "{}:)", "{};)", "{}—great", "{}、", "{}。", "{}，好", "{}！", "{}？", "{}；",
    "{}：",
    "「{}」", "『{}』", "【{}】", "（{}）", "《{}》", "〈{}〉", "［{}］", "〔{}〕를",
    "「{}」を聴いて", "{}・", "{}〜",
    "{}를", "{}을 들어봐", "{}을(를)", "{}에서 들었어요", "{}입니다.", "{}랑 비슷한 거",
    "{}를, 그리고", "({})를",
    "'{}'를", '"{}"를', "`{}`를", "*{}*를", "_{}_를", "~~{}~~를", "**{}**를 들어", "<{}>를",
    "||{}||를",
    "{}を聴いて", "{}みたいな曲", "{}的歌", "{}这首歌", "聽{}這首", "{}ｗｗｗ", "{}ครับ",
    "{}(좋은 노래)", "{}（좋은）",
    "{}ᄅᆯ", "{}🎵", "🎵{}🎵", "{}❤️", "{}👍🏽", "{}→", "{}™", "{}،", "{}؟", "{}।",
    "{}\u200b", "{}\ufeff", "\u202a{}\u202c", "{}\u200f", "{}\u00a0x", "{}\u3000x", "{}\u2028x",
    "{}\x00",
    "{}\x7f", "{}\x03", "\\*{}\\*", "\\<{}\\>", "^{}^", "*a* {}", "snake_case {}", "2*3 {}",
    "@here {}",
]  # fmt: skip

WHOLE = [  # links in which everything belongs
    "HTTPS://X.ORG/A.mp3", "Http://x.org", "https://x.org/", "https://x.org",
    "https://x.org:8443/a",
    "http://localhost:8000/a.mp3", "http://user:pw@x.org/a", "http://[2001:db8::1]:8000/a.mp3",
    f"{WIKI}/Foo_(bar)", f"{WIKI}/Foo_(bar)_(baz)", f"{WIKI}/Foo_(a_(b))", "https://x.org/a[1].mp3",
    "https://x.org/a?b[]=1&c[]=2", "https://youtu.be/abc_", "https://youtu.be/-abc-",
    "https://x.org/~me/a~", "https://x.org/a*", "https://x.org/*/a", "https://x.org/_a_",
    "https://x/a=",
    "https://x.org/a?sig=a%2Fb%3D%3d&x=%EB", "https://x.org/a;b=c,d.mp3", "https://x.org/it's.mp3",
    "https://x.org/a!b:c@d$e+f.mp3", "https://x.org/a#t=1:30", "https://x.org/a/../b//c",
    "https://x.org/a&",
    "https://web.archive.org/web/2020/https://x.org/a.mp3", "https://x.org/?u=https://y.org/b",
    "https://x.org/?u=https%3A%2F%2Fy.org", "https://x.org/?u=a%3Dhttps://y.org/b",
    "https://x.org/음악/노래.mp3", "https://x.org/K팝/a.mp3", "https://x.org/K팝.mp3",
    "https://x.org/노래",
    "https://ko.wikipedia.org/wiki/노래_(음악)", "https://ko.wikipedia.org/wiki/Queen_(밴드)",
    "https://음악.한국/노래", "https://k팝.kr/a", "https://x.org/?q=노래&r=歌+曲",
    "https://x.org/#노래",
    "https://ja.wikipedia.org/wiki/ザ・ビートルズ", "https://x.org/カ\u3099.mp3",
    "https://x.org/🎵.mp3",
    "https://x.org/❤️/a.mp3", "https://de.wikipedia.org/wiki/Sigur_Rós", "https://x.org/e\u0301.mp3",
    "https://ru.wikipedia.org/wiki/Рок", "https://x.org/песня.mp3", "https://bücher.example/ä",
    "https://hi.wikipedia.org/wiki/संगीत", "https://th.wikipedia.org/wiki/ดนตรี",
    "https://x.org/%EB%85%B8",
    "https://fa.wikipedia.org/wiki/نرم\u200cافزار", "https://he.wikipedia.org/wiki/מוזיקה",
]  # fmt: skip

SEVERAL = [
    (f"{A} {B}", [A, B]),
    (f"{A}\n{B}", [A, B]),
    (f"{A},{B}", [A, B]),
    (f"{A}, {B};", [A, B]),
    (f"{A}{B}", [A, B]),
    (f"{A}|{B}", [A, B]),
    (f"({A})({B})", [A, B]),
    (f"{A}와{B}", [A, B]),
    (f"{A}，{B}。", [A, B]),
    (f"*{A}* *{B}*", [A, B]),
    (f"*{A} and {B}*", [A, B]),
    (f"_{A}_,_{B}_", [A, B]),
    (f"{A} {B} {A}", [A, B]),
    (f"[{A}]({B})", [B]),
    (f"[one]({A}) [two]({B})", [A, B]),
    ("_https://youtu.be/abc__", ["https://youtu.be/abc_"]),
    ("* https://x.org/a*", ["https://x.org/a*"]),
    ("*a* https://x.org/b*", ["https://x.org/b*"]),
    ("snake_case https://x.org/b_", ["https://x.org/b_"]),
    ("(https://x.org/a_(b))", ["https://x.org/a_(b)"]),
    ("https://x.org/a\\_b\\*", ["https://x.org/a_b*"]),
    ("https://https://x.org/a", ["https://x.org/a"]),
]

NONE = [
    "", "no link", "https", "https:", "https:/x.org", "https://", "https://.", "https:///x",
    "http://!",
    "https:// x.org", "https://）", "ftp://x.org/a", "file:///etc/passwd", "www.x.org",
    "javascript:alert(1)", "https://?x", "https://#x", "http://@", "http://)", "[a](b)", "\x00",
    "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("around", SURROUNDED)
@pytest.mark.parametrize(
    "link", [A, f"{A}?x=1&y=_", "https://youtu.be/a_b-C9", f"{WIKI}/Foo_(bar)"]
)
def test_a_link_is_found_whatever_stands_around_it(around: str, link: str) -> None:
    if around[around.index("}") + 1 :][:1] > "\x7f" and not link[-1].isalnum():
        link += "x"  # behind a mark, a word may be part of the link
    assert links_in(around.format(link)) == [link]


@pytest.mark.parametrize("link", WHOLE)
def test_what_belongs_to_a_link_stays(link: str) -> None:
    assert links_in(link) == [link]
    assert links_in(f"<{link}>") == links_in(f"({link})") == links_in(f"{link}, ok") == [link]


@pytest.mark.parametrize(("text", "links"), SEVERAL)
def test_links_are_told_apart(text: str, links: list[str]) -> None:
    assert links_in(text) == links


@pytest.mark.parametrize("text", NONE)
def test_other_text_has_no_link(text: str) -> None:
    assert links_in(text) == []


# ------------------------------------------------------------------ laws

_name = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9_~*$&+=@-]|%[0-9A-F]{2}){0,12}", fullmatch=True)
_word = _name | st.sampled_from(
    ["노래", "음악", "歌", "うた", "песня", "ä", "a.mp3", "x_(y)", "b[1]", "_"]
)
_host = st.sampled_from(
    ["x.org", "a.b.example:8000", "[::1]:80", "음악.한국", "u:p@x.org", "10.0.0.1"]
)


@st.composite
def urls(draw: st.DrawFn) -> str:
    """An address in which every part is beyond doubt."""
    path = "".join(f"/{word}" for word in draw(st.lists(_word, max_size=4)))
    query = "&".join(f"{name}={draw(_word)}" for name in draw(st.lists(_name, max_size=2)))
    fragment = draw(st.sampled_from(["", "", "#t=90", "#a"]))
    scheme = draw(st.sampled_from(["http", "https", "HTTPS"]))
    return f"{scheme}://{draw(_host)}{path or '/'}{'?' + query if query else ''}{fragment}"


@settings(deadline=None)
@given(st.lists(st.tuples(urls(), st.sampled_from(SURROUNDED)), min_size=1, max_size=3))
def test_any_links_in_any_surroundings_are_found_exactly(parts: list[tuple[str, str]]) -> None:
    sure = [(f"{url}{'' if url[-1:].isalnum() and url.isascii() else '/z'}", a) for url, a in parts]
    text = "\n".join(around.format(url) for url, around in sure)
    assert links_in(text) == list(dict.fromkeys(url for url, _ in sure))


@settings(deadline=None)
@given(st.text() | st.text("htps:/.()[]<>|*_~`\\x가・ー🎵%2 \n"))
@example("https://[")
@example("https://(를")
@example("HTTPſ://x.org")
def test_any_text_has_links_that_stand_in_it(text: str) -> None:
    plain = text.replace("\\", "")
    for link in links_in(text):
        assert link in plain and link.casefold().startswith(("http://", "https://"))
        assert links_in(link) == [link] or "*" in link or "_" in link or "~" in link


HOSTILE = [
    "https://x", "https://x(", "https://x(/", "(https://x", "<https://x", "https://",
    "https://x@", "*_",
    "*https://x.org/* ", "https://x.org/ ", "[", "[](", "\\", "h", "http", "a:",
]  # fmt: skip
BEHIND = [
    "(",
    ")",
    "()",
    "*_",
    ".",
    "를",
    "🎵",
    "🎵" * 60 + ".mp3",
    "%20",
    "a를.",
    "_(",
    "?https://x/",
    "~",
]


@pytest.mark.alone
@pytest.mark.parametrize("piece", [*HOSTILE, *(f"https://x.org/{more}" for more in BEHIND)])
def test_a_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    head, _, more = piece.partition("x.org/")
    text = f"{head}x.org/{more * (100_000 // len(more))}" if more.strip() else piece * 10_000
    started = time.perf_counter()
    links_in(text)
    assert time.perf_counter() - started < 1


# ------------------------------------------------------------------ mouths


@pytest.mark.parametrize("around", SURROUNDED)
def test_a_chat_finds_what_the_text_has(around: str) -> None:
    assert links_in_chat(around.format(A)) == [Link(A)]
    assert end_in(around.format(A)) == Link(A)
    assert source_of(None, around.format(A)) == Link(A)


def test_a_name_stays_a_name() -> None:
    assert end_in(" Song [live] *x* ") == Named("Song [live] *x*")


@pytest.mark.parametrize(
    "text",
    [
        "<{}>", "<{}|label>", "<{}|{}>", "[<{}>](<{}>)", "*<{}>*", "_<{}>_", "`<{}>`", "~<{}>~",
        "(<{}>)",
        "<{}>를", "<{}를>", "&lt;<{}>&gt;", "• <{}>", "&gt; <{}>", "<@U1> <{}>, ok", "<{}|x.org…>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("link", [f"{A}?a=1&b=2", f"{WIKI}/Foo_(bar)?a=1&b=c"])
def test_slack_wraps_links_in_its_own_way(text: str, link: str) -> None:
    assert links_in_chat(unwrapped(text.replace("{}", link.replace("&", "&amp;")))) == [Link(link)]


DRESSED = ["{}", " {} ", "<{}>", "[{0}]({0})", "[song]({})", "`{}`", '"{}"', "'{}'", "({})",
"||{}||",
           "**{}**", "「{}」"]  # fmt: skip


@pytest.mark.parametrize("around", DRESSED)
@pytest.mark.parametrize("link", [A, A.replace("https", "HTTPS"), f"{WIKI}/Foo_(bar)"])
def test_an_argument_is_a_link_in_any_markup(around: str, link: str) -> None:
    assert link_of(around.format(link)) == link
    assert path_of(around.format(link)) == link
    assert arguments_of(f"{around.format(link).strip()} -n 3") == ["-n", "3", "--", link]


def test_an_argument_that_begins_with_a_link_is_taken_as_it_is() -> None:
    assert link_of("https://x.org/a b|c.") == "https://x.org/a b|c."


def test_the_console_takes_a_link_out_of_a_sentence() -> None:
    assert path_of(f"{A}를 들어 봐") == A


@pytest.mark.parametrize(
    "argument",
    ["song.mp3", "/music/https://x.mp3", "my https://x.org.mp3", "-", "", "(a).mp3", "<a>"],
)
def test_another_argument_is_no_link(argument: str) -> None:
    assert link_of(argument) is None
