"""Words by which a sentence says since when, and until when (C11)."""

import re
from typing import Final

# A time with what may stand behind it, and what may stand before one.
_CLOCK: Final = r"[\d:.]+\s?(?:[ap]\.?m\.?)?\s*(?:\([^()\n]*\)|[A-Z]{2,5}\b)?"
_ABOUT: Final = r"(?:(?:about|around|approximately|(?:just|shortly) (?:after|before))\s+)?"

SINCE: Final = re.compile(
    r"\b(?:since|began|begun|onset (?:was|is)|started|commenced|starting|beginning|from|as of the start|"
    r"first (?:(?:failures?|errors?|problems?|signs?|cases?)\s+)?(?:(?:was|were|is|are)\s+)?"
    r"(?:seen|reported|noticed|observed|appeared))"
    r"(?:\s+(?:about|around|at|approximately|shortly after|just after|today|this morning|this afternoon|the)){0,3}\s+$|"
    # “since ten past four (16:10 GMT)”
    r"\b(?:since|from)\s+(?:about\s+|around\s+)?(?:an?\s+)?(?:half|quarter|five|ten|twenty|twenty-five|one|two|three|four|six|seven|eight|"
    r"nine|eleven|twelve|noon|midday)(?:[ -][a-z’']+){0,4}\s*\(\s*$|"
    r"\bit dropped (?:out |off )?(?:at|around|about)\s+$|\b(?:goes|went|dates) back to\s+$|"
    r"\bstart (?:was|is)\s+$|"
    r"\bbeg[au]n to (?:be \w+|fail|drop|hang|stall|time out|slow)(?: down)? (?:at|around|about)\s+$|"
    # “first failure 11:55”
    r"\bfirst failures?\s+$|"
    # “It stopped at Leeds and York at 17:30”
    r"(?<!also )\b(?:stopped|failed|broke down|went (?:down|offline))\s+(?:at|in|across)\s+(?-i:[A-Z])"
    r"[^.;\n\d]{2,50}?\s+at\s+$|"
    # “Ticket sales stopped at 17:30”; an attempt that failed is something else
    r"(?<!attempt )(?<!try )(?<!fix )(?<!repair )(?<!job )(?<!test )(?<!run )(?<!copy )(?<!change )(?<!patch )"
    r"\b(?:stopped(?: \w+ing)?|failed|broke(?: down)?|went (?:down|offline|out|off)|crashed|froze|"
    r"(?:was|were) interrupted)\s+"
    r"(?:at|(?:just|shortly) after|about|around)\s+$|"
    r"(?:^|[,;.:|(\n]\s*(?:[-*•]\s*)?)(?:start(?:ed|s)?(?: time)?|onset)\s+$|"
    r"\bfirst (?:failures?|errors?|problems?|signs?|cases?)\s+(?:was|were|came|occurred|happened)\s+"
    r"(?:at|around|about)\s+$|"
    r"\b(?:seit|depuis)(?:\s+(?:etwa|ungefähr|ca\.|heute|environ|vers)){0,2}\s+$|"
    r"\bdesde(?:\s+(?:hoy|aproximadamente|a|las?)){0,4}\s+$|"
    r"(?:^|\n|(?<=[.;!?]))[ \t]*(?:[-*•|][ \t]*|\(?\w[.)]\s)?[*_]*(?:"
    r"(?:local|fault|incident) start|first failures?|period|duration|window|outage|downtime|interruption|"
    r"start(?:ed|s)?(?: and detection)?|start time|began|commenced|from(?=[*_]*\s*[:|])|"
    r"(?:ongoing |down |open )?(?:since|(?<=down )from)(?: when)?|seit(?: wann)?|"
    r"depuis(?: quand)?|desde(?: cuándo)?|when(?: it (?:began|started))?)[*_]*\s*[:?|][*_]*\s*$",
    re.IGNORECASE,
)
# “Operations from 10:00 may have to wait”: the record may say the same of something else than the start.
FROM: Final = re.compile(
    r"(?:\bfrom|[(]start|(?:^|\n)[^\w\n]*(?:from|period|duration|window|outage|downtime|interruption)\s*:)\s+$",
    re.IGNORECASE,
)
AHEAD: Final = re.compile(r"\b(?:will|should|please|plan(?:s|ned)?)\b", re.IGNORECASE)  # no start of what is
ROUGHLY: Final = re.compile(
    r"\b(?:about|around|approximately|shortly after|just after|etwa|ungefähr|environ|vers|"
    r"aproximadamente(?: las?)?)\s+$",
    re.IGNORECASE,
)
# Something else than the harm began then: news, the work on it, the return of the service.
OTHER_START: Final = re.compile(
    r"\b(?:again|restored|"
    r"(?<!come )(?<!comes )(?<!coming )back(?! (?:empty|blank|with|to \d))|recovered|working|"
    r"(?<!the )works|worked|resolved|fixed|"
    r"(?:fix|repair|work|recovery|replacement)(?: (?:of|on) [^.;\n]{1,40}?)?(?: was| has been)? (?:started|beg[au]n)|"
    r"(?:was|were|been) (?:re)?started|no (?:change|news|new information)|"
    r"(?:not changed|unchanged|know(?:n)? (?:of )?this) since|(?:has|have) run|reload(?:ing|ed)?|vendors?|suppliers?|"
    r"as usual|normally|in (?:use|place(?! of)|test|service)|extra|additional|second|spare|backup|"
    r"nothing|new since|(?:last|"
    r"previous|first|our) (?:update|message)|watch(?:ing|ed)?|monitor(?:ing|ed)?|test(?:ing|ed)|rollback|"
    r"roll(?:ing|ed)? back|"
    r"restart(?:ing|ed)?|rebuild(?:ing)?|restore(?= of)|replay|migration|failover|copy(?:ing)?|"
    r"engineers?|bridge|manager|command|next (?:update|message|step))\b",
    re.IGNORECASE,
)
OTHER_START_ABROAD: Final = re.compile(
    r"\b(?:wieder|behoben|funktioniert|nichts|keine (?:änderung|neuigkeiten)|meldung|verantwortlich|"
    r"de nouveau|rétabli|fonctionne|rien|aucun changement|message|responsable|"
    r"de nuevo|vuelven? a funcionar|restablecid[oa]s?|resuelt[oa]s?|sin (?:cambios|novedades)|nada|ningún cambio|"
    r"mensaje|actualización)\b",
    re.IGNORECASE,
)
# “Between 09:10 and 11:05 mail was late”: a start where the sentence tells the harm.
BETWEEN: Final = re.compile(r"\bbetween\s+$", re.IGNORECASE)
# What the people cannot do. Nearer to the time than any other start, it is what began then: “nothing has changed:
# staff cannot sign in since 09:10”, “viewers cannot watch since 09:10”.
HARM: Final = re.compile(
    r"\b(?:cannot|can['’]?t|could not|couldn['’]?t|unable|not able|without|fail(?:s|ed|ing)?|unavailable|"
    r"offline|down|late|delay(?:s|ed)?|affected|(?:do|does|did|is|are|was|were) not)\b(?P<verb>\s+\w+)?",
    re.IGNORECASE,
)
# “It works again since 11:05 (it began at 09:10)”, “start 09:10, detection 09:12, restored 11:05”
IT_BEGAN: Final = re.compile(
    r"\b(?:was|were|been) (?:disrupted|interrupted|unavailable|down|affected|out(?: of (?:order|service|use))?|offline|"
    r"degraded) (?:from|since)\s+$|"
    r"(?:^|\n)[^\w\n]*(?:since|start(?:ed)?|began)[*_]*\s*[:?|][*_]*\s*$|"
    r"\b(?:failed|stopped|broke down|went (?:down|offline)) at\s+$|"
    r"\b(?:it|this|disruption|outage|fault|problem|trouble|incident|interruption|failure|issue|disturbance) "
    r"(?:had )?(?:beg[au]n|started) at\s+$|(?:^|[,;.:|(\n])\s*(?:[-*•]\s*)?(?:start(?:ed)?(?: time)?|onset)\s+$",
    re.IGNORECASE,
)
# “It works again since 20:30, after nine hours (from 11:00)”
HAD_LASTED: Final = re.compile(
    r"\b(?:after|lasted|unavailable|down|out|offline|failed)\b[^.;\n]{0,40}\b(?:hours?|hrs?|h|minutes?|mins?|min)"
    r"\s*,?\s*\(?(?:from|since|beginning at)\s+$",
    re.IGNORECASE,
)
# “It is not working since 09:10” tells when the harm began.
NOT_WORKING: Final = re.compile(
    r"(?:(?:\bnot|\bnever|n[’']t)\s+(?:yet\s+|been\s+|\w+ly\s+){0,2}|\bstopped\s+)(?:work(?:s|ed|ing)?|available)\b|"
    # “has been holding results back since 00:10”
    r"\b(?:hold(?:s|ing)?|held|knock(?:s|ed|ing)?|send(?:s|ing)?|sent|keep(?:s|ing)?|kept|turn(?:s|ed|ing)?)\s+(?:\w+\s+){0,3}back\b",
    re.IGNORECASE,
)
RESTORED_AT: Final = re.compile(
    r"\b(?:restored|recovered|repaired|fixed|mended|put (?:it |this |that |everything )?right|back|again|"
    r"work(?:ing|ed)|resolved|ended)\b"
    r"(?:(?!\bclosed\b)[^.;\n]){0,40}?"
    r"\b(?:at|since|from|by|as of)\s+$|"
    # “Times: started 06:30 GMT, restored 12:10 GMT”
    r"[,;.:|(]\s*(?:service\s+)?(?:restored|recovered|resolved|ended)\s+$|"
    r"(?:^|\n)[^\w\n]*(?:restored|recovered|resolved|working again|end(?:ed)?)\s*[:|]\s*$",
    re.I,
)
# “The Payments API has answered normally since 20:48”: of what is over, when it came back.
SINCE_ONLY: Final = re.compile(rf"\bsince\s+{_ABOUT}$", re.IGNORECASE)
# “Since 04:50 the jobs run one after the other”: what somebody does, or how something is, in a sentence without harm.
DOES_NOW: Final = re.compile(
    r"\b(?:(?:has|have) been (?:on|in|running|working|with|under)|"
    r"runs?|sends?|uses?|goes|go|is with|are with|works?)\b"
)
TROUBLE: Final = re.compile(
    r"\b(?:slow\w*|errors?|interrupt\w*|disrupt\w*|outages?|degraded|out of (?:order|service)|stuck|stopped|problems?|"
    r"no longer|queu(?:es?|ed|ing)|wait(?:s|ed|ing)?|incident|issues?|faults?|wrong|empty|missing|nothing|nobody)\b",
    re.IGNORECASE,
)
# “Since 20:15 (UTC+0) we are sending forms over a second line”
WE_ARE_AT: Final = re.compile(
    r"[\d:.]+\s?(?:[ap]\.?m\.?)?\s*(?:\([^()\n]*\)|UTC|GMT)?,?\s*we\s+(?:are|have|now)\b", re.I
)
# “At 20:15 (UTC+0) our engineers stopped the import”: what was done about it.
WE_DID_AT: Final = re.compile(
    rf"{_CLOCK},?\s*"
    r"(?:we|i|our (?:\w+ )?(?:engineers?|teams?|technicians?|staff|colleagues))\b",
    re.I,
)
HAS_BEEN: Final = re.compile(r"(?:\bha(?:s|ve)|['’](?:s|ve))\s+been\s+\w+ing\b", re.IGNORECASE)
HAS_DONE: Final = re.compile(r"\b(?:has|have|can)\b(?!\s+(?:not|never|no)\b)", re.IGNORECASE)
# What was arranged since then, and not what came back: “an alarm at 70% has been in place since 21:00”.
ARRANGED: Final = re.compile(
    r"\b(?:in place|on (?:watch|guard|call|duty|site)|has run|have run|alarms?|checks?|watch(?:es|ing)?|monitor\w*)\b",
    re.IGNORECASE,
)
# A line of a table of times: “06:40 Employees start to report that they cannot clock in”.
BEGINS_LINE: Final = re.compile(r"(?:^|\n)[^\w\n]*$")
# “06:05: impact began”, “10:40: service was restored”
STARTS_ALONE: Final = re.compile(
    r"[\s:–—-]*(?:the\s+)?(?:impact|incident|outage|fault|problem|disruption|trouble|interruption)\s+(?:began|begins|started|starts)\b",
    re.IGNORECASE,
)
RETURNED_ALONE: Final = re.compile(
    r"[\s:–—-]*(?:the\s+)?services?\s+(?:(?:was|is|were|are)\s+)?(?:fully\s+)?(?:restored|back|recovered)\b",
    re.IGNORECASE,
)
STARTS: Final = re.compile(r"\b(?:starts?|started|begins?|began|first)\b", re.IGNORECASE)
STOPPED: Final = re.compile(
    r"\bstopped\s+(?:working|responding|accepting|loading|answering)\b|\bstop(?:s|ped)?\s*[.;]?\s*$", re.IGNORECASE
)
RETURNED: Final = re.compile(r"\b(?:restored|recovered|back|works? again)\b", re.IGNORECASE)
NEXT_IN_TABLE: Final = re.compile(r"[^\w\n]*(?:next|further|until|to|end|restored|back)\b", re.IGNORECASE)
# The head of a table whose column says since when.
START_COLUMN: Final = re.compile(r"(?i)\b(?:start(?:ed)?|since|began|down from|failed at)\b")
# How the record calls a time that is often taken for the start: a true confusion of the two stops the message.
FOUND_OUT: Final = re.compile(
    r"\b(?:detect|report|raise|rais|notic|seen|spott|found|alert|alarm|call)\w*\b", re.IGNORECASE
)
# “From 01:30 until the service was restored”
FROM_UNTIL: Final = re.compile(rf"{_CLOCK}\s+(?:until|till)\b", re.IGNORECASE)
# “This evening at 19:45 CET, a major incident began”
BEGAN_THEN: Final = re.compile(
    rf"{_CLOCK}(?: today| this \w+)?,?\s+"
    r"(?:an?|the|this|our)\s+(?:[\w-]+ ){0,3}?"
    r"(?:incident|outage|fault|disruption|problem|failure|interruption)\s+(?:began|started|occurred)\b",
    re.IGNORECASE,
)
# What follows a time: who or what, and how the harm began.
HARM_BEGINS: Final = re.compile(
    r"(?:\s+today|\s+this\s+\w+)?,?\s+(?:the\s+|our\s+)?(?P<subject>[\w'’-]+(?:\s+[\w'’-]+){0,4}?)\s+"
    r"(?:failed|stopped|crashed|froze|dropped\s+out|went\s+(?:down|offline)|became\s+(?:unavailable|unreachable|slow)|lost|"
    r"could\s+no\s+longer)\b",
    re.IGNORECASE,
)
# How it began, in other words than “began”.
BEGINS: Final = re.compile(
    r"\b(?:beg[aiu]ns?|start(?:s|ed)?|fell|falls|dropp(?:ed|ing)|drops|stopp(?:ed|ing)|stops|failed|fails|crashed|froze|lost|"
    r"went|became|no longer|rose|jumped|the case)\b",
    re.IGNORECASE,
)
# That it works again, in any words.
BACK_AGAIN: Final = re.compile(
    r"\b(?:restored|repaired|fixed|mended|back|again|recovered|resolved|works|normal(?:ly)?|ended)\b", re.IGNORECASE
)
# How it is since then: “as has been the case since 08:40”, “impaired from 09:20”, “errors start at 07:25”.
STATE_SINCE: Final = re.compile(
    r"\b(?:the case|been so|like this|they have|it has|impaired|disrupted|degraded|interrupted|"
    r"failed in part|(?:errors?|failures?) (?:start|begin)s?)\s+(?:since|from|at)\s+(?:an?\s[\w’' -]{3,24}\()?$",
    re.IGNORECASE,
)
SINCE_OR_BEFORE: Final = re.compile(rf"\b(?:since|before)\s+{_ABOUT}$", re.IGNORECASE)
DIFFICULT: Final = re.compile(r"\b(?:difficult\w*|trouble|problems?|errors?)\b", re.IGNORECASE)
