"""What is said of bundles, catalogs and what listens that cannot be used."""

from __future__ import annotations

from soundmap.wording.installing import install

ERRORS = {
    "missing_bundle": "There is no model bundle in {path}. Name the folder that holds its"
    " bundle.json.",
    "bad_manifest": "{path} cannot be used: {reason}. Get a fresh copy of the bundle.",
    "other_format": "The bundle in {path} has format {found}; this version reads {expected}. Get"
    " the bundle that belongs to this version of SoundMap.",
    "bad_graph": "{path} cannot be used: it is missing, damaged or holds something else. Get a"
    " fresh copy of the bundle.",
    "no_layout": "The bundle in {path} has no map yet: run soundmap map layout --bundle {path}.",
    "bad_layout": "{path} cannot be used: {reason}. Get a fresh copy of the bundle, or lay the map"
    " out anew: soundmap map layout --bundle {bundle}.",
    "altered_bundle": "The bundle in {path} is not as it was sealed ({files}), so no map was made"
    " for it. Run soundmap check.",
    "bad_catalog": "{path} cannot be used: {reason}. Get a fresh copy of the bundle.",
    "bad_own_catalog": "{path} cannot be used: {reason}. Run soundmap index with its folder and"
    " --name {name} again.",
    "no_cluster": "There is no cluster to reach at {address}. Is its scheduler running there, with"
    " workers?",
    "cluster_gone": "The cluster at {address} went away. Run it again once it is back: what was"
    " heard is kept.",
    "needs_dask": f"A cluster needs an optional package, on each of its machines too:"
    f" {install('cluster')}.",
    "needs_faiss": f"An index needs an optional package: {install('large')}.",
    "no_index_needed": "{rows:,} tracks need no index: below {least:,}, every one is looked at.",
    "index_unwritable": "The index in {path} cannot be written: {reason}. Make room and run it"
    " again.",
    "bad_memory": "{path} cannot be read: {reason}. Delete it, and the music is heard afresh.",
    "catalog_unwritable": "The catalog in {path} cannot be written: {reason}. Make room or choose"
    " another folder by --catalogs, and run it again: what was heard is kept.",
    "needs_engine": "That engine needs a package that is not installed: 'pip install {package}'.",
    "engine_fails": "{package} is installed, but this system does not load it: {reason}. Another"
    " engine does: 'pip install onnxruntime'.",
    "bad_workers": "Work needs at least one process, not {workers}.",
}

KOREAN_ERRORS = {
    "missing_bundle": "{path}에 모델 번들이 없습니다. bundle.json이 있는 폴더를 지정해 주세요.",
    "bad_manifest": "{path}을(를) 쓸 수 없습니다: {reason}. 번들을 새로 받아 주세요.",
    "other_format": "{path}의 번들은 형식이 {found}인데 이 버전은 {expected}을(를) 읽습니다. 이"
    " 버전의 SoundMap에 맞는 번들을 받아 주세요.",
    "bad_graph": "{path}을(를) 쓸 수 없습니다: 없거나, 손상되었거나, 다른 것이 들어 있음. 번들을"
    " 새로 받아 주세요.",
    "no_layout": "{path}의 번들에는 아직 지도가 없습니다. soundmap map layout --bundle {path}을(를)"
    " 실행하세요.",
    "bad_layout": "{path}을(를) 쓸 수 없습니다: {reason}. 번들을 새로 받거나 지도를 다시 만드세요:"
    " soundmap map layout --bundle {bundle}.",
    "altered_bundle": "{path}의 번들이 봉인된 것과 달라({files}) 지도를 만들지 않았습니다."
    " soundmap check를 실행하세요.",
    "bad_catalog": "{path}을(를) 쓸 수 없습니다: {reason}. 번들을 새로 받아 주세요.",
    "bad_own_catalog": "{path}을(를) 쓸 수 없습니다: {reason}. 음악 폴더와 --name {name}(으)로"
    " soundmap index를 다시 실행하세요.",
    "no_cluster": "{address}에 클러스터가 없습니다. 스케줄러와 워커가 실행 중인가요?",
    "cluster_gone": "{address}의 클러스터가 사라졌습니다. 돌아오면 다시 실행하세요. 이미 들은 것은"
    " 남아 있습니다.",
    "needs_dask": "클러스터를 쓰려면 그 모든 컴퓨터에 추가 패키지가 필요합니다: pip install"
    " 'soundmap[cluster]' (저장소 폴더에서는 make extra-cluster).",
    "needs_faiss": "색인에는 추가 패키지가 필요합니다: pip install 'soundmap[large]' (저장소"
    " 폴더에서는 make extra-large).",
    "no_index_needed": "{rows:,}곡에는 색인이 필요 없습니다. {least:,}곡이 안 되면 모두"
    " 살펴봅니다.",
    "index_unwritable": "{path}의 색인을 쓸 수 없습니다: {reason}. 공간을 마련한 뒤 다시"
    " 실행하세요.",
    "bad_memory": "{path}을(를) 읽을 수 없습니다: {reason}. 지우면 음악을 새로 듣습니다.",
    "catalog_unwritable": "{path}의 카탈로그를 쓸 수 없습니다: {reason}. 공간을 마련하거나"
    " --catalogs로 다른 폴더를 고른 뒤 다시 실행하세요. 이미 들은 것은 남아 있습니다.",
    "needs_engine": "그 엔진에 필요한 패키지가 없습니다: 'pip install {package}'.",
    "engine_fails": "{package}이(가) 설치되어 있지만 이 시스템에서 열리지 않습니다: {reason}. 다른"
    " 엔진은 됩니다: 'pip install onnxruntime'.",
    "bad_workers": "프로세스는 하나 이상이어야 합니다. {workers}은(는) 안 됩니다.",
}
