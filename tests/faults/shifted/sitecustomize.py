"""Loaded by a child process before anything else: its own clock is wrong from the start and runs on from there.

MIM_FAULT_SHIFT is seconds; MIM_FAULT_AT is a moment in ISO form instead.
"""

import os
import time
from datetime import datetime

import time_machine

_at = os.environ.get("MIM_FAULT_AT", "")
_begin = datetime.fromisoformat(_at).timestamp() if _at else time.time() + float(os.environ["MIM_FAULT_SHIFT"])
time_machine.travel(_begin, tick=True).start()
