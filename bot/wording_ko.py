"""The sentences of ``wording`` in Korean."""

from __future__ import annotations

from bot import wording_mix

REFUSALS = {
    "closing": "SoundMap이 곧 다시 시작합니다. 1분 뒤에 다시 시도해 주세요.",
    "one_at_a_time": "소리는 한 번에 하나씩 부탁드려요. 지금 {place}번째로 기다리는 중이며,"
    " 약 {wait_s}초 남았습니다.",
    "one_is_heard": "소리는 한 번에 하나씩 부탁드려요. 지금 듣고 있는 중입니다."
    " 약 {wait_s}초 남았습니다.",
    "cooldown": "조금 빠르네요! {wait_s}초 뒤에 다시 해 주세요.",
    "queue_full": "대기 줄이 꽉 찼습니다 ({place}번째가 됩니다). 약 {wait_s}초 뒤에 다시 시도해"
    " 주세요.",
    "disk_full": "디스크에 자리가 없습니다. 봇 운영자가 공간을 마련해야 합니다.",
    "file_host_busy": "파일이 있는 곳이 지금 파일을 내주지 않습니다. 파일은 괜찮을 수 있으니 몇 분"
    " 뒤에 다시 시도해 주세요.",
    "no_file_access": "여기서는 파일을 읽을 권한이 없습니다. 제 앱에 `files:read` 권한이 없습니다."
    " 설치한 분이 권한을 더하고 다시 설치하면 됩니다.",
    "quarantined": "이 파일은 저를 두 번 멈추게 해서 더는 열지 않습니다. mp3나 wav로 변환해"
    " 다시 시도해 주세요.",
    "worker_deadline": "듣는 데 {seconds:g}초가 넘게 걸려 멈췄습니다. 더 짧게 자른 소리로 다시"
    " 시도해 주세요.",
    "worker_died": "이 파일 때문에 멈췄습니다. mp3나 wav로 변환해 다시 시도해 주세요.",
    "worker_memory": "이 파일은 메모리가 너무 많이 필요합니다. 더 짧게 자른 소리로"
    " 다시 시도해 주세요.",
    "no_workers": "제가 돌아가는 컴퓨터에서 듣기 프로그램을 시작할 수 없어 지금은 들을 수 없습니다."
    " 파일 탓이 아니니 1분 뒤에 다시 시도해 주세요.",
    "machine": "제가 돌아가는 컴퓨터가 지금 너무 바쁩니다. 파일 탓이 아니니 1분 뒤에 다시 시도해"
    " 주세요.",
    "no_cluster": "소리를 듣는 컴퓨터들과 지금 연결되지 않습니다. 몇 분 뒤에 다시 시도해 주세요.",
    "worker_failed": "알 수 없는 이유로 이 파일을 듣지 못했습니다. 로그에 남겼습니다.",
    "old_command": "Discord가 읽어 둔 뒤로 그 명령이 바뀌었습니다. 다시 입력해 주세요."
    " Discord를 다시 시작하면 도움이 됩니다.",
    "unexpected": "제 쪽에서 문제가 생겼습니다. 로그에 남겼으니 다시 시도해 주세요.",
    "operator": "이 봇이 돌아가는 컴퓨터에 필요한 것이 없습니다. 운영자가 로그에서 볼 수 있습니다."
    " 다른 파일이나 mp3를 첨부하면 될 수도 있습니다.",
    "unknown_list": "더는 모르는 목록입니다. 소리를 다시 올려 새 목록을 받으세요.",
    "no_such_pick": "그 목록에 {rank}번은 없습니다.",
    "other_bundle": "이전 모델이 만든 목록이라 이어 갈 수 없습니다. 소리를 다시 올려 주세요.",
    "store_locked": "기록장이 바빠서 저장하지 못했습니다. 1분 뒤에 다시 시도해 주세요.",
    "store_full": "디스크에 자리가 없어 저장하지 못했습니다. 봇 운영자가 공간을 마련해야 합니다.",
    "store_newer": "데이터베이스 {path}은(는) 더 새로운 SoundMap이 만들었습니다."
    " SoundMap을 업데이트하세요.",
    "store_broken": "{path}은(는) SoundMap의 데이터베이스가 아니거나 손상되었습니다."
    " 백업을 복원하거나 다른 파일을 지정하세요.",
    "store_unwritable": "데이터베이스 {path}에 쓸 수 없습니다. 폴더와 권한을 확인하세요.",
    "store_replaced": "일하는 동안 기록장이 사라져서 아무것도 저장할 수 없습니다. 봇 운영자가"
    " 봇을 다시 시작해야 합니다.",
    "store_exists": "{path}이(가) 이미 있습니다. 백업할 새 파일을 지정하세요.",
    "store_missing": "데이터베이스 {path}이(가) 없습니다. SOUNDMAP_DATABASE가 맞나요?",
    "bad_start": "{start}: 소리 안의 시간이 아닙니다. 1:30이나 90처럼 써 주세요.",
    "no_source": "들을 것을 주세요: `file`을 첨부하거나 `link`를 붙여 넣으세요.",
    "two_sources": "`file`과 `link` 중 하나만 주세요.",
    "too_many_sounds": "소리는 하나씩 차례로 듣고, 한 사람당 {most}개까지 받습니다. 나머지는"
    " 다 들은 뒤에 다시 올려 주세요.",
    "withheld": "그 메시지는 제가 읽을 수 없습니다. 소리를 직접 첨부하고 저를 언급하거나"
    " `/recommend`를 쓰거나, 그 메시지의 메뉴에서 *앱*을 골라 주세요.",
    "withheld_slack": "그 채널의 메시지는 제가 읽을 수 없습니다. 저를 `/invite` 하거나, 소리를"
    " 다이렉트 메시지로 보내거나, `/recommend 링크`를 써 주세요.",
    "no_audio_here": "이 메시지에는 소리가 없습니다. 링크나 파일을 주세요."
    " 읽을 수 있는 형식: {readable}.",
    "taste_is_off": "취향이 꺼져 있어 참고할 것이 없습니다. `file`이나 `link`를 주거나"
    " `/taste on`으로 켜 주세요.",
    "no_taste": "아직 취향을 모릅니다. `file`이나 `link`로 소리를 묻고, 1️⃣–5️⃣로 몇 곡을 추천해"
    " 주세요.",
    "no_last_sound": "아직 들은 소리가 없습니다. `file`이나 `link`를 주세요.",
    "nothing_liked": "아직 무엇을 좋아하시는지 모릅니다. 1️⃣–5️⃣로 몇 곡을 추천해 주세요.",
    "two_ends": "길에는 두 끝이 필요합니다. `from`과 `to`에 파일, 링크, 곡 중 하나씩 주세요.",
    "two_ends_slack": "길에는 두 끝이 필요합니다. 링크나 곡 둘을 화살표로 이어 주세요:"
    " `/path https://… -> 아티스트 - 제목`.",
    "manager_only": "이 채널을 관리할 수 있는 사람만 듣기를 켜거나 끌 수 있습니다.",
    "server_only": "서버의 채널에서만 됩니다.",
    "clean_manager_only": "이 서버를 관리할 수 있는 사람만 목록에서 무엇을 뺄지 고를 수 있습니다.",
    "bad_answer": "{name}은(는) yes나 no로 답해 주세요. {said}은(는) 안 됩니다.",
    "catalog_manager_only": "이 서버를 관리할 수 있는 사람만 카탈로그를 고를 수 있습니다.",
    **wording_mix.KOREAN_REFUSALS,
}

SAYINGS = {
    "queued": "대기 중: {place}번째 …",
    "fetching": "소리를 가져오는 중 …",
    "listening": "듣는 중 …",
    "comparing": "비교하는 중 …",
    "from_taste": "내 취향에서: {artist}의 “{title}” 근처",
    "taste_title": "내가 아는 당신의 취향",
    "taste_few": "투표 {signals:g}개. {least}개부터 목록이 취향을 따르기 시작합니다.",
    "taste_many": "투표 {signals:g}개. 목록이 취향을 조금 따르지만 소리가 먼저입니다.",
    "taste_off": "꺼져 있습니다. 목록은 취향을 따르지 않습니다. `/taste on`으로 켭니다.",
    "taste_none": "아직 없습니다. 1️⃣–5️⃣로 몇 곡을 추천해 주세요.",
    "taste_tempo": "템포 약 {bpm:.0f} BPM",
    "taste_brightness": "밝기 약 {hz:,.0f} Hz, {where}",
    "taste_bright": "목록의 {share:.0%}보다 밝음",
    "taste_wrong": "틀린 것이 있나요?",
    "taste_denied": "지운 것: {names}. 이제 반영하지 않습니다.",
    "taste_now_on": "이제 목록이 취향을 따릅니다.",
    "taste_now_off": "이제 목록이 취향을 따르지 않습니다. 투표는 남아 있고 `/taste on`이면 다시"
    " 씁니다.",
    "taste_reset": "투표, 탭, 숨긴 아티스트 {votes}개를 지웠습니다. 이제 아는 취향이 없습니다.",
    "taste_restored": "다시 반영하는 것: {count}개.",
    "taste_alt": "좋아하는 것과 싫어하는 것: {names}",
    "like_track": "{artist}의 “{title}”과(와) 비슷한 곡",
    "pick_license": "라이선스: {license}",
    "picks": "비슷하게 들리는 무료 음악",
    "picks_in": "비슷한 음악: {catalog}",
    "pick_file": "파일: {file}",
    "catalog_chosen": "`catalog`를 따로 고르지 않으면 이 서버의 목록은 이제 {name}에서 나옵니다.",
    "catalog_shown": "여기 목록은 **{name}**에서 나옵니다. 있는 카탈로그: {known}.",
    "no_picks": "보여 줄 곡이 없습니다",
    "footer": "{bundle} · {seconds:.1f}초",
    "vote_hint": "1️⃣–5️⃣ 곡 추천 · 👍 👎 목록 전체",
    "no_embeds": "여기서는 임베드를 쓸 수 없어 글로만 보여 드립니다.",
    "no_files": "여기서는 파일을 첨부할 수 없어 그림이 없습니다.",
    "no_reactions": "여기서는 반응을 달 수 없습니다. 버튼은 됩니다.",
    "picture_alt": "멜 스펙트로그램과 장르 막대: {genres}",
    "map_alt": "장르별 전체 곡 지도: 별은 소리의 자리, 숫자는 목록",
    "map_taste": "지도에서 내 취향의 자리: 따뜻한 색은 좋아할 만한 곡, 차가운 색은 아닌 곡.",
    "map_taste_alt": "전체 곡 지도: 따뜻할수록 좋아할 만한 곡, 내 투표 표시",
    "path_title": "A에서 B까지",
    "path_smooth": "{steps}걸음 중 가장 긴 걸음은 평균의 {multiple:.1f}배",
    "path_alt": "{start}에서 {end}까지 가는 길이 그려진 지도, 곡마다 번호",
    "may_not_write": "{channel}에는 쓸 수 없어서 여기에 답합니다.",
    "about_sound": "{name}에 대한 답입니다.",
    "more_like": "#{rank} 비슷한 곡",
    "another_five": "다섯 곡 더",
    "another": "{count}곡 더",
    "hide": "아티스트 숨기기",
    "demo_house": "방금 SoundMap이 직접 만든 하우스 트랙입니다.",
    "demo_piano": "방금 SoundMap이 직접 만든 조용한 피아노곡입니다.",
    "demo_wind": "방금 SoundMap이 직접 만든, 금속 그릇이 울리는 바람 소리입니다.",
    "demo_next": "데모 {count}개 중 {number}번째입니다. Enter를 누르면 다음 데모가 나옵니다.",
    "why": "왜?",
    "credits": "출처 표기",
    "list_file": "재생 목록",
    "list_file_title": "SoundMap 목록",
    "list_file_here": "그 목록을 파일로 드립니다.",
    "list_file_sent": "그 목록을 파일로 만들어 다이렉트 메시지로 보냈습니다.",
    "list_file_root": "파일 속 경로는 음악 폴더를 기준으로 합니다. 그 폴더에 두면 재생됩니다.",
    "credits_title": "복사해서 쓰는 출처 표기",
    "credits_more": "나머지 곡은 `/credit`에 번호를 붙여 보세요.",
    "credits_too_many": "나머지 곡은 자리가 모자랍니다. 더 짧은 길을 요청해 보세요.",
    "clean_on": "이 서버의 목록에서는 제목과 이름에 거친 말이 있는 곡을 뺍니다.",
    "clean_adults": "성인 전용 채널은 예외입니다.",
    "clean_off": "이 서버의 목록에는 제목과 이름에 거친 말이 있는 곡도 나올 수 있습니다.",
    "why_title": "추천 이유",
    "why_you": "올린 소리: {traits}",
    "why_pick": "거리 {distance:.2f} · {traits}",
    "traits": "{tempo} · 밝기 {brightness_hz:,.0f} Hz · 저음 {bass_share:.0%}"
    " · 강약 {dynamics_db:.0f} dB",
    "tempo": "{bpm:.0f} BPM",
    "no_tempo": "일정한 박자 없음",
    "hide_prompt": "*나에게* 다시 보여 주지 않을 아티스트를 고르세요. 고른 이는 숨기고 나머지는"
    " 보여 드립니다.",
    "hide_placeholder": "이 목록의 아티스트",
    "hidden_now": "숨긴 아티스트: {artists}. 메뉴를 다시 열어 바꿀 수 있습니다.",
    "hidden_none": "이 목록에서 숨긴 아티스트가 없습니다.",
    "listening_on": "이제 {channel}에 올라오는 오디오 파일마다 답합니다.",
    "listening_lacks": "거기서 제게 없는 권한: {missing}. 관리자가 줄 수 있습니다.",
    "may_read_messages": "채널 보기",
    "may_send_messages": "메시지 보내기",
    "may_send_messages_in_threads": "스레드에서 메시지 보내기",
    "may_embed_links": "링크 첨부",
    "may_attach_files": "파일 첨부",
    "may_add_reactions": "반응 추가하기",
    "may_read_message_history": "메시지 기록 보기",
    "listening_off": "이제 {channel}에서는 저를 언급할 때만 답합니다.",
    "listening_blind": "이제 {channel}에 올라오는 오디오 파일마다 답합니다. 다만 봇 운영자가"
    " Discord 개발자 포털에서 Message Content 인텐트를 켜야 합니다. 그때까지는 저를 언급해"
    " 주세요.",
    "kept_in": "투표와 목록은 {path}에 보관합니다.",
    "left_behind": "예전 버전이 쓰던 {path} 파일은 사용하지 않습니다. 이어서 쓰려면 봇을 멈추고 이"
    " 파일과 {path}.key 파일을 {folder} 폴더로 옮겨 주세요.",
    "mydata": "보관 중인 내용: 요청한 목록 {lists}개, 투표 {votes}개, ‘비슷한 곡’ {more_like}번,"
    " 숨긴 아티스트 {hidden_artists}명, 믹스의 소리 {mix_sounds}개. 모두 계정 번호로 만든"
    " 코드로만 보관하며 이름, 메시지, 오디오는 없습니다. 목록과 투표는 {days}일 뒤에, 모으는 믹스와"
    " 그 소리의 이름은 한 시간 뒤에 지워지고, `/mydata forget`으로 모두 바로 지울 수 있습니다."
    " 투표는 같은 서버 사람들의 목록에도 조금 반영되며, `/taste off`면 반영되지 않습니다.",
    "exported": "보관 중인 모든 내용입니다.",
    "forgotten": "지웠습니다: 목록 {lists}개, 투표 {votes}개, ‘비슷한 곡’ {more_like}번, 숨긴"
    " 아티스트 {hidden_artists}명, 믹스의 소리 {mix_sounds}개, 취향 설정. 다른 사람이 투표한 목록"
    " {lists_kept}개는 누구의 것도 아닌 채 남습니다.",
    "about_title": "SoundMap {version}",
    "about": "**무엇** · 장르의 섞임을 듣고 비슷하게 들리는 무료 음악을 찾는 작은 신경망\n"
    "**모델** · `{bundle}`, Free Music Archive {tracks:,}곡, {genres}\n"
    "**정확도** · 검증용 {n}곡 중 {accuracy:.1%}의 장르를 맞힘 (95 % 구간"
    " {low:.0%}–{high:.0%}, 찍으면 {chance:.1%}). 새 음악에서는 조금 낮음\n"
    "**약점** · 녹음을 식별하지 않으며, {worst} 중 {recall:.0%}만 알아들음\n"
    "**개인정보** · 오디오는 듣자마자 지우고, 투표는 코드로만 보관합니다. `/mydata` 참고."
    " 링크는 yt-dlp {ytdlp}로 읽습니다",
    "about_invite": "**초대** · [서버에 저를 추가하기]({link})",
    "help_title": "소리를 올리면 비슷한 무료 음악을 찾아 드립니다",
    "help": "**/recommend** 파일이나 링크: 가장 가까운 무료 곡 다섯. `count`, `genre`, `license`,"
    " `tempo`, `page`(페이지가 알려진 곡), `instrumental`(연주곡), `clean`(거친 말 없음), `roam`,"
    " `start`(일부만 듣기), `catalog`를 고를 수 있습니다.\n"
    "**/credit** 마지막 목록의 곡마다 복사해서 쓰는 출처 표기.\n"
    "**/genre** 파일이나 링크: 어떤 장르로 들리는지.\n"
    "**/map** 마지막 소리, `file`, `link`, 또는 내 취향(`taste`)이 전체 곡 중 어디에 있는지.\n"
    "**/path** `from`에서 `to`까지, 바로 앞 곡과 비슷한 곡들로 이어 갑니다.\n"
    f"{wording_mix.KOREAN_HELP}"
    "**저를 언급**하며 오디오를 올리거나 다이렉트 메시지로 보내 주세요.\n"
    "**/listen on** 채널의 모든 오디오에 답합니다 (관리자용).\n"
    "**/catalog** 목록에 쓰는 곡들 보기. `use`로 바꿉니다 (관리자용).\n"
    "**/clean on** 서버의 목록에서 거친 말이 있는 곡을 뺍니다 (관리자용).\n"
    "**투표** · 1️⃣–5️⃣ 곡, 👍 👎 목록 전체. 반응을 거두면 투표도 거둡니다.\n"
    "**/taste** 내가 아는 취향 보기, 고치기, 끄기, 초기화. 파일 없이 **/recommend**하면 취향을"
    " 따릅니다.\n"
    "**/mydata** 보관 내용 보기, 내보내기, 지우기. **/about** 모델 소개.\n"
    "읽을 수 있는 형식: {readable}, 최대 {most_mb:g} MiB.",
    "help_slack": "**/recommend 링크** 가장 가까운 무료 곡 다섯. 뒤에 `count=3`, `genre=rock`,"
    " `license=permissive`, `tempo=90-110`, `page=yes`, `instrumental=yes`, `clean=yes`,"
    " `roam=wider`, `start=1:30`, `catalog=fma`를 붙일 수 있습니다.\n"
    "**/credit** 마지막 목록의 곡마다 복사해서 쓰는 출처 표기. `/credit 2`는 그 곡만.\n"
    "**/genre 링크** 어떤 장르로 들리는지.\n"
    "**/map** 마지막 소리가 전체 곡 중 어디에 있는지. `/map 링크`, `/map taste`도 됩니다.\n"
    "**/path 링크 -> 링크** 한 소리에서 다른 소리까지, 바로 앞 곡과 비슷한 곡들로 이어 갑니다."
    " ‘아티스트 - 제목’이나 곡 번호도 됩니다.\n"
    f"{wording_mix.KOREAN_HELP_SLACK}"
    "**저를 언급**하며 오디오나 링크를 올리거나 다이렉트 메시지로 보내 주세요.\n"
    "**/listen on** 채널의 모든 오디오에 답합니다 (채널을 만든 사람과 관리자용).\n"
    "**/catalog** 목록에 쓰는 곡들 보기. 이름을 붙이면 바꿉니다 (관리자용).\n"
    "**/clean on** 여기 목록에서 거친 말이 있는 곡을 뺍니다 (관리자용).\n"
    "**투표** · 1️⃣–5️⃣ 곡, 👍 👎 목록 전체. 반응을 거두면 투표도 거둡니다.\n"
    "**/taste** 내가 아는 취향 보기와 고치기, `on`, `off`, `reset`. 링크 없이 **/recommend**하면"
    " 취향을 따릅니다.\n"
    "**/mydata** 보관 내용 보기, `export` 내보내기, `forget` 지우기. **/about** 모델 소개.\n"
    "읽을 수 있는 형식: {readable}, 최대 {most_mb:g} MiB.",
    "listening_uninvited": "아직 이 채널에 없습니다. `/invite` {bot} 해 주세요.",
    **wording_mix.KOREAN_SAYINGS,
}
