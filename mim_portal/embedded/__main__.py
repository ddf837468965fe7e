"""``python -m mim_portal.embedded run | servers | test -- PYTEST ARGUMENTS | with -- COMMAND``."""

import sys

from mim_portal.embedded import commands

sys.exit(commands.main(sys.argv[1:]))
