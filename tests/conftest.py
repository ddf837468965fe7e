"""What every test stands on: a cloned database, real servers on this machine only, and the standing cast of people."""

import importlib.util

pytest_plugins = [
    "tests.plugins.database",
    "tests.plugins.network",
    "tests.plugins.redis",
    "tests.plugins.mail",
    "tests.plugins.language",
    *(["tests.cast"] if importlib.util.find_spec("tests.cast") else []),
]
