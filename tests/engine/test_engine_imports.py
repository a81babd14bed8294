from __future__ import annotations

import json
import subprocess
import sys


def in_a_fresh_process(code):
    """What `code` prints, as JSON, in an interpreter that has imported nothing yet."""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def test_the_engine_loads_neither_qt_nor_what_it_may_not_need():
    loaded = in_a_fresh_process("import json, sys, rnnviz.engine; print(json.dumps(sorted(sys.modules)))")
    tops = {name.partition(".")[0] for name in loaded}
    assert "numpy" in tops
    unwanted = {"PySide6", "shiboken6", "pyqtgraph", "superqt", "threadpoolctl", "scipy", "torch"}
    assert not tops & unwanted
    layers = {name.split(".")[1] for name in loaded if name.startswith("rnnviz.")}
    assert layers == {"engine"}


def test_linear_algebra_can_be_pinned_to_one_thread():
    threads = in_a_fresh_process(
        "import json, threadpoolctl; from rnnviz import engine as e; e.limit_threads();"
        "print(json.dumps([p['num_threads'] for p in threadpoolctl.threadpool_info()"
        " if p['user_api'] == 'blas']))"
    )
    assert set(threads) == {1}
