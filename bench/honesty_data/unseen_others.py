"""Two lists written at once, before the rules were looked at, of kinds that the other lists do not hold.

The rules were then widened for what is general in the first; the second was tried once after that, and only what it and
its clean sentences showed to be marked wrongly was changed.
"""

from typing import Final

PLANTED: Final[dict[str, tuple[str, ...]]] = {
    "B00": (
        "Marta never bothered to read the ticket.",
        "Tom Reilly broke the pipeline again.",
        "@jens.k pushed straight to production.",
    ),
    "B01": (
        "The hosting firm has only itself to blame.",
        "The fault lies squarely with the storage group.",
        "We can thank the network contractor for this outage.",
        "The finger points at the release crew.",
        "This one is on the database people.",
        "The buck stops with the supplier.",
    ),
    "B02": (
        "A fat-fingered command wiped the table.",
        "Somebody's typo brought the site down.",
        "The outage came from a blunder by the night shift.",
        "It all started with a careless click.",
        "An oversight on the part of the administrator emptied the pool.",
        "A lapse by the technician cut the power.",
    ),
    "B03": (
        "The work of the integrator was shoddy.",
        "The on-call engineer was half asleep.",
        "The team was too lazy to write a test.",
        "Planning by the vendor was amateurish.",
        "The desk showed no interest in the callers.",
        "The operators were clueless about the failover.",
    ),
    "B04": (
        "The engineer ought to have checked the backup first.",
        "A competent admin would have noticed it.",
        "They had every opportunity to stop the job.",
        "Anyone with experience would have rolled back.",
        "The shift lead could easily have called someone.",
        "It was their job to watch the disk.",
    ),
    "B05": (
        "The admin failed to renew the certificate.",
        "The developer left the debug flag on.",
        "The contractor skipped the dry run.",
        "The analyst did not bother to open the alert.",
        "The technician pulled the wrong cable.",
        "The operator mistyped the host name.",
    ),
    "B06": (
        "Of course the disk was full.",
        "As everyone knew, the link was weak.",
        "It was plain to see that the queue would overflow.",
        "Any fool could see the graph.",
        "This was entirely foreseeable.",
        "Unsurprisingly, the script broke.",
    ),
    "B07": (
        "The supplier sat on the ticket all morning.",
        "The network team took forever to join.",
        "Nobody at the vendor picked up the phone.",
        "The other team kept us in the dark.",
        "The desk withheld the call count.",
        "We were left hanging by the carrier.",
    ),
    "B08": (
        "The handover was a shambles.",
        "A disgraceful lack of planning led to this.",
        "The migration was a total fiasco.",
        "It was a train wreck of a change.",
        "The response was embarrassing.",
        "The state of the runbook is pathetic.",
    ),
    "B09": (
        "Everything can be traced back to one bad config line.",
        "The outage boils down to a single missing check.",
        "The true cause was the timeout.",
        "The whole incident had one cause: the proxy.",
        "The sole cause was the patch.",
        "Ultimately it came down to a stale record.",
    ),
    "B10": (
        "Staff will be retrained.",
        "Engineers need to pay closer attention.",
        "The team must be more disciplined.",
        "Everyone has been told to double-check from now on.",
        "We will make sure people take more care.",
        "Operators are to be reminded of the rule.",
    ),
    "B11": (
        "The change was waved through.",
        "Corners were cut.",
        "The alarm was dismissed.",
        "It was felt that a test was not needed.",
        "The warning was not acted on.",
        "Steps were missed.",
    ),
}

AFTER: Final[dict[str, tuple[str, ...]]] = {
    "B01": (
        "All the blame rests on the cloud provider.",
        "Fingers are pointing at the middleware people.",
        "You can thank the firewall crew for it.",
        "The vendor owns this failure.",
    ),
    "B02": (
        "One colleague's blunder emptied the bucket.",
        "A slip by the late shift removed the route.",
        "Somebody's careless typo stopped billing.",
    ),
    "B03": (
        "The installer was clumsy.",
        "The patching was done shoddily.",
        "The supplier took no interest in the test.",
    ),
    "B04": (
        "They had ample time to react.",
        "It was the desk's job to call us.",
        "Someone should really look at the graph next time.",
    ),
    "B05": (
        "The engineer selected the wrong region.",
        "The admin left the old account enabled.",
        "The operator edited the wrong file.",
    ),
    "B06": (
        "As anybody could see, the disk was filling.",
        "The outage was easily avoidable.",
        "It had to happen.",
    ),
    "B07": (
        "The provider took ages to reply.",
        "No one at the data centre answered.",
        "The contractor held back the report.",
    ),
    "B08": (
        "The failover was a train wreck.",
        "It was a complete disaster.",
        "The bridge was bedlam.",
    ),
    "B09": (
        "It comes down to one missing index.",
        "The failure had a single cause.",
        "At the end of the day it was the cache.",
    ),
    "B10": (
        "Administrators have to be more thorough.",
        "The desk should become more attentive.",
        "People will be told to look twice.",
    ),
    "B11": (
        "Two alerts were ignored.",
        "A step was skipped.",
        "The change was rushed.",
    ),
}

CLEAN: Final[tuple[str, ...]] = (
    "The team left the bridge open until 13:00.",
    "Alerts were dismissed by the rule that groups them.",
    "The outage came down to 40 minutes from 90.",
    "The page pointed at the old address.",
    "The arrow points to the next step.",
    "Two steps were skipped by the script because the flag was set.",
    "The job had one cause code per row.",
    "The night shift took over at 22:00.",
    "In the foreseeable future the link stays single.",
    "The desk has 12 people on the night shift.",
    "The vendor took their time zone from the header.",
    "The engineer called the wrong-way alarm a test.",
    "The administrator enabled the second line.",
    "Nobody in the building was hurt.",
    "No one on the bridge had access to the console.",
    "The provider withheld payment data from logs, as agreed.",
    "Everyone on call answered within five minutes.",
    "The requests were left waiting by the scheduler.",
    "We had plenty of time to fail over.",
    "The alarm was not acted on by the tool: its rule was off.",
)
