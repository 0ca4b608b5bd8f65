"""Korean for the help of ``soundmap-bot``, by the English of its parser."""

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
