"""The organisations of bench.gate_data.stranger: twelve in two halves by turns; eighteen by five other people;
twenty-nine more by five others.
"""

from datetime import UTC, datetime

from bench.gate_data.stranger import load
from bench.gate_data.strangers_eight import EIGHT
from bench.gate_data.strangers_eighteen import EIGHTEEN
from bench.gate_data.strangers_eleven import ELEVEN
from bench.gate_data.strangers_fifteen import FIFTEEN
from bench.gate_data.strangers_five import FIVE
from bench.gate_data.strangers_four import FOUR
from bench.gate_data.strangers_fourteen import FOURTEEN
from bench.gate_data.strangers_nine import NINE
from bench.gate_data.strangers_nineteen import NINETEEN
from bench.gate_data.strangers_one import ONE
from bench.gate_data.strangers_seven import SEVEN
from bench.gate_data.strangers_seventeen import SEVENTEEN
from bench.gate_data.strangers_six import SIX
from bench.gate_data.strangers_sixteen import SIXTEEN
from bench.gate_data.strangers_ten import TEN
from bench.gate_data.strangers_thirteen import THIRTEEN
from bench.gate_data.strangers_three import THREE
from bench.gate_data.strangers_twelve import TWELVE
from bench.gate_data.strangers_twenty import TWENTY
from bench.gate_data.strangers_twenty_one import TWENTY_ONE
from bench.gate_data.strangers_twenty_three import TWENTY_THREE
from bench.gate_data.strangers_twenty_two import TWENTY_TWO
from bench.gate_data.strangers_two import TWO

STRANGERS = (*ONE, *TWO, *THREE, *FOUR)
MORE = (*FIVE, *SIX, *SEVEN, *EIGHT, *NINE, *TEN, *ELEVEN, *TWELVE, *THIRTEEN)
# Of everyday offices; of technology firms and institutions; of communications offices; of a
# tester who knew the handbook; of another.
THIRD_DAY = (
    (*FOURTEEN, *FIFTEEN),
    (*SIXTEEN, *SEVENTEEN),
    (*EIGHTEEN, *NINETEEN),
    (*TWENTY, *TWENTY_ONE),
    (*TWENTY_TWO, *TWENTY_THREE),
)
# Of an acceptance tester, a major incident manager, a quality engineer, and five people of different work.
FOURTH_DAY = tuple(map(load, ("acceptance", "manager", "quality", "several")))
# Of a hospital's communications officer, an operations lead of software and shops, a service desk's lead, a duty
# manager, somebody who keeps status pages, five incident managers, a communications manager of large companies, six
# who are on call, a problem manager of public bodies and an incident manager of a provider; on a day when summer time
# had begun in North America and not in Europe.
MARCH = datetime(2026, 3, 10, 21, 0, tzinfo=UTC)
_OF_MARCH = (
    "hospitals",
    "retail",
    "desks",
    "duty",
    "status_pages",
    "five_managers",
    "corporate",
    "on_call",
    "public_bodies",
    "provider",
)
FIFTH_DAY = tuple(load(name, now=MARCH) for name in _OF_MARCH)
# Of utilities and transport, shift leads in the early morning, hospitals, councils and shops in the morning, a
# consultant of thirty clients, thirty different hands, managers whose messages look as such messages do, who writes
# prose, and who writes at the end of a long day; four of them in March, four on an October morning, with summer time in
# Europe and daylight time in Australia.
OCTOBER = datetime(2026, 10, 14, 6, 20, tzinfo=UTC)
SIXTH_DAY = (
    load("utilities", now=MARCH),
    load("shift_leads", now=OCTOBER),
    load("mornings", now=OCTOBER),
    load("consultant", now=MARCH),
    load("thirty_hands", now=OCTOBER),
    load("itil", now=MARCH),
    load("prose", now=OCTOBER),
    load("end_of_day", now=MARCH),
)
