"""What happened to a process that listened to one of several files."""

from __future__ import annotations

ENGLISH = {
    "worker_died": "It stopped the process that listened to it: it may be damaged.",
    "worker_deadline": "Listening took longer than {seconds:g} s.",
    "worker_memory": "Listening took more memory than there is.",
    "worker_failed": "It could not be heard: {reason}.",
}
KOREAN = {
    "worker_died": "이 소리를 듣던 프로세스가 멈췄습니다. 파일이 손상되었을 수 있습니다.",
    "worker_deadline": "듣는 데 {seconds:g}초가 넘게 걸렸습니다.",
    "worker_memory": "메모리가 모자라 듣지 못했습니다.",
    "worker_failed": "들을 수 없었습니다: {reason}.",
}
