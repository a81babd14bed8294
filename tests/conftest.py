"""Every test runs without a display, away from the user's settings and with repeatable random inputs."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = os.environ.get("RNNVIZ_TEST_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rnnviz", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("rnnviz")
