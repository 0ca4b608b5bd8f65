"""Korean for the help of ``soundmap-bot`` and for what it answers, by the English there."""

HELP = {
    "SoundMap's bot. Without a token of Discord or Slack it opens a console"
    " chat.": "SoundMap의 봇입니다. Discord나 Slack의 토큰이 없으면 콘솔 채팅을 엽니다.",
    "Settings come from the environment, and from .env in this folder or in SOUNDMAP_HOME; see:"
    " soundmap-bot settings": "설정은 환경 변수와, 이 폴더나 SOUNDMAP_HOME의 .env에서 읽습니다."
    " 모든 설정: soundmap-bot settings",
    "start it (as with no command)": "봇을 시작합니다 (명령이 없을 때와 같습니다).",
    "print the link that adds the bot to a Discord"
    " server": "봇을 Discord 서버에 초대하는 링크를 보여 줍니다.",
    "ask the bot that runs here whether it can"
    " answer": "여기서 실행 중인 봇에 답할 수 있는지 묻습니다.",
    "copy the database, also while the bot"
    " runs": "데이터베이스를 복사합니다. 봇이 실행 중이어도 됩니다.",
    "print every setting with its meaning and"
    " default": "모든 설정을 뜻과 기본값과 함께 보여 줍니다.",
    "a new file": "새 파일",
    # what examples do
    "the chats whose tokens are set, or else the console": "토큰이 있는 채팅, 없으면 콘솔",
    "a copy of the database, also while the bot runs": "데이터베이스의 사본, 봇이 실행 중이어도",
    "for the health check of a container: exit status 0 if it"
    " can": "컨테이너의 상태 확인용: 답할 수 있으면 종료 상태 0",
}

ANSWERS = {
    # what is wrong with settings
    "in {file}": "({file})",
    "in the environment": "(환경 변수)",
    "{name} {where} is no setting of SoundMap; {hint}": "{name} {where}: SoundMap에 그런 설정은"
    " 없습니다. {hint}",
    "do you mean {meant}?": "혹시 {meant}인가요?",
    ".env.example lists them all.": ".env.example에 모든 설정이 있습니다.",
    "{name} {where} is {wanted}, not {shown}.": "{name} {where}: 필요한 값은 {wanted}입니다. 지금은"
    " {shown}입니다.",
    "what it is": "다른 값",
    "A whole number from {least:g} to {most:g}": "{least:g}에서 {most:g}까지의 정수",
    "A number from {least:g} to {most:g}": "{least:g}에서 {most:g}까지의 수",
    "One of debug, info, warning, error": "debug, info, warning, error 중 하나",
    "A path": "경로",
    "A port from 1 to 65535, or nothing": "1에서 65535까지의 포트(또는 빈 값)",
    "The address of a scheduler, such as tcp://10.0.0.1:8786, or"
    " nothing": "tcp://10.0.0.1:8786 같은 스케줄러 주소(또는 빈 값)",
    "A secret of 16 letters or more, or nothing": "16자 이상의 비밀 문자열(또는 빈 값)",
    "One word of letters, digits and signs": "영문자, 숫자, 기호로 된 한 낱말",
    "Addresses with ports, separated by commas": "쉼표로 구분한, 포트가 있는 주소들",
    "Hosts such as nas.local or 10.0.0.5:8000, separated by"
    " commas": "nas.local이나 10.0.0.5:8000 같은, 쉼표로 구분한 호스트들",
    "{name} {where} does nothing without {other}.": "{name} {where}: {other} 없이는"
    " 쓰이지 않습니다.",
    "{name} {where} needs SLACK_APP_TOKEN, or SLACK_PORT and SLACK_SIGNING_SECRET.": "{name}"
    " {where}: SLACK_APP_TOKEN이나, SLACK_PORT와 SLACK_SIGNING_SECRET이 더 필요합니다.",
    "SLACK_PORT and SOUNDMAP_HEALTH_PORT are both {port}; each needs its own.": "SLACK_PORT와"
    " SOUNDMAP_HEALTH_PORT가 둘 다 {port}입니다. 서로 다른 포트를 주세요.",
    "{name} {where} is {path}, which is no folder.": "{name} {where}: {path}은(는)"
    " 폴더가 아닙니다.",
    "{name} {where} is {path}, which is a folder.": "{name} {where}: {path}은(는)"
    " 폴더입니다. 파일을 지정해 주세요.",
    "{name} {where} needs an optional package: pip install 'soundmap[{extra}]' (in a clone: make"
    " extra-{extra}).": "{name} {where}: 추가 패키지가 필요합니다: pip install 'soundmap[{extra}]'"
    " (저장소 폴더에서는 make extra-{extra}).",
    "One word that begins with {kind}-": "{kind}-로 시작하는 한 낱말",
    "{name} {where}: {path} cannot be used: {reason}.": "{name} {where}: {path}을(를) 쓸 수"
    " 없습니다: {reason}.",
    "{file} has no NAME=value in line {line}.": "{file}의 {line}번째 줄은 이름=값 꼴이 아닙니다.",
    "{file} cannot be read: {reason}.": "{file}을(를) 읽을 수 없습니다: {reason}.",
    "This user has no home to keep things in: name a folder in SOUNDMAP_HOME.": "이 사용자에게는"
    " 홈 폴더가 없습니다. SOUNDMAP_HOME에 폴더를 지정해 주세요.",
    # why a chat platform does not serve the bot
    "{platform} does not accept {setting}. Copy it again from {where}.": "{platform}에서"
    " {setting}을 받아들이지 않습니다. 다시 복사해 주세요: {where}.",
    "the developer portal": "개발자 포털",
    "the pages of your app at api.slack.com": "api.slack.com의 앱 페이지",
    "Discord cannot be asked: {reason}.": "Discord에 물을 수 없습니다: {reason}.",
    "{setting} cannot be used: {reason}.": "{setting}을(를) 쓸 수 없습니다: {reason}.",
    "Discord ended the connection for good: {reason}": "Discord가 연결을 아주 끊었습니다: {reason}",
    "Slack does not let the bot in: {code}.": "Slack이 봇을 들여보내지 않습니다: {code}.",
    # other answers
    "Another process holds {path}.": "다른 프로세스가 {path}을(를) 쓰고 있습니다.",
    "There is no room left on the disk of {path}.": "{path}이(가) 있는 디스크에 자리가 없습니다.",
    "No token was found in {file} or in the environment, and there is no terminal for a chat. Put"
    " one after DISCORD_TOKEN= or SLACK_BOT_TOKEN=.": "{file}과 환경 변수에서 토큰을 찾지 못했고,"
    " 채팅을 열 터미널도 없습니다. DISCORD_TOKEN=이나 SLACK_BOT_TOKEN= 뒤에 토큰을 적어 주세요.",
    " (there is no such file)": "(없는 파일)",
    "The bot cannot start or go on: {reason}.": "봇을 시작하거나 계속할 수 없습니다: {reason}.",
    "{database} is copied to {target}.": "{database}을(를) {target}에 복사했습니다.",
    "Keep {database}.key with it: without, nobody's votes are"
    " theirs.": "{database}.key도 함께 보관하세요. 없으면 누구의 투표인지 알 수 없게 됩니다.",
    "Set SOUNDMAP_HEALTH_PORT in {file}: it is asked"
    " there.": "{file}에 SOUNDMAP_HEALTH_PORT를 설정하세요. 그 포트에 묻습니다.",
    "No bot answers at port {port}: {reason}.": "포트 {port}에서 답하는 봇이 없습니다: {reason}.",
    "An invitation needs the token of the bot: put it after DISCORD_TOKEN= in {file}.": "초대"
    " 링크를 만들려면 봇의 토큰이 필요합니다. {file}의 DISCORD_TOKEN= 뒤에 적어 주세요.",
}
