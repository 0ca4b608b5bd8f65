"""Korean for the help of the commands that train or measure, by the English of their parsers."""

LAB_HELP = {
    # commands
    "Try on simulated people what votes"
    " change.": "가상의 사람들로 투표가 무엇을 바꾸는지 시험합니다.",
    "Score the bundle on a labeled tile file or on songs, or write its whole"
    " report.": "장르가 적힌 타일 파일이나 노래로 번들을 채점하거나, 보고서 전체를 씁니다.",
    "Train a network on tile files; seal it as a"
    " bundle.": "타일 파일로 신경망을 학습하고 번들로 봉합니다.",
    "Train and score rows of the published ladder.": "발표된 사다리의 행을 학습하고 채점합니다.",
    "Fetch a data set, or cut one for training.": "데이터 세트를 내려받거나 학습용으로 자릅니다.",
    "Measure how long listening takes, beside the plain way to do the"
    " same.": "듣는 데 걸리는 시간을, 같은 일을 평범하게 할 때와 비교해 측정합니다.",
    # a run of training
    "checkpoints and figures; what was left unfinished goes on (default"
    " {folder})": "체크포인트와 수치를 두는 곳. 끝나지 않은 것은 이어서 합니다 (기본값 {folder}).",
    "a folder in runs": "runs 안의 한 폴더",
    "start over": "처음부터 다시 합니다.",
    "at most so many": "최대 몇 번",
    "of every random choice": "모든 무작위 선택의 시드",
    "of every random choice (default 0)": "모든 무작위 선택의 시드 (기본값 0)",
    "processor cores to use (default: all)": "사용할 프로세서 코어의 수 (기본값: 모두)",
    "tiles-training.npz, tiles-validation.npz and"
    " tracks.csv": "tiles-training.npz, tiles-validation.npz, tracks.csv가 있는 폴더",
    "checkpoints; a run left unfinished here goes on (default runs/overview)": "체크포인트를 두는"
    " 곳. 여기에 끝나지 않은 학습이 있으면 이어서 합니다 (기본값 runs/overview).",
    "start the run over": "학습을 처음부터 다시 합니다.",
    "filters of the first layer (default {width})": "첫 층의 필터 수 (기본값 {width})",
    "how many (default {usual})": "몇, 기본값 {usual}",
    "tiles in a step": "한 단계의 타일 수",
    "the highest of the run": "학습 중 가장 높은 학습률",
    # simulate
    "share of wrong votes, 0 to 0.5 (default 0.1)": "잘못된 투표의 비율, 0–0.5 (기본값 0.1)",
    "taste knows no sub-genres and no"
    " artists": "취향이 세부 장르와 아티스트를 모르는 것으로 합니다.",
    "draw it, too": "그림으로도 그립니다.",
    # evaluate
    "arrays track_id (n), tile uint8 (n, 128, columns) and genre (n"
    " names)": "배열 track_id (n), tile uint8 (n, 128, columns), genre (이름 n개)가 든 파일",
    "tiles-training.npz, tiles-validation.npz, tracks.csv and, if any,"
    " features-*.npz": "tiles-training.npz, tiles-validation.npz, tracks.csv와, 있다면"
    " features-*.npz가 있는 폴더",
    "whole songs: how far lists agree that are made of different parts of"
    " one": "온전한 노래들: 한 노래의 다른 부분으로 만든 목록이 얼마나 같은지",
    "a table of the catalog's tracks with their albums: how well rules for mixes find the other"
    " half of an artist, an album, a sub-genre, and stay away from another": "카탈로그의 곡과"
    " 앨범을 적은 표: 믹스의 규칙이 아티스트, 앨범, 세부 장르의 나머지 절반을 얼마나 잘 찾고,"
    " 다른 것에서 얼마나 떨어져 있는지",
    "with --data: clips to alter, named by their track ids, as"
    " 000002.mp3": "--data와 함께: 변형할 소리. 파일 이름은 000002.mp3처럼 곡의 번호",
    "with --data: where the report goes (default: report in the bundle's"
    " folder)": "--data와 함께: 보고서를 쓸 곳 (기본값: 번들 폴더의 report)",
    "with --data: train and score a network on slices held out at random, by track, or recipes by"
    " cross-validation, each artist counted once": "--data와 함께: 조각을 무작위로, 또는 곡별로"
    " 남겨 두고 신경망을 학습해 채점하거나, 아티스트를 한 번씩만 세는 교차 검증으로 레시피를"
    " 채점합니다.",
    "with --protocol artists": "--protocol artists와 함께",
    "of {folds}, how many to train (default 3)": "{folds}개 중 학습할 수 (기본값 3)",
    "filters (default {width})": "필터 수 (기본값 {width})",
    "another number of the recipe, such as paired=0; may be given"
    " again": "레시피의 다른 수, 예: paired=0. 여러 번 쓸 수 있습니다.",
    "a run of another recipe to compare with": "비교할 다른 레시피의 학습 폴더",
    # ladder
    "rows: {rows}": "행: {rows}",
    "only print what is known": "알고 있는 것만 출력합니다.",
    "tiles-training.npz, tiles-validation.npz, features-*.npz and"
    " tracks.csv": "tiles-training.npz, tiles-validation.npz, features-*.npz, tracks.csv가 있는"
    " 폴더",
    "train and score on N slices of each track, held out at random, to see what that gives away;"
    " use a --run of its own": "곡마다 N조각을 무작위로 남겨 두고 학습해 채점하여, 그러면 무엇이"
    " 새는지 봅니다. 따로 --run을 쓰세요.",
    # dataset
    "decode, cut, write; or download and"
    " unpack": "prepare: 해독하고 잘라서 씁니다. fetch: 내려받아 압축을 풉니다.",
    "what the folder holds; or the archive to fetch": "폴더에 든 데이터 세트, 또는 내려받을 묶음",
    "to prepare: the audio": "prepare에 쓸 오디오 폴더",
    "where it goes": "결과를 쓸 곳",
    "to fetch: where the archives are, if not at home": "fetch: 원래 자리 대신 내려받을 주소",
    "to fetch: do not unpack": "fetch: 압축을 풀지 않습니다.",
    "overview: one tile in 30 s; slices: ten": "overview: 30초에 타일 하나. slices: 열 개",
    "of GTZAN: the three lists *_filtered.txt": "GTZAN의 목록 셋, *_filtered.txt",
    # bench
    "files (default), or only the search": "files: 파일 (기본값). search: 검색만",
    "two rounds instead of seven": "일곱 번 대신 두 번만 잽니다.",
    "only this kind of file; may be repeated": "이 종류의 파일만. 여러 번 쓸 수 있습니다.",
    "music to make the files of (default: made up)": "파일을 만들 음악 (기본값: 지어낸 소리)",
    "search: among so many (default 1000000)": "search: 이만큼 중에서 (기본값 1000000)",
    "search: keep what is made": "search: 만든 것을 남겨 둘 곳",
    "tiles-training.npz and tiles-validation.npz: measure what engines and 8 bits"
    " change": "tiles-training.npz와 tiles-validation.npz가 있는 폴더: 엔진과 8비트가 무엇을"
    " 바꾸는지 잽니다.",
    # what examples do
    "a page with figures and pictures": "수치와 그림이 있는 페이지",
    "do parts of one song agree?": "한 노래의 부분끼리 같은지",
    "do several sounds find what belongs together?": "여러 소리가 함께 속한 것을 찾는지",
    "what slices of one song on both sides do": "한 노래의 조각이 양쪽에 있을 때 무엇이 달라지는지",
    "only what is known": "알고 있는 것만",
    "the archive, as published, unpacked": "발표된 그대로의 묶음을 풀어서",
    "only the search, among so many": "그만큼 중에서 검색만",
}
