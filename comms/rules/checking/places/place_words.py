"""Words by which a sentence says where the impact is, and where it is not (C11)."""

import re
from typing import Final

from comms.rules.checking import recorded

AFFECTED: Final = re.compile(
    r"\b(?:cannot|can['’]?t|could not|couldn['’]?t|unable|not able|no access|"
    r"without(?!\s+(?:any\s+)?(?:restrictions?|limits?|problems?|delays?)\b)|"
    r"affect(?:s|ed|ing)|impact(?:s|ed|ing)|(?:nobody|no one|none)\b[^.;\n]{0,60}?\bcan|"
    r"unavailable|offline|"
    r"declines?|declined|reject(?:s|ed)|fail(?:s|ing|ed)?|tim(?:es?|ed) out|hangs?|crash(?:es|ed)|refuse[sd]?|"
    r"returns? (?:an? )?(?:error|[45]\d\d)|"
    r"not (?:been )?(?:working|available|able)|not (?:be(?:en)? )?possible|impossible|st(?:and(?:s|ing)?|ood) still|"
    r"(?:is|are|was|were) (?:still )?out(?= (?:in|at|of order|since|for)\b|[.;,]|\s*$)|"
    r"(?:do|does|is|are) not (?:work|open|load|arrive|reach|respond|print|start)(?:ing)?|"
    r"down|slow(?:er|ly)?|delayed|interrupted|los(?:e|"
    r"es|ing|t))\b|\b(?:problems?|issues?|trouble|difficult(?:y|ies)|outages?|disruptions?)\s+"
    r"(?:with\s+[^.,;\n]{1,40}?\s+)?(?:at|in|for|across)\b",
    re.IGNORECASE,
)
# Of a message that says that it is over, the sentences that say for whom.
WAS_AFFECTED: Final = re.compile(rf"{AFFECTED.pattern}|\b(?:again|restored|back|recovered|can now)\b", re.IGNORECASE)
_NEVER_LOST: Final = r"\bnever (?:lost|stopped|failed|went (?:down|out|offline)|dropped)\b"
_UNTOUCHED: Final = r"\b(?:not|n['’]t) (?:been )?touched\b|\buntouched\b|\bspared\b"
UNAFFECTED: Final = re.compile(
    r"\b(?:not|un|never)[ -]?(?:be(?:en)? )?affected\b|\bnot impacted\b|n['’]t (?:been )?(?:affected|impacted)\b|"
    rf"{_NEVER_LOST}|"
    # “Scotland is not.”
    r"\b(?:is|are|was|were)(?: not|n['’]t)(?=\s*\.?$|,\s+(?:and|nor)\b)|"
    r"\b(?:is|are|was|were)(?: not|n['’]t) (?:part of (?:this|it)|involved|concerned)\b|"
    # “Fresno is still OK”, “The Maritime Museum: normal”, “scanners connect normally.”
    r"\b(?:is|are)\s+(?:still\s+)?(?:ok|okay|all right|clear|normal)(?!\w)|\b(?:ok|okay|fine|clear)\s*\.?$|"
    r"\b(?:normally|as usual)\s*\.?$|"
    r"\b(?:see|notice)s? no (?:difference|change)\b|"
    rf"{_UNTOUCHED}|"
    r"\b(?:shows?|sees?|reports?) no (?:errors?|faults?|failures?)\b|\bcarr(?:y|ies) normal\b|"
    r"\b(?:has|have) been (?:healthy|fine|normal|clean|unharmed)\b|"
    r"\bno (?:impact|problems?|issues?|trouble|outages?|disruptions?)\b|"
    r"\bworks? (?:normally|"
    r"as usual|fine)\b|"
    r"\bworking (?:normally|as usual)\b|\b(?:is|are|remains?|stays?) (?:fine|normal|available|open)\b|\bexcept\b|"
    r"\bother than\b|\bapart from\b|"
    r"\b(?:can|operat(?:es?|ing)|works?|working|continues?|runs?|running)\b[^.;\n]{0,40}?"
    r"\b(?:normally|as (?:usual|normal))\b|"
    # “Bags in Leeds are scanned as usual”
    r"\b(?:is|are|being)\s+(?:\w+ed|sent|sold|made|read|run|kept|taken|paid)\s+(?:normally|as (?:usual|normal))\b|"
    r"\bwork(?:s|ing)? without (?:any )?(?:restrictions?|limits?|problems?|delays?)\b|"
    # “Leeds | working”, “but not Leeds”, “Leeds works.”
    r"\b(?:is|are) correct\s*\.?$|"
    r"[|:–]\s*(?:working|works|ok|normal|fine|available|operational|up|clean|clear|healthy)\s*\.?$|"
    r"\b(?:is|are|stays?|remains?)?\s*(?:clean|healthy|unharmed)\s*\.?$|^not\s+(?=\w)|"
    # “Takoradi is operating.”
    r"^(?:the\s+)?(?-i:[A-ZÀ-ÖØ-Þ][\w'’-]+(?:[ ,]+(?:(?:and|of|the)\s+)?[A-ZÀ-ÖØ-Þ0-9][\w'’-]*){0,5})\s+(?:is|are)\s+"
    r"(?:(?:still|both|all)\s+)?(?:working|operating|operational|running|up)\s*\.?$|"
    r"^(?!.*\b(?:when|until|once|if|nothing|nobody|only)\b)[^,;:]{2,40}\bworks?\s*\.?$|"
    # “Bill Pay and wallets in Kerala are working.”, of no people
    r"^(?!.*\b(?:when|until|once|if|nothing|nobody|none|only|not|engineers?|teams?|staff|colleagues|people|specialists|"
    r"technicians?|crews?|we|they)\b)[^,;:]{2,60}\b(?:is|are)\s+(?:(?:still|both|all)\s+)?"
    r"(?:working|operating|operational|running|up)\s*\.?$",
    re.IGNORECASE,
)
# Of what works again, “works normally” is no claim that it always did.
NEVER_AFFECTED: Final = re.compile(
    r"\b(?:not|un|never)[ -]?(?:be(?:en)? )?affected\b|\bnot impacted\b|\bno impact\b|"
    rf"n['’]t (?:been )?(?:affected|impacted)\b|{_NEVER_LOST}|{_UNTOUCHED}",
    re.IGNORECASE,
)
# What was said before, and was wrong or has changed.
SAID: Final = re.compile(
    r"\b(?:we|our (?:last|first|previous|earlier) (?:update|message))\s+(?:said|wrote|reported|told|stated|"
    r"named|gave)\b|"
    r"\b(?:earlier|previous(?:ly)?|last|first) (?:update|message|we)\b|\bthat was (?:wrong|not right|incorrect)\b",
    re.IGNORECASE,
)
# Of a correction, whatever tells of a message: “Our message of 04:10 (UTC+0) gave Jakarta as affected.”
TOLD: Final = re.compile(
    r"(?<!next )\b(?:update|message|notice|note|notification|bulletin|report|post|e-?mail)\b[^.;\n]{0,60}?"
    r"\b(?:said|wrote|reported|told|stated|named|gave|listed|called|mentioned|counted|included|was wrong)\b",
    re.IGNORECASE,
)
# “The API has answered normally in Leeds since 20:48”: of what is over, where it was.
NORMAL_SINCE: Final = re.compile(
    r"\b(?:has|have)\b[^.;\n]*\b(?:normally|as (?:usual|normal))\b[^.;\n]*\bsince\b|"
    r"\bsince\b[^.;\n]*\b(?:has|have)\b[^.;\n]*\b(?:normally|as (?:usual|normal))\b",
    re.IGNORECASE,
)
# What is open there for those who are affected: “Staffed counters in Leeds and York are open”.
OPEN_INSTEAD: Final = re.compile(
    r"\b(?:counters?|desks?|branches|offices|(?:help|phone|telephone) ?lines?|agents|staff|windows|shops|stores|"
    r"centres|centers|workarounds?|ways? (?:a)?round)\b[^.;\n]*\b(?:is|are|remains?|stays?) (?:available|open)\b",
    re.IGNORECASE,
)
# A field or heading for what is well: “NOT AFFECTED”, “Working as usual:”.
WELL: Final = re.compile(
    r"(?i)[*_#(]*(?:(?:not|un)[ -]?(?:affected|impacted)|(?:who|where|what) (?:is|was|are|were)(?: not|n['’]t))"
    r"[*_]*\s*(?:[:?][*_]*|$)|"
    r"[*_#(]*(?:(?:still )?working(?: normally| as (?:usual|normal))?|out of scope)[*_]*\s*(?::[*_]*|$)"
)
EVERYWHERE: Final = re.compile(
    r"\b(?:everywhere|worldwide|global(?:ly)?|nationwide|all (?:\w+ ){0,2}(?:sites?|stores?|offices?|locations?|"
    r"countries|"
    r"regions?|branches|schools|hospitals|customers|users))\b",
    re.IGNORECASE,
)
# “Terminal 1” and “Building C” are names with what follows.
NUMBERED: Final = (
    r"(?:Terminal|Building|Gate|Hall|Block|Floor|Line|Zone|Region|Plant|Ward|Tower|Warehouse|Pier|Dock|Depot|Level)"
    r"\s(?:\d{1,3}|[A-Z]\d{0,2})(?!\w)"
)
WORDS: Final = r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?:\s+(?:(?:of|the|upon|and the|de|la|du|am|on)\s+)?[A-ZÀ-ÖØ-Þ][\w'’-]+){0,3}"
NAME: Final = rf"(?:{NUMBERED}|{WORDS})"
NAMES: Final = re.compile(NAME)
# “in Ireland and Scotland”, “at Leeds, York and Hull”
LOCATED: Final = re.compile(
    rf"\b(?:in|at|across|throughout|from)\s+(?:the\s+|our\s+|all of\s+)?(?P<names>{NAME}(?:(?:\s*,\s*|"
    rf"\s*,?\s+(?:and|or)\s+)(?:the\s+)?{NAME})*)"
)
BRACKETED: Final = re.compile(r"\((?P<inside>[^()\n]{4,120})\)")
BEHIND_COMMA: Final = re.compile(r"\s*[,|/–—-]\s*")  # “Payroll, Leeds”
NEXT_CLAUSE: Final = re.compile(r",\s+(?:and|so)\s+", re.IGNORECASE)
HAS_VERB: Final = re.compile(r"\b(?:has|have|had|is|are|was|were|can|cannot|stays?|remains?|needs?)\b", re.IGNORECASE)
BRACKET: Final = re.compile(r"\((?=\w)")  # “310 handlers (Norwich, Bristol)”
# “Leeds, York and Hull”, wherever it stands
LIST: Final = re.compile(rf"{NAME}(?:\s*,\s+(?:the\s+)?{NAME})*\s*,?\s+(?:and|or|&)\s+(?:in\s+)?(?:the\s+)?{NAME}")
# “Leeds, York, Hull”, of which a name must be one of ours to be a place
COMMAS: Final = re.compile(rf"{NAME}(?:\s*,\s+{NAME})+")
IN: Final = re.compile(r"\b(?:in|at|across|throughout)\s+(?:the\s+)?$", re.IGNORECASE)
# Who works on it, and what is moved about, is somewhere else.
AT_WORK: Final = re.compile(
    r"\b(?:engineers?|technicians?|teams?|crews?|specialists?|colleagues|experts?|suppliers?|providers?|vendors?|"
    r"data cent(?:re|er)s?|traffic|spares?|between|check(?:s|ed|ing)?|compar(?:e|es|ed|ing)|inspect(?:s|ed|ing)?)\b"
    r"[^.;,\n]{0,25}$",
    re.IGNORECASE,
)
# Where a service runs says nothing of who is affected: “Payroll runs in Frankfurt and Ireland”.
HOSTED: Final = re.compile(
    r"(?<!not )(?<!nothing )(?<!no longer )\b"
    r"(?:runs?|(?:is|are|was|were)\s+(?:\w+\s+)?(?:hosted|housed|run|stored|kept|served|operated))"
    r"\s+(?:both\s+|only\s+)?(?:in|from|at|out of)\s+(?:the\s+|our\s+)?[^.;\n]{0,40}$",
    re.IGNORECASE,
)
WHOSE: Final = re.compile(r"\bwhose\b", re.IGNORECASE)  # “customers whose accounts are run from Leeds”
PART_OF: Final = re.compile(
    r"\b(?:(?:most|half|many|some|several|a third|a quarter|the majority) of (?:them|these|those|whom|you|us)|mainly|"
    r"mostly|chiefly|especially|particularly|above all|including|such as|for example|among them)\b[^.;\n]{0,60}$",
    re.IGNORECASE,
)
JOINED: Final = re.compile(r"\b(?:and|or|nor|plus|as well as|to)\b|[&,/+]", re.IGNORECASE)
TELLS: Final = re.compile(
    r"\b(?:t(?:old|ell(?:s|ing)?)|inform(?:s|ed|ing)?|notif(?:y|ies|ied)|"
    r"wr(?:ote|ite(?! (?:latency|speeds?|times?|operations?|requests?|errors?)\b)|iting|itten)|"
    r"(?:another|next|this) (?:message|update))\b",
    re.I,
)
WORKS: Final = re.compile(r"\b(?:works?|working|runs?|running|back|online|normal(?:ly)?|fine|open|again)\b", re.I)
QUOTED: Final = re.compile(r"[“„«\"][^“”„«»\"\n]{0,80}[”“»\"]")  # what others say or screens show
OF_THEM: Final = re.compile(r"\bof (?:them|these|those|you|us) $", re.IGNORECASE)
NO_PLACE: Final = recorded.listed(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december utc gmt update english"
)


# “Kindly release the trains from Jhansi”: what readers shall do there.
REQUEST: Final = re.compile(r"\s*[*_]*(?:please|kindly)\b", re.IGNORECASE)
DESTINED: Final = re.compile(r"\b(?:to|from)\s+(?:the\s+|our\s+)$", re.IGNORECASE)  # “send backups to the Leeds vault”
PLEASE: Final = re.compile(r"\b(?:please|kindly)\b", re.IGNORECASE)
IN_BRACKETS: Final = re.compile(r"[^.;()\n]{0,60}\((?P<inside>[^()\n]*)\)")
COMMON: Final = re.compile(
    r"(?:All|Every|Some|Most|Both|Only|The|Our|Any|Each|Not|No|Head|Online|Web|Mobile)\b.*", re.S
)
# A field that says where: “Where: Leeds”, “Affected sites:”, or a heading of its own.
WHERE: Final = re.compile(
    r"(?i)[*_#(]*(?:\w[.)]\s+)?[*_]*(?:where|places?|locations?|sites?|regions?|(?:affected|impacted|concerned)\s+\w+|"
    r"\w+\s+(?:affected|impacted|concerned))[*_]*\s*(?:[:?][*_]*|$)"
)
# Between two places of one list.
BETWEEN: Final = re.compile(r"\s*(?:,|&|/|(?:,\s*)?\b(?:and|or)\b)\s*(?:in\s+)?(?:the\s+)?", re.IGNORECASE)
# “The Troy clinic can book”: no condition, nobody, nor what has yet to be.
CAN: Final = re.compile(
    r"(?i)^(?!.*\b(?:nobody|no one|none|nothing|unless|if|until|when|once|before|whether|so that|only|again)\b)"
    r".*?\bcan\s+(?!not\b|be\b)(\w[^.;,\n]*)"
)
