"""Korean for the help of the commands that people use, by the English of their parsers."""

HELP = {
    # commands
    "A sound in, its nearest free tracks"
    " out.": "소리를 주면 가장 비슷하게 들리는 무료 곡을 찾습니다.",
    "Find the free tracks nearest to a sound.": "소리와 가장 비슷하게 들리는 무료 곡을 찾습니다.",
    "Say which genres a sound is heard as.": "소리가 어떤 장르로 들리는지 알려 줍니다.",
    "Verify a bundle: hashes, shapes, finite numbers, golden"
    " probe.": "번들을 검증합니다: 해시, 배열의 모양, 유한한 수, 기준 소리.",
    "Make a catalog of your own music, or update"
    " it.": "내 음악으로 카탈로그를 만들거나 갱신합니다.",
    "List the catalogs of your own music.": "내 음악의 카탈로그를 보여 줍니다.",
    "Write the map as a page for a browser: all tracks by sound, and yours among"
    " them.": "브라우저로 보는 지도 페이지를 씁니다: 모든 곡이 소리에 따라 놓이고, 그 사이에 내"
    " 소리가 있습니다.",
    "Lead from one sound to another by tracks that each sound like the one"
    " before.": "한 소리에서 다른 소리로, 앞 곡과 비슷한 곡을 이어서 안내합니다.",
    "Find the tracks nearest to several sounds, and away from"
    " others.": "여러 소리와 가깝고 다른 소리와는 먼 곡을 찾습니다.",
    "Serve catalogs to music players that speak"
    " OpenSubsonic.": "OpenSubsonic을 쓰는 음악 플레이어에 카탈로그를 제공합니다.",
    # options of several commands
    "print one JSON document": "JSON 문서 하나로 출력합니다.",
    "model bundle to use": "사용할 모델 번들",
    "audio files or links; - is a sound on standard input, what begins with - goes behind"
    " --": "오디오 파일이나 링크. -는 표준 입력의 소리이고, -로 시작하는 이름은 -- 뒤에 씁니다.",
    "how many, 1 to {most} (default {usual})": "몇 곡, 1–{most} (기본값 {usual})",
    "only tracks of this genre": "이 장르의 곡만",
    "known; exactly cc0, by, by-sa, by-nc, by-nd, by-nc-sa or by-nc-nd; by-sa+ and the like: that"
    " or wider; permissive: CC0, public domain, CC BY (default any)": "known: 라이선스가 알려진"
    " 곡. cc0, by, by-sa, by-nc, by-nd, by-nc-sa, by-nc-nd: 꼭 그 라이선스. by-sa+처럼 +를 붙이면"
    " 그만큼 또는 더 자유로운 라이선스. permissive: CC0, 퍼블릭 도메인, CC BY (기본값 any: 모두)",
    "only tracks whose page is known": "페이지가 알려진 곡만",
    "no strong language in titles and names": "제목과 이름에 거친 말이 없는 곡만",
    "only tracks that are called instrumental": "연주곡이라고 적힌 곡만",
    "90-110, 120- or more, or about 120": "템포: 90-110, 120- (그 이상), 120 (그쯤)",
    "closer: the nearest; wide, wider: every 4th, 16th on the way"
    " outwards": "closer: 가장 가까운 곡. wide, wider: 바깥쪽으로 가며 네 곡, 열여섯 곡마다 하나",
    "how far a track is from the sound (default"
    " euclidean)": "소리와 곡의 거리를 재는 방법 (기본값 euclidean)",
    "of these tracks: soundmap catalogs lists": "이 카탈로그의 곡에서. 목록은 soundmap catalogs",
    "where catalogs are kept (default: in your data"
    " folder)": "카탈로그를 두는 곳 (기본값: 내 데이터 폴더)",
    "listen to a long sound in up to N windows spread over it, {most:.0f} s in total at most; 1:"
    " only the middle {seconds:.0f} s (default {windows})": "긴 소리는 전체에 걸친 구간 N개까지,"
    " 모두 합쳐 최대 {most:.0f}초를 듣습니다. 1: 가운데 {seconds:.0f}초만 (기본값 {windows})",
    "only the {seconds:.0f} s from there on: 1:30 or 90 (default for a link: its own"
    " t=90)": "그 시각부터 {seconds:.0f}초만: 1:30 또는 90 (링크의 기본값: 링크에 있는 t=90)",
    "host of your own network, such as nas.local or 10.0.0.5:8000, that a link may lead to"
    " (default: none); may be given again": "링크가 가리켜도 되는 내 네트워크의 호스트. 예:"
    " nas.local, 10.0.0.5:8000 (기본값: 없음). 여러 번 쓸 수 있습니다.",
    "keep the sound's own track if it has"
    " one": "그 소리 자신의 곡이 카탈로그에 있어도 빼지 않습니다.",
    "below the list, a line of credit to copy for each track (always in --json)": "목록 아래에"
    " 곡마다 복사해서 쓰는 출처 표기를 붙입니다 (--json에는 언제나 있습니다).",
    "smooth: so that each track sounds like the one before (default: nearest"
    " first)": "smooth: 앞 곡과 비슷한 곡이 이어지는 순서 (기본값: 가까운 곡부터)",
    "write the list, too, for a player or a table: .m3u8, .xspf, .csv,"
    " .json": "목록을 플레이어나 표로 쓸 파일로도 저장합니다: .m3u8, .xspf, .csv, .json",
    "; or draw it on the map: {also}": ". 또는 지도에 그립니다: {also}",
    "paths in the list begin at its own folder (default: they are"
    " absolute)": "목록 속의 경로를 목록이 있는 폴더에서 시작합니다 (기본값: 절대 경로).",
    "processes (default: all cores)": "프로세스 수 (기본값: 모든 코어)",
    # index and catalogs
    "music, at any depth; tables of FMA beside it are read (default: as last time)": "음악이 있는"
    " 폴더. 하위 폴더까지, 곁에 있는 FMA의 표도 읽습니다 (기본값: 지난번과 같은 폴더).",
    "of the catalog: letters, digits, - and _": "카탈로그의 이름: 글자, 숫자, -와 _",
    "have a Dask cluster listen: its scheduler, such as"
    " tcp://10.0.0.1:8786": "Dask 클러스터가 듣게 합니다. 스케줄러의 주소, 예: tcp://10.0.0.1:8786",
    "the music of this catalog lies in FOLDER now": "이 카탈로그의 음악이 이제 FOLDER에 있습니다.",
    "hear a long file in up to N windows spread over it; 1: in its middle (default: as the catalog"
    " was heard, {windows} in a new one)": "긴 파일은 전체에 걸친 구간 N개까지 듣습니다. 1:"
    " 가운데만 (기본값: 카탈로그를 들은 대로, 새 카탈로그는 {windows})",
    "show what is in a catalog": "카탈로그에 무엇이 있는지 보여 줍니다.",
    "rename a catalog": "카탈로그의 이름을 바꿉니다.",
    "remove a catalog, never the music; it"
    " asks": "카탈로그를 지웁니다. 음악은 지우지 않으며, 먼저 묻습니다.",
    "make the search index that a catalog of more than a million tracks"
    " wants": "백만 곡이 넘는 카탈로그에 필요한 검색 색인을 만듭니다.",
    "remove without asking": "묻지 않고 지웁니다.",
    # map, path and mix
    "audio files or links to mark; the word layout alone computes where the tracks of the bundle"
    " lie, and seals it": "지도에 표시할 오디오 파일이나 링크. layout이라고만 쓰면 번들의 곡이"
    " 놓일 자리를 계산하고 번들을 봉합니다.",
    "the page (default map.html)": "페이지를 쓸 파일 (기본값 map.html)",
    "picks for each sound (default 5)": "소리마다 고를 곡의 수 (기본값 5)",
    "two of: audio file, link, or track of the catalog by its number or 'artist -"
    " title'": "다음 중 둘: 오디오 파일, 링크, 또는 번호나 '아티스트 - 제목'으로 쓴 카탈로그의 곡",
    "tracks in between, 1 to {most} (default 8)": "사이에 놓을 곡의 수, 1–{most} (기본값 8)",
    "instead: measure paths between N random pairs beside straight"
    " lines": "길을 찾는 대신, 무작위 N쌍 사이의 길을 직선과 비교해 측정합니다.",
    "audio files, links, or tracks of the catalog by number or 'artist -"
    " title'": "오디오 파일, 링크, 또는 번호나 '아티스트 - 제목'으로 쓴 카탈로그의 곡",
    "what to stay away from; may be given again": "멀리할 소리. 여러 번 쓸 수 있습니다.",
    "sounds of a playlist (m3u, m3u8, pls, xspf) or a folder; the list takes from each of their"
    " moods in turn; may be given again": "재생 목록(m3u, m3u8, pls, xspf)이나 폴더의 소리. 그"
    " 분위기마다 돌아가며 곡을 고릅니다. 여러 번 쓸 수 있습니다.",
    "artists of these sounds may come up, too": "이 소리들의 아티스트도 나올 수 있습니다.",
    # serve
    "serve these tracks: soundmap catalogs lists (default {shipped}); may be given again": "이"
    " 카탈로그의 곡을 제공합니다. 목록은 soundmap catalogs (기본값 {shipped}). 여러 번 쓸 수"
    " 있습니다.",
    "where to listen (default 127.0.0.1: this machine"
    " only)": "접속을 받을 주소 (기본값 127.0.0.1: 이 컴퓨터에서만)",
    "port to listen on, 0: any that is free (default"
    " %(default)s)": "접속을 받을 포트, 0: 비어 있는 아무 포트 (기본값 %(default)s)",
    "file with the token, {least} letters or more, made if it is not there (default: {file} in"
    " your data folder)": "{least}자 이상의 토큰이 든 파일. 없으면 만듭니다 (기본값: 내 데이터"
    " 폴더의 {file}).",
    # what examples do
    "free tracks that sound like it": "비슷하게 들리는 무료 곡",
    "a catalog of your own music": "내 음악의 카탈로그",
    "all that a command can do": "명령으로 할 수 있는 모든 것",
    "a line of JSON for each": "파일마다 JSON 한 줄",
    "only half a minute of it": "그중 30초만",
    "what is piped in": "파이프로 들어온 소리",
    "a catalog of that folder": "그 폴더의 카탈로그",
    "hears what is new in it": "새로 생긴 것을 듣습니다",
    "what of it sounds like a song": "그중 노래와 비슷한 것",
    "all catalogs, and what to do about an unfinished one": "모든 카탈로그, 덜 된 것을 어떻게 할지",
    "its tracks, artists and genres, and how it was heard": "곡, 아티스트, 장르, 들은 방법",
    "forgets what was heard; the music itself stays": "들은 것만 잊고 음악은 남깁니다",
    "all tracks, as map.html": "모든 곡을 map.html로",
    "your songs among them, each with what is near": "내 노래를 그 사이에, 가까운 곡과 함께",
    "among your own music": "내 음악 사이에",
    "eight tracks from one to the other": "한 소리에서 다른 소리까지 여덟 곡",
    "from track number 2 to number 141": "2번 곡에서 141번 곡까지",
    "near any of them, best near several": "그중 하나와 가까운 곡, 여럿과 가까우면 먼저",
    "and away from another": "다른 소리와는 먼 곡",
    "from tracks by their numbers": "번호로 쓴 곡에서",
    "more like that list": "그 목록과 비슷한 곡을 더",
    "your own music, to players on this machine": "내 음악을, 이 컴퓨터의 플레이어에",
    "a music folder for each": "카탈로그마다 음악 폴더 하나",
}
