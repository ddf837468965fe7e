"""A second list written after the rules were tuned on `sentences` and `unseen`, and tried once.

Nothing was changed for it; it is left as it is.
"""

from typing import Final

PLANTED: Final[dict[str, tuple[str, ...]]] = {
    "B00": (
        "Niamh had gone home before the handover.",
        "The script is Rosa's and was never reviewed.",
        "He made the change from home.",
        "Ask @ahmed.farouk why the rule was open.",
        "Dr Zielinski approved it by phone.",
    ),
    "B01": (
        "The vendor is at fault here.",
        "Blame for the delay sits with procurement.",
        "It was our provider's fault from start to end.",
        "The courier company let us down.",
        "The storage team caused a failure of the array.",
    ),
    "B02": (
        "A human error in the change form emptied the list.",
        "User errors explain most of the tickets.",
        "The wrong host was a fat-fingered entry.",
        "The administrator's mistake was found at 11:00.",
        "An operator slip ended the session.",
    ),
    "B03": (
        "The approval was negligent.",
        "There was a lack of diligence in the test.",
        "Carelessness in the data centre pulled the cable.",
        "The night team was complacent.",
        "The review was unprofessional.",
    ),
    "B04": (
        "The backup should have run.",
        "The engineer could have called the vendor.",
        "A lock would have kept the two jobs apart.",
        "If only the alarm had been louder.",
        "The rota ought not to have had a gap.",
    ),
    "B05": (
        "The team ignored three alarms.",
        "The desk missed the call from Leeds.",
        "A contractor inadvertently cut the fibre.",
        "The administrators forgot to extend the lease.",
        "The manager had overlooked the mail.",
    ),
    "B06": (
        "The cause was obvious from the first graph.",
        "The patch clearly broke the driver.",
        "It is evident that the test was short.",
        "In hindsight, the queue was the first sign.",
        "Naturally the cache filled again.",
    ),
    "B07": (
        "The supplier never answered the page.",
        "No one informed us of the freeze.",
        "The network team did not report the flap.",
        "It was not our problem.",
        "The managers were not notified until noon.",
    ),
    "B08": (
        "The cutover was a catastrophe.",
        "It was utter chaos on the bridge.",
        "An unacceptable wait for the callers.",
        "The logs were a mess.",
        "The weekend was a nightmare.",
    ),
    "B09": (
        "The root cause was found in the proxy.",
        "The sole cause was heat.",
        "The real cause of the outage is the licence.",
        "The only cause was the clock.",
        "Root cause: the licence ended.",
    ),
    "B10": (
        "A reminder goes to all engineers.",
        "Train the desk again: retraining in May.",
        "Take more care with the console.",
        "Raise awareness among developers.",
        "Be more vigilant at night.",
    ),
    "B11": (
        "It was felt that the risk was small.",
        "It was quickly agreed to restart.",
        "It had been assumed that the link was up.",
        "It was judged to be safe.",
        "A decision was taken to stop the batch.",
    ),
}

CLEAN: Final[tuple[str, ...]] = (
    "The job failed to start because its account had ended.",
    "The node missed two heartbeats and was fenced.",
    "The desk raised it at 08:02 with service, site and contact.",
    "We did not send the 10:00 update; an earlier warning is planned.",
    "The proxy ignored the new certificate until it was reloaded.",
    "The engineer on call saw a green board, since the probe was cached.",
    "The vendor sent the fixed driver at 15:20.",
    "The runbook has no step for a half-open breaker.",
    "The disk alarm had fired each night for a month and was muted.",
    "The switch took eleven seconds to fail over.",
    "The team had two people on leave and one on another incident.",
    "The page of the tool does not show which cluster is chosen.",
    "The manager on shift took over at 18:00 with the list of open promises.",
    "A request for the site list went out at 09:40.",
    "The backup was restored and compared line by line.",
    "The contract gives the supplier four hours.",
    "The change was approved with the facts known at 16:00.",
    "The monitor looked at the old address.",
    "The error budget of the month is used up.",
    "The test environment has a tenth of the data.",
)
