"""Opens engines by name."""

from __future__ import annotations

from pathlib import Path

from soundmap.engines.base import MNN, OPENVINO_F16, PACKAGES, PORTABLE, Engine, installed
from soundmap.errors import BadBundle, NotInstalled


def opened(name: str, graph: Path, threads: int = 1) -> Engine:
    """Opens a graph with an engine; ``threads`` 0 means all cores.

    Raises BadBundle ``bad_graph``, or NotInstalled ``needs_engine`` or ``engine_fails``.
    """
    if not installed(name):
        raise NotInstalled("needs_engine", package=PACKAGES[name])
    try:
        return _opened(name, graph, threads)
    except ImportError as error:  # installed, but not for this machine
        raise NotInstalled("engine_fails", package=PACKAGES[name], reason=error) from error
    except Exception as error:  # the libraries' errors have no common base
        raise BadBundle("bad_graph", path=graph) from error


def _opened(name: str, graph: Path, threads: int) -> Engine:
    if name == PORTABLE:
        from soundmap.engines import with_onnxruntime

        return with_onnxruntime.opened(graph, threads)
    if name == MNN:
        from soundmap.engines import with_mnn

        return with_mnn.opened(graph, threads)
    from soundmap.engines import with_openvino

    precision = "f16" if name == OPENVINO_F16 else "f32"
    return with_openvino.opened(
        graph, threads, precision, portable=lambda: opened(PORTABLE, graph, threads)
    )
