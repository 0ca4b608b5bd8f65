"""Korean for the words of argparse itself, by its English ones, in Python 3.11 to 3.13."""

USAGE = {
    "usage: ": "사용법: ",
    "positional arguments": "인자",
    "options": "옵션",
    "examples:": "예:",
    "subcommands": "하위 명령",
    "show this help message and exit": "이 도움말을 보여 줍니다.",
    "show program's version number and exit": "버전을 보여 줍니다.",
    " (default: %(default)s)": " (기본값: %(default)s)",
    "%(prog)s: error: %(message)s\n": "%(prog)s: 오류: %(message)s\n",
    "%(prog)s: warning: %(message)s\n": "%(prog)s: 경고: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "인자 %(argument_name)s: %(message)s",
    "unrecognized arguments: %s": "알 수 없는 인자: %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 옵션은 여러 가지로"
    " 읽힙니다: %(matches)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r: 고를 수 없는 값입니다."
    " 다음 중에서 고르세요: %(choices)s",
    "can't open '%(filename)s': %(error)s": "'%(filename)s' 파일을 열 수 없습니다: %(error)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "%(parser_name)r: 없는 명령입니다."
    " 다음 중에서 고르세요: %(choices)s",
    "expected one argument": "값이 하나 필요합니다.",
    "expected at most one argument": "값은 하나까지만 됩니다.",
    "expected at least one argument": "값이 하나 이상 필요합니다.",
    "expected %s argument": "값이 %s개 필요합니다.",
    "expected %s arguments": "값이 %s개 필요합니다.",
    "invalid %(type)s value: %(value)r": "%(value)r: 알맞은 값(%(type)s)이 아닙니다.",
    "the following arguments are required: %s": "다음 인자가 필요합니다: %s",
    "one of the arguments %s is required": "다음 인자 중 하나가 필요합니다: %s",
    "not allowed with argument %s": "%s 인자와 함께 쓸 수 없습니다.",
    "unexpected option string: %s": "쓸 수 없는 옵션입니다: %s",
    "ignored explicit argument %r": "값을 받지 않는 옵션에 %r 값이 있습니다.",
    "command '%(parser_name)s' is deprecated": "'%(parser_name)s' 명령은 곧 없어집니다.",
    "option '%(option)s' is deprecated": "'%(option)s' 옵션은 곧 없어집니다.",
    "argument '%(argument_name)s' is deprecated": "'%(argument_name)s' 인자는 곧 없어집니다.",
}
