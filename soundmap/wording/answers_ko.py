"""Korean for what commands about one's own music answer, by the English where it is printed."""

ANSWERS = {
    # index
    "catalog {name}: {tracks:,} tracks of {folder}": "{name} 카탈로그: {folder}의 {tracks:,}곡",
    "{heard:,} heard, {unchanged:,} unchanged, {moved:,} moved, {removed:,} removed; {seconds:.1f}"
    " s": "들음 {heard:,}, 그대로 {unchanged:,}, 옮김 {moved:,}, 없어짐 {removed:,}."
    " {seconds:.1f}초",
    ", {speed:.1f} files a second": ", 초당 {speed:.1f}개",
    "{count:,} sound like one before them and are named once a"
    " list": "{count:,}곡은 앞의 곡과 같은 소리라 목록마다 한 번만 나옵니다",
    "{count:,} could not be heard:": "듣지 못한 파일 {count:,}개:",
    "and {count:,} more: --json lists them all": "외 {count:,}개. --json은 모두 보여 줍니다",
    # catalogs
    "{tracks:,} tracks": "{tracks:,}곡",
    "is being heard": "듣는 중",
    "{kept:,} tracks are kept": "{kept:,}곡까지 들었음",
    " of {folder}, heard in up to {windows}"
    " windows": ", {folder}의 음악, 구간 {windows}개까지 들음",
    " of {folder}, heard in one window": ", {folder}의 음악, 구간 하나만 들음",
    " – not finished: {again} goes on": " – 아직 완성되지 않음. {again}(으)로 이어 갑니다",
    " – not usable: another model heard it; {again} hears it"
    " anew": " – 다른 모델이 들어서 쓸 수 없음. {again}(으)로 다시 듣습니다",
    " – {more:,} more are kept: {again} adds"
    " them": " – 들은 곡이 {more:,}개 더 있음. {again}(으)로 더합니다",
    "heard by the model {id}": "들은 모델: {id}",
    "; last changed {when}": ". 마지막 변경: {when}",
    "{failed:,} files could not be heard, {gone:,} are"
    " gone": "듣지 못한 파일 {failed:,}개, 없어진 파일 {gone:,}개",
    "{count:,} tracks with a permissive license": "자유롭게 쓸 수 있는 라이선스의 곡: {count:,}",
    "genres": "장르",
    "artists": "아티스트",
    "The catalog {name} is called {new} now; where a chat uses it, choose it there"
    " again.": "{name} 카탈로그의 이름이 이제 {new}입니다. 채팅에서 쓰고 있었다면 다시 골라"
    " 주세요.",
    "Remove the catalog {name} ({tracks:,} tracks) of {folder}? The music itself"
    " stays.": "{folder}의 {name} 카탈로그({tracks:,}곡)를 지울까요? 음악은 그대로 남습니다.",
    "Nothing was removed.": "아무것도 지우지 않았습니다.",
    "The catalog {name} is removed.": "{name} 카탈로그를 지웠습니다.",
    "catalog {name} has its index: {looked:,} of {lists:,} lists find {recall:.1%} of the ten"
    " nearest; {mb:,.0f} MB on disk": "{name} 카탈로그의 색인: {lists:,}개 목록 중 {looked:,}개를"
    " 보면 가장 가까운 열 곡의 {recall:.1%}를 찾습니다. 디스크에 {mb:,.0f} MB",
    # check
    "as sealed": "봉인된 그대로",
    "missing or altered": "없거나 바뀜",
    "left out: only training reads it": "빠져 있음. 훈련에만 씁니다",
    "golden probe": "기준 소리",
    "gives the sealed answer": "봉인된 답과 같음",
    "catalog": "카탈로그",
    "answers": "답",
    "Get a fresh copy of the bundle.": "번들을 새로 받아 주세요.",
    # progress
    "Listening": "듣는 중",
    "Indexing": "색인하는 중",
    "Placing": "자리를 찾는 중",
}
