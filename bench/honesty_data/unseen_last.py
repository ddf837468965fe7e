"""A fourth list, written after the rules were changed for every second one of the third, and tried once.

Nothing was changed for it; it is left as it is.
"""

from typing import Final

PLANTED: Final[dict[str, tuple[str, ...]]] = {
    "B00": (
        "Rosa forgot to close the valve.",
        "He did not look at the second screen and ran the job.",
        "@sam-k deployed from a laptop.",
    ),
    "B01": (
        "The billing team is at fault here.",
        "It was the contractor's fault from start to finish.",
        "We know who the guilty party is.",
        "That delay was down to the vendor.",
    ),
    "B02": (
        "An admin mistake took the DNS zone down.",
        "The cause was a manual error in the spreadsheet.",
        "There was a slip by the engineer on call.",
        "Pilot error, pure and simple.",
    ),
    "B03": (
        "The contractor's work was sloppy.",
        "The incompetence of the reseller cost us a day.",
        "The warning was never taken seriously by the platform group.",
        "The team handled the restart poorly.",
    ),
    "B04": (
        "The pager should have gone to two people.",
        "They could have seen the spike at noon.",
        "We would not have lost data had they asked.",
        "The engineer shouldn't have closed the ticket.",
        "The lead was supposed to call the vendor.",
    ),
    "B05": (
        "The tester overlooked the red build.",
        "The supplier neglected to extend the licence.",
        "The operator ignored three warnings in a row.",
        "The team lead forgot about the freeze.",
        "A developer accidentally removed the index.",
    ),
    "B06": (
        "With hindsight the signals were unmistakable.",
        "The leak was obvious to everyone.",
        "They simply did not look.",
        "Evidently nobody had tested it.",
    ),
    "B07": (
        "The carrier did not respond for two hours.",
        "The desk never escalated the calls.",
        "We had not been informed of the firewall change.",
        "The provider left us guessing all night.",
        "No one warned us about the freeze.",
    ),
    "B08": (
        "The rollback was a nightmare.",
        "An appalling start to the week.",
        "What a mess the failover was.",
    ),
    "B09": (
        "The main cause was the missing index.",
        "The one root cause is the DNS change.",
        "The only reason for the outage was a full disk.",
    ),
    "B10": (
        "Remind operators of the checklist.",
        "Engineers must always check twice.",
        "Ask the team to follow the runbook.",
        "More vigilance at night is needed.",
    ),
    "B11": (
        "It was thought that the link was redundant.",
        "A decision was made to keep going.",
        "Wrong decisions were made under pressure.",
    ),
}

CLEAN: Final[tuple[str, ...]] = (
    "The decision lay with the duty manager, who had the vendor's estimate of 40 minutes.",
    "Ownership of the proxy rests with the platform team since October.",
    "Staff at six sites were badly affected between 09:00 and 11:00.",
    "Please ask staff to use the paper form until 13:00.",
    "People did not think of the cache, since the graph showed it as healthy.",
    "The only route to the data centre was the eastern fibre.",
    "The main cause of load is the nightly import.",
    "Engineers were told at 10:05 that the change had been approved.",
    "The supplier sent a notice at 22:00; it went to an address that nobody reads.",
    "The check skipped hosts without a label.",
    "A user error page was shown to 2 percent of visitors.",
    "The operator (Kubernetes) restarted the database.",
    "The build agent ignored the new variable.",
    "The vendor's dashboard missed two samples.",
    "At 08:40 the team saw one red light of forty, as on every Monday.",
    "The engineer on call had been awake for nineteen hours.",
    "The form accepts any date without a check.",
    "The alarm had sounded falsely eleven times in the week before.",
    "Access to the console needs a token that was in the closed office.",
    "The team asked for help at 09:55, and the network team joined at 10:04.",
    "The queue should hold an hour of traffic; it held twelve minutes.",
    "Could the standby have taken the traffic? We do not know yet.",
    'The log says "operator mistake: invalid argument".',
    "We own this: no update left between 10:00 and 10:45.",
    "The scheduler did not bother the second node, as designed.",
    "The carrier confirmed the repair at 16:20.",
    "The monitoring tool treats a missing value as zero.",
    "The design assumes that both sites fail independently.",
    "The release notes of the driver do not mention the new default.",
    "The bus fault was logged 14 times.",
    "Rate limits protected the login service.",
    "Nobody was hurt.",
    "The team lead joined at 11:12 and took over the bridge.",
    "The check of the licence runs once a month.",
)
