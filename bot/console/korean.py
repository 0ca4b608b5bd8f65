"""The sentences of ``english`` in Korean."""

from __future__ import annotations

SAYINGS = {
    "welcome": "SoundMap: 소리를 주면 비슷하게 들리는 무료 음악을 찾아 드립니다.",
    "start": "오디오 파일의 경로를 입력하거나 끌어다 놓으세요. Enter만 누르면 데모 소리를 들려"
    " 드립니다. Tab은 경로와 명령을 완성합니다. /map은 전체 곡 지도를 브라우저에서 엽니다. 자세한"
    " 것은 /help를 보세요.",
    "missing_file": "{path} 파일이 없습니다.{meant} /help에서 쓸 수 있는 것을 볼 수 있습니다.",
    "unknown_command": "{name} 명령은 없습니다.{meant} /help에서 명령을 볼 수 있습니다.",
    "wrong_usage": "{command} 명령은 그렇게 쓸 수 없습니다: {reason}. /help를 보세요.",
    "option_saves": "{option} 옵션은 이 채팅에서 쓸 수 없습니다. 빼고 입력하신 뒤, 목록이 나오면"
    " /save 파일로 저장해 주세요.",
    "option_is_set": "{option} 옵션은 실행 중에 바꿀 수 없습니다. {setting} 설정을 바꾸고 다시"
    " 시작해 주세요.",
    "option_elsewhere": "{option} 옵션은 이 채팅에서 쓸 수 없습니다. 빼고 입력하시거나, 채팅에서"
    " 나가 soundmap {command} 명령에 붙여 쓰세요.",
    "no_source": "들을 것을 주세요: 파일 경로나 링크면 됩니다.",
    "path_asks": "길에는 두 끝이 필요합니다: /path 출발 -> 도착.",
    "disk_full": "디스크에 자리가 없습니다. 공간을 마련한 뒤 다시 시도해 주세요.",
    "no_workers": "이 컴퓨터에서 듣기 프로그램을 시작할 수 없어 지금은 들을 수 없습니다. 파일 탓이"
    " 아니니 1분 뒤에 다시 시도해 주세요.",
    "machine": "이 컴퓨터가 지금 너무 바쁩니다. 파일 탓이 아니니 1분 뒤에 다시 시도해 주세요.",
    "worker_failed": "알 수 없는 이유로 이 파일을 듣지 못했습니다.",
    "unexpected": "제 쪽에서 문제가 생겼습니다. 다시 시도해 주세요.",
    "unknown_list": "더는 모르는 목록입니다. 소리를 다시 주시면 새 목록을 만들어 드립니다.",
    "other_bundle": "이전 모델이 만든 목록이라 이어 갈 수 없습니다. 소리를 다시 주세요.",
    "store_full": "디스크에 자리가 없어 저장하지 못했습니다. 공간을 마련한 뒤 다시 시도해 주세요.",
    "store_replaced": "일하는 동안 기록장이 사라져서 아무것도 저장할 수 없습니다. 저를 다시 시작해"
    " 주세요.",
    "mix_empty": "내 믹스가 비어 있습니다. 넣은 소리는 한 시간 동안 남습니다. /mix add 소리로"
    " 넣습니다. 소리는 파일, 링크, 마지막 목록의 번호, 곡 중 하나입니다. /mix 소리 소리는 바로"
    " 섞습니다.",
    "mix_asks_sound": "무엇을 넣을지 알려 주세요: 파일, 링크, 마지막 목록의 번호, 곡 중 하나면"
    " 됩니다.",
    "mix_full": "믹스에 소리가 {most}개 있어 더 넣을 수 없습니다. /mix clear로 비울 수 있습니다.",
    "mix_lasts": "한 시간 동안 남습니다. /mix를 입력하면 섞어서 찾습니다.",
    "mix_cleared": "내 믹스를 비웠습니다.",
    "no_list": "아직 목록이 없습니다. 먼저 소리를 주거나 Enter를 눌러 데모를 들어 보세요.",
    "which": "마지막 목록의 번호로 알려 주세요: {command} 1.",
    "no_such_pick": "마지막 목록에 {rank}번은 없습니다. {most}번까지 있습니다.",
    "no_number": "마지막 목록에 {rank}번은 없습니다. 카탈로그의 {rank}번 곡은 #{rank}처럼 써"
    " 주세요.",
    "no_artist": "{rank}번 곡은 아티스트를 알 수 없습니다.",
    "like": "저장했습니다: {rank}번이 마음에 듭니다.",
    "dislike": "저장했습니다: {rank}번은 마음에 들지 않습니다.",
    "unlike": "{rank}번에 준 표를 거두었습니다.",
    "no_vote": "{rank}번에 준 표가 없습니다.",
    "hide": "숨김: {artist}의 곡은 다시 보여 드리지 않습니다. 되돌리려면: /unhide {rank}.",
    "unhide": "다시 보여 드림: {artist}.",
    "not_hidden": "{artist}은(는) 숨긴 아티스트가 아닙니다.{meant}",
    "hidden": "숨긴 아티스트: {artists}. /unhide 뒤에 이름을 쓰면 다시 보여 드립니다.",
    "hidden_none": "숨긴 아티스트가 없습니다.",
    "catalog_chosen": "이제 목록은 {name}에서 나옵니다.",
    "catalog_shown": "목록은 {name}에서 나옵니다. 있는 카탈로그: {known}.",
    "clean_on": "목록에서 제목과 이름에 거친 말이 있는 곡을 뺍니다.",
    "clean_off": "목록에 제목과 이름에 거친 말이 있는 곡도 나올 수 있습니다. /clean on으로 뺍니다.",
    "no_picks": "마지막 목록이 비어 있습니다.",
    "opened": "열었습니다: {address}",
    "open_this": "브라우저에서 열어 보세요: {address}",
    "taste_is_off": "취향이 꺼져 있어 참고할 것이 없습니다. 소리를 주거나 /taste on으로 켜 주세요.",
    "no_taste": "아직 취향을 모릅니다. 소리를 주고 마음에 드는 곡을 골라 주세요: /like 1.",
    "no_last_sound": "아직 들은 소리가 없습니다. 소리를 주세요.",
    "nothing_liked": "아직 무엇을 좋아하시는지 모릅니다. 마음에 드는 곡을 골라 주세요: /like 1.",
    "taste_off": "꺼져 있습니다. 목록은 취향을 따르지 않습니다. /taste on으로 켭니다.",
    "taste_none": "아직 없습니다. 마음에 드는 곡을 골라 주세요: /like 1.",
    "taste_now_off": "이제 목록이 취향을 따르지 않습니다. 투표는 남아 있고 /taste on이면 다시"
    " 씁니다.",
    "taste_genre": "장르",
    "taste_subgenre": "세부 장르",
    "taste_artist": "아티스트",
    "mydata": "보관 중인 내용: 목록 {lists}개, 투표 {votes}개, /more {more_like}번, 숨긴 아티스트"
    " {hidden_artists}명, 내 믹스의 소리 {mix_sounds}개. /export는 모두 보여 주고, /export 파일은"
    " 파일에 쓰며, /forget은 지웁니다.",
    "exported": "파일에 썼습니다: {path}",
    "export_no_list": "/export는 보관 중인 내 정보를 씁니다. 마지막 목록은 /save {path}로 씁니다.",
    "export_exists": "{path}이(가) 이미 있습니다. 새 파일 이름을 지정하세요.",
    "forget_asks": "투표, 목록, 설정을 되돌릴 수 없게 지웁니다. 지우려면 예 또는 yes를 입력하세요.",
    "not_forgotten": "아무것도 지우지 않았습니다.",
    "forgotten": "모두 지웠습니다.",
}
HELP = (
    ("경로나 링크", "소리의 장르와 가장 가까운 무료 곡들. 여러 개도 됩니다"),
    ("/recommend 경로", "같은 것에 옵션을 붙여: -n 10, --genre Rock, --license by-sa+,"
     " --tempo 90-110, --page(페이지가 알려진 곡), --instrumental(연주곡), --clean(거친 말 없음),"
     " --roam wider, --start 1:30, --catalog 이름, --metric cosine, --credits(출처 표기)"),
    ("/recommend", "투표로 안 취향에서 고른, 좋아하실 만한 새 곡"),
    ("/genre 경로", "장르만"),
    ("/demo", "SoundMap이 직접 만든 세 소리 중 다음 것. Enter도 같습니다"),
    ("/more N", "마지막 목록의 N번과 비슷한 곡"),
    ("/another", "같은 소리의 다음 곡들"),
    ("/why [N]", "마지막 목록 전체 또는 N번의 모든 거리와 이유"),
    ("/like N", "N번이 마음에 듦. /dislike N은 반대, /unlike N은 어느 쪽이든 거둠"),
    ("/hide N", "그 아티스트를 다시 보여 주지 않음. /unhide N이나 이름으로 되돌리고, /unhide는"
     " 모두 보여 줌"),
    ("/path 출발 -> 도착", "바로 앞 곡과 비슷한 곡들로 한 소리에서 다른 소리까지: 파일, 링크,"
     " 마지막 목록의 번호, #번호나 ‘아티스트 - 제목’으로 쓴 곡"),
    ("/mix 소리 소리 without 소리", "소리 다섯 개까지와 비슷하고 without 뒤의 소리와는 먼 곡들."
     " 소리는 /path처럼 쓰고 이름은 따옴표로 묶습니다. /mix만 쓰면 한 시간 안에 /mix add 소리로"
     " 모은 것을 섞고, /mix show는 보여 주고, /mix clear는 비웁니다"),
    ("/save [파일]", "마지막 목록이나 길을 플레이어용 파일로: .m3u8, .xspf, .csv, .json"),
    ("/credit [N]", "복사해서 쓰는 출처 표기. 마지막 목록의 N번, N이 없으면 모든 곡"),
    ("/clean [on|off]", "제목과 이름에 거친 말이 있는 곡을 목록에서 뺄지"),
    ("/map", "마지막 소리와 목록이 전체 곡 중 어디에 있는지 브라우저에서. /map taste는 좋아하실"
     " 만한 곡"),
    ("/catalog [이름]", "목록에 쓰는 곡들. 내 음악은 soundmap index로 더합니다"),
    ("/taste", "내가 아는 취향. 뒤에 on, off, reset을 쓸 수 있습니다"),
    ("/mydata", "보관 중인 내용. /export [파일]은 보여 주거나 쓰고, /forget은 지웁니다"),
    ("/about", "모델 소개"),
    ("/quit", "나가기. Ctrl-D도 같습니다"),
)  # fmt: skip
