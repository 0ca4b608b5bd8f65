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
