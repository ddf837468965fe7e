"""Written in one go after the rules were tuned on `sentences`, and tried once before any rule was changed for them.

docs/blame.md has the figure of that first time.
"""

from typing import Final

PLANTED: Final[dict[str, tuple[str, ...]]] = {
    "B00": (
        "Tomasz had not seen the banner.",
        "The page went to Ahmed Farouk, who was asleep.",
        "She took the wrong ticket.",
        "The command was typed by @dberg in the wrong window.",
        "Mr Farouk closed the alert.",
    ),
    "B01": (
        "The fault is theirs: it is the supplier's fault.",
        "Blaming the firewall group helps nobody, yet they did it.",
        "The vendor caused the outage with its patch.",
        "The hosting firm let everyone down.",
        "The change board is responsible for this mess of an evening.",
    ),
    "B02": (
        "The file was lost through operator error.",
        "Investigation pointed to human error on the night shift.",
        "An engineer's mistake took the link down.",
        "The group was emptied by a fat-finger in the portal.",
        "It was a simple user mistake.",
    ),
    "B03": (
        "The contractor acted negligently.",
        "Complacency set in after a quiet month.",
        "That was a lazy workaround.",
        "The runbook was followed carelessly.",
        "The team showed little interest in the alarm.",
    ),
    "B04": (
        "The certificate should have been renewed in June.",
        "We could have avoided this by testing.",
        "Monitoring would have shown it.",
        "The rule wasn't supposed to reach production.",
        "They ought to have asked first.",
    ),
    "B05": (
        "The on-call person forgot to switch the phone on.",
        "Responders overlooked the second alarm.",
        "The provider failed to announce the work.",
        "Someone accidentally removed the tag.",
        "The technician did the steps in the wrong order.",
    ),
    "B06": (
        "Clearly the timeout was too short.",
        "It is obvious that the cache was stale.",
        "The team simply restarted it.",
        "Looking back, the warning was there for all to see.",
        "The limit was, of course, never raised.",
    ),
    "B07": (
        "The service desk never told the manager.",
        "We had not been informed by the vendor.",
        "The supplier did not provide a time.",
        "Nobody informed us that the line was cut.",
        "It is not our responsibility to watch that server.",
    ),
    "B08": (
        "The evening was chaotic.",
        "The supplier's answer was unacceptable.",
        "What followed was a debacle.",
        "A horrendous delay followed.",
        "The bridge call was painful.",
    ),
    "B09": (
        "The real root cause was the firewall rule.",
        "The root cause is a leak in the agent.",
        "The one true cause was the clock.",
        "The main cause of the delay was the queue.",
        "This was caused by one thing only: the disk.",
    ),
    "B10": (
        "Remind everyone to read the page.",
        "Retraining for the second line.",
        "The desk will be more careful.",
        "Double-check all changes on Fridays.",
        "Ask people to think before they type.",
    ),
    "B11": (
        "It was agreed to leave the node out.",
        "It was assumed the alert was noise.",
        "It was later decided to roll back.",
        "The decision was made to carry on.",
        "It was deemed safe to continue.",
    ),
}

CLEAN: Final[tuple[str, ...]] = (
    "The probe failed twice before the pod was taken out.",
    "The agent ignored the retry header and sent the batch again.",
    "The desk passed on the caller's words at 08:14; they were complete.",
    "At 11:02 the graph showed 40 % and the threshold was 60 %.",
    "The provider announced the work on a page that nobody subscribes to.",
    "It was decided at 10:40 by the incident manager to fail over.",
    "The switch has no second power supply.",
    "The form accepts a date in the past.",
    "Two alerts had the same name; the second was closed as a copy.",
    "The replica was forty seconds behind when the primary stopped.",
    "The change window ended at 02:00 and the batch began at 01:30.",
    "The database engineer on call joined nine minutes after the page.",
    "The rule matched every host because its pattern was empty.",
    "The default of the tool is production.",
    "We asked for the site list at 09:05 and had it at 09:31.",
    "The team tested the rollback in March and it took four minutes.",
    "The operations of the queue failed to finish in time.",
    "A check in the pipeline would stop this change today.",
    "The vendor's status page was green until 13:10.",
    "Fault injection in May had shown the same path.",
)
