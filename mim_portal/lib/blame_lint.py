"""Finds words that pass blame, in what leaves the room and in reviews (rules B00 to B11).

The lint suggests and the author decides. What the practice itself owns ("we did not keep the 14:30 promise") passes:
accountability is not blame. Quoted text, code, machines and technical terms pass too.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mim_portal.lib import findings, surname_words
from mim_portal.lib.findings import ERROR, WARNING, Finding

# Terms of the trade that contain a word of the rules.
TECHNICAL_TERMS: Final = re.compile(
    r"\b(?:fault[- ](?:toleran(?:t|ce)|domains?|injection|isolation|codes?|reports?|finding)|"
    r"(?:page|segmentation|seg|bus|hardware|power|line|cable|earth|ground|disk|memory|network) faults?|"
    r"faults? (?:log|line)s?|(?:user|operator)[- ]errors? (?:handlers?|rates?|codes?|messages?|class(?:es)?|pages?|"
    r"screens?)|(?:clearly|obviously) (?:label|mark|nam|visib|defin|document|separat)\w*|"
    r"disaster[- ]recovery|chaos[- ](?:engineering|monkey|testing|experiments?)|git blame|blame[- ](?:free|less)|"
    r"no[- ]blame|blameless|default(?:s|ed)?|missed (?:calls?|packets?|heartbeats?|polls?))\b",
    re.IGNORECASE,
)
QUOTED: Final = re.compile(
    r"```.*?```|`[^`\n]+`|^[ \t]*>[^\n]*$|\"[^\"\n]+\"|“[^”\n]+”|«[^»\n]+»",
    re.DOTALL | re.MULTILINE,
)

_PEOPLE: Final = (
    r"(?:he|she|they|someone|somebody|engineers?|operators?|admins?|administrators?|developers?|analysts?|"
    # An agent alone is a program.
    r"(?:desk|support|service|call) agents?|"
    r"technicians?|managers?|staff|employees?|colleagues?|contractors?|persons?|people|teams?|desk|vendors?|"
    r"suppliers?|providers?|dbas?|responders?|(?:team|shift|tech|technical|release|incident) leads?|specialists?|"
    r"testers?|architects?|consultants?|(?:team|crew) members?|(?:day|night|early|late|weekend) shifts?)"
)
# Those who run the service: what its users do by mistake is impact.
_STAFF: Final = (
    r"(?:someone|somebody|engineers?|operators?|admins?|administrators?|developers?|technicians?|managers?|employees?|"
    r"colleagues?|contractors?|teams?|crews?|desk|vendors?|suppliers?|providers?|dbas?|"
    r"(?:day|night|early|late|weekend) shifts?)"
    # “The manager cluster” is a machine.
    r"(?!\s+(?:clusters?|nodes?|servers?|hosts?|accounts?|consoles?|portals?|tools?|services?)\b)"
)
# What is a wrong deed whoever did it: “pushed an untested change”, “deleted the wrong volume”.
WRONG_DEED: Final = (
    r"(?:made|did|pushed|deployed|released|shipped|applied|installed|merged|entered|loaded|rolled\s+out|put\s+in|ran|"
    r"used|chose|set|sent|gave)\s+(?:an?|the|some|several)\s+(?:\w+\s+){0,2}?"
    r"(?:wrong|bad|faulty|untested|incorrect|broken|unapproved|unreviewed|unauthori[sz]ed|unannounced|unplanned|"
    r"premature|careless|mistaken|stupid|mistakes?|errors?|slips?)\b|"
    r"(?:deleted|removed|overwrote|stopped|shut\s+down|switched\s+off|unplugged|disconnected|changed|restarted|cut|"
    r"touched|rebooted|\w+ed)\s+the\s+wrong\b(?!-)|"
    r"left\s+(?:an?|the)\s+(?:[\w-]+\s+){1,3}?(?:on|enabled|disabled|unlocked|unattended|unprotected|exposed)\b|"
    r"(?:let|have\s+let|has\s+let)\s+(?:us|you|them|everyone|everybody|customers|users|people)\s+down|"
    r"(?:is|are|was|were)\s+(?:solely\s+|fully\s+|entirely\s+)?(?:to\s+blame|at\s+fault|careless|negligent|"
    r"responsible\s+for\s+(?:this|the)\s+(?:outage|incident|failure|problem|disruption|delay|loss|mistake|error)|"
    r"(?:far\s+|much\s+)?too\s+(?:slow|late))|"
    r"(?:reacted|answered|responded|acted)\s+(?:far\s+|much\s+)?too\s+(?:slowly|late)"
)
# Who decided, or when, stands in the same sentence.
_SAYS_WHO_OR_WHEN: Final = r"(?![^.!?\n]*\b(?:by the|\d{1,2}[:.]\d{2})\b)"
# What readers would have met is impact: “users would have seen an error”.
_NOT_READERS: Final = r"(?<!you )(?<!users )(?<!customers )(?<!visitors )(?<!callers )"
# What people cannot do in an outage is impact, not blame: “staff failed to log in”.
_USER_ACTIVITY: Final = r"(?:log|sign|connect|access|submit|load|open|pay|print|reach|register|book|order)\b"
_PARTICIPLE: Final = (
    r"(?:\w+ed|been|done|known|seen|told|taken|given|made|kept|sent|had|gone|thought|caught|found|left|put|set|read|"
    r"run|shut|written|chosen|spoken|brought|built|understood|shown|held|led|lost|felt|met|spent|begun|drawn|driven|"
    r"grown|thrown|dealt|meant|paid|said|stood|cut|hit|let|split|come|become|stuck|won|sought|fallen|frozen|broken)"
)


def _rule(code: str, severity: str, pattern: str, message: str) -> tuple[str, str, re.Pattern[str], str]:
    """One rule: code, severity, what it looks for, and what the author is told."""
    return code, severity, re.compile(pattern, re.IGNORECASE), message


_RULES: Final = (
    _rule(
        "B00",
        ERROR,
        r"(?<![\w.@/])@[A-Za-z][\w.-]+|\b(?:he|she)\s+(?:had\s+|has\s+|was\s+)?(?:\w+ed|did|forgot|made|ran|took)\b",
        "This points at a person. Name the role, for example “the on-call database engineer”.",
    ),
    _rule(
        "B01",
        ERROR,
        r"\b(?:blam(?:e|es|ed|ing)|at fault|(?:\w+['’]s?|their|his|her|your|its)\s+(?:own\s+)?faults?|culprits?|"
        r"let (?:us|you|them|everyone) down|guilty|fingers? (?:is |are )?point(?:s|ed|ing)? (?:at|to)|the buck stops|"
        r"(?:the|all) (?:fault|blame) (?:lies?|lay|rests?|sits?)|"
        r"(?:can|could|have|had) (?:only )?(?:thank|(?:the|our) (?:\w+ ){1,3}to thank)"
        r"(?: [\w-]+){0,5} for (?:this|the|it)|"
        r"(?:entirely|squarely|all) on (?:the|our)(?: \w+){0,2} (?:teams?|desk)|"
        r"(?:this|that)(?: one)? (?:is|was) (?:down to|on) (?:the|our)(?: \w+){0,2} "
        r"(?:teams?|desk|vendor|supplier|provider|contractor|crew|people|engineers?|operators?)"
        r"(?!['’]s| \w+(?:board|list|page|path|line))|"
        r"(?:lies?|lay|rests?|sits?) (?:squarely|entirely|solely|only|fully) with (?:the|our)? ?(?:\w+ ){0,2}"
        r"(?:teams?|desk|vendor|supplier|provider|engineers?|operators?|operations)|"
        r"(?:group|teams?|department|unit|crew|desk) (?:is|are|was|were) (?:\w+ly )?responsible for (?:this|the) "
        r"(?:outage|incident|failure|problem|disruption|delay|loss(?:es)?|mistake|error)|"
        r"(?:teams?|desk|vendor|supplier|provider|engineer|operator|administrator|developer) caused (?:the|this|an?) "
        r"(?:outage|incident|failure|problem|disruption|delay|loss))\b",
        "This says whose fault it was. State the condition: “X was configured so that …”.",
    ),
    _rule(
        "B02",
        ERROR,
        r"\b(?:(?:human|operator|user|manual|pilot|admin|administrator|engineer|typing) (?:errors?|mistakes?|slips?)|"
        r"(?:person|engineer|operator|administrator|developer|technician|colleague|someone|somebody)['’]s "
        r"(?:\w+ )?(?:mistake|error|slip|typo|blunder|oversight)|"
        r"human (?:failures?|failings?|oversights?|lapses?)|"
        r"(?:errors?|mistakes?|slips?|typos?|oversights?|lapses?|blunders?) (?:by|made by|on the part of) "
        rf"(?:an? |the |one of (?:the|our) |our )?(?:[\w-]+ )?{_STAFF}(?!['’]s)|"
        r"fat[- ]finger(?:ed|s|ing)?)\b",
        "Human error explains nothing. Say what the tool accepted and which check was not there.",
    ),
    _rule(
        "B03",
        ERROR,
        r"\b(?:careless(?:ly|ness)?|negligen(?:t|tly|ce)|complacen(?:t|cy)|lack of (?:attention|care|diligence)|"
        r"sloppy|sloppiness|lazy|laziness|incompeten(?:t|ce)|reckless(?:ly|ness)?|inattenti(?:ve|on)|unprofessional|"
        r"shodd(?:y|ily)|amateur(?:ish|ishly)|clueless(?:ly|ness)?|half[- ]asleep|clums(?:y|ily)|indifferen(?:t|ce) to|"
        r"(?:show(?:s|ed|n)?|took|had) (?:little|no) (?:real )?interest in|"
        r"thoughtless(?:ly|ness)?|lax|slapdash|cavalier|half[- ]hearted(?:ly)?|"
        r"(?:inexperienced|untrained|unskilled|unqualified) (?:\w+ )?(?:staff|engineers?|operators?|people|colleagues?|"
        r"teams?|administrators?|technicians?|agents?)|"
        rf"{_PEOPLE}(?: \w+)? (?:handled|managed|ran|did|executed|prepared|planned|reacted|responded|communicated)"
        r"(?: [\w-]+){0,5} (?:badly|poorly)(?=[.,;!?]|$)|"
        r"(?:not|n['’]t|never) (?:take|taking|taken|treat|treating|treated) (?:\w+ ){0,4}(?:seriously|with care)|"
        r"(?:not|n['’]t|never)(?: been)? (?:pay|paying|paid) (?:\w+ )?attention|"
        r"(?:nobody|no one) (?:paid|was paying|pays) (?:\w+ )?attention|(?:did not|didn['’]t) care)\b",
        "This judges character. Give the facts: workload, alarms, interface, training.",
    ),
    _rule(
        "B04",
        ERROR,
        rf"\b(?:(?:(?<!you )(?:should|ought to)|{_NOT_READERS}(?:could|would))(?:\s+\w+ly)?"
        rf"(?:\s+(?:not|never|only))?\s+have\s+(?:(?:\w+ly|also|just)\s+)?{_PARTICIPLE}|"
        rf"(?<!you )(?:should|could|would)n['’]t\s+have\s+{_PARTICIPLE}|"
        rf"(?:(?<!you )should|{_NOT_READERS}(?:could|would))['’]ve\s+{_PARTICIPLE}|"
        rf"if only|need(?:ed)? to have\s+{_PARTICIPLE}|"
        r"(?:was|were)(?:\s+not|n['’]t)?\s+(?:supposed|meant) to|"
        r"(?<!we )had\s+(?:every|ample|plenty\s+of)\s+(?:opportunity|chance|reason|time)\s+to|"
        rf"it\s+(?:was|is)\s+(?:their|his|her|(?:the\s+)?{_PEOPLE}['’]s)\s+(?:job|duty|task|responsibility)\s+to)\b|"
        r"(?:^|(?<=[.!?]\s))had\s+[^.!?\n]{1,80}?,[^.!?\n]{0,60}?\bwould(?:\s+not|n['’]t)?\s+have\b",
        "This describes what did not happen. Describe what was visible then: “at 09:20 the runbook said …”.",
    ),
    _rule(
        "B05",
        ERROR,
        rf"\b{_PEOPLE}(?:\s+(?:on\s+(?:call|duty|shift)|(?:in|from|of|at)\s+(?:the\s+|our\s+)?\w+))?\s+"
        r"(?:(?:had|has|have|also|again|then|simply)\s+)*"
        rf"(?:failed to(?! {_USER_ACTIVITY})|forgot(?:ten)?(?:\s+to)?|ignored|missed|neglected|overlooked|omitted|"
        r"skipped|disregarded|dismissed|(?:did not|didn['’]t|never) (?:even )?(?:bother|trouble)(?:ed)?\b|"
        r"made an? (?:\w+ )?(?:mistake|error|slip)|(?:broke|botched|mis-?configured|mis-?typed)\b)|"
        rf"\b{_STAFF}\b[^.!?\n]{{0,60}}?\b(?:accidentally|inadvertently|mistakenly|by (?:mistake|accident))\b|"
        rf"\b{_STAFF}\s+(?:(?:had|has|have|also|again|then|simply|obviously|on\s+(?:call|duty))\s+)*(?:{WRONG_DEED})|"
        # “Write operations failed” is a machine.
        r"(?<!\w )\boperations (?:forgot|ignored|missed|neglected|overlooked)\b|"
        rf"\b{_STAFF}\s+(?!(?:found|noticed|detected|corrected|fixed|replaced|identified|reported|discovered)\b)"
        r"\w+(?:ed|put|set|ran|sent)\s+[^.!?\n]{1,40}?\b(?:to|into|in|on|from|at) the wrong\b(?!-)|"
        r"\b(?:nobody|no one) (?:bothered|cared|thought|remembered)\b",
        "This says that people failed. Say how it was: “the page went to a phone that was off; no second path”.",
    ),
    _rule(
        "B06",
        ERROR,
        r"\b(?:obvious(?:ly)?|clearly|simply|evident(?:ly)?|of course|needless to say|"
        r"as (?:everyone|everybody|we all|anyone|anybody) (?:knows?|knew|can see|could see)|(?:un|not )surprisingly|"
        r"(?:was|were|is|been) (?:\w+ly )?(?:foreseeable|avoidable|preventable)|"
        r"(?:in|with) hindsight|looking back|for (?:all|everyone) to see|"
        r"any(?:one|body| \w+) (?:can|could) (?:see|tell)|plain to see)\b",
        "This is hindsight. Leave the word out, or cite what could be seen at that moment.",
    ),
    _rule(
        "B07",
        ERROR,
        r"\b(?:(?:the\s+)?(?:(?:service\s+)?desk|vendors?|suppliers?|providers?|teams?|third[- ]part(?:y|ies)|"
        r"contractors?)\s+(?:did\s+not|didn['’]t|never|has\s+not|hasn['’]t|had\s+not|hadn['’]t|have\s+not|haven['’]t)\s+"
        r"(?:tell|told|warn(?:ed)?|alert(?:ed)?|send|sent|inform(?:ed)?|report(?:ed)?|provide[d]?|notify|notified|escalate[d]?|raise[d]?|"
        r"say|said|give|given|pass(?:ed)?|respond(?:ed)?|answer(?:ed)?|reply|replied)|"
        r"not (?:our|my) (?:fault|problem|responsibility|mistake)|"
        r"(?:(?:was|were) (?:never|not)|(?:had|has|have) (?:never|not) been) (?:told|informed|notified|warned)|"
        r"never told|beyond our control|"
        r"(?:nobody|no one) (?:had )?(?:told|informed|notified|warned|asked) (?:us|me|anyone)|"
        r"(?:left|kept|leaving|keeping) (?:us|me|everyone|everybody) (?:in the dark|waiting|guessing)|"
        r"(?:nobody|no one)(?: \w+){0,4} (?:told|informed|notified|warned|passed|forwarded)\b[^.!?\n]{0,40}\b(?:us|me)|"
        r"(?:desk|vendor|supplier|provider|team)s? (?:said|told us|reported|sent) (?:nothing|no word)|"
        r"(?:left|kept) (?:hanging|guessing|in the dark)(?= by\b)|left (?:us|me|everyone) hanging|"
        rf"{_PEOPLE} (?:(?:sat|was sitting|were sitting) on (?:the|our|it)|"
        r"took (?:forever|ages|(?:their|its) time(?! zone))|"
        r"(?:withheld|held back) (?:the|it|this))|"
        r"(?:nobody|no one) (?:at|from|in|on) (?:the )?(?:\w+ ){1,3}"
        r"(?:picked up|answered|replied|responded|reacted|called)|"
        r"kept \w+(?: \w+){0,3} to (?:itself|themselves))\b",
        "This passes the blame on. Say when the information came: “it reached us at hh:mm; we asked at hh:mm”.",
    ),
    _rule(
        "B08",
        WARNING,
        r"\b(?:shambles|chaos|chaotic|unacceptable|disasters?|disastrous|fiasco|debacle|nightmare|mess|catastroph\w+|"
        r"horrendous|appalling|disgrace(?:ful)?|terribl[ey]|awful|dreadful|embarrassing|farc(?:e|ical)|mayhem|carnage|"
        r"laughable|pathetic|shocking|shameful|inexcusable|ridiculous|hopeless(?:ly)?|circus|"
        r"train[- ]?wreck|car[- ]crash)\b",
        "This is a feeling, not a measure. Give the effect: who, how many, how long.",
    ),
    _rule(
        "B09",
        WARNING,
        r"\b(?:(?:the|a single|one) (?:\w+ )?(?:root|real|true|sole|only|main) cause"
        r"(?: (?:of|for|behind)(?: \w+){1,5})? (?:was|is|has been|turned out|lay|lies)\b|"
        r"(?:the|one|a) (?:single|sole|only|one|root|real|true|main) (?:cause|reason)"
        r"(?: (?:of|for|behind|why)(?: \w+){1,6}?)? (?:was|is|has been|lay|lies)\b|"
        r"(?:a|one|the) single (?:root )?cause\b|(?:one|the only|a) root cause\b|root cause ?:|"
        r"(?:outage|incident|everything|it|all|problem|failure)(?: \w+){0,2} "
        r"(?:boil(?:s|ed)|c(?:omes?|ame)) down to (?:an?|one|the)\b|"
        r"traced back to (?:one|a single|just one)\b|"
        r"there (?:was|is) (?:only |just )?(?:one|a single) (?:\w+ )?cause\b|"
        r"had (?:only |just )?(?:one|a single) (?:\w+ )?cause(?! \w)|"
        r"what (?:really )?caused (?:it|this|the \w+)(?: all)? (?:was|is)\b)",
        "Incidents have several causes. Write “contributing factors were …”.",
    ),
    _rule(
        "B10",
        WARNING,
        r"\b(?:remind(?:er|ed|ing|s)?|re-?train(?:ed|ing|s)?|be(?:ing)? more careful|more care(?:ful)?|"
        r"ensure (?:that )?(?:it|this) never happens|pay(?:ing)? more attention|double[- ]check(?:s|ed|ing)?|"
        r"(?:must|should|need to|have to|has to) be(?:come)? more (?:disciplined|attentive|diligent|thorough|alert|"
        r"conscientious)|"
        r"rais(?:e|ing) (?:\w+ )?awareness|vigilan(?:t|ce)|"
        r"(?:ask|tell|urge|instruct|brief)(?:ing)? (?:the |all |our )?(?:engineers?|operators?|administrators?|agents?|"
        r"developers?|(?:\w+ )?teams?) (?:again )?(?:to|that)|"
        r"(?:engineers|operators|administrators|developers) (?:must|should|need to|have to) "
        r"(?:always |now )?(?:be|check|follow|remember|pay|take))\b",
        "This rests on people remembering. A stronger action removes the hazard, or puts a check into the tool.",
    ),
    _rule(
        "B11",
        WARNING,
        r"\b(?:it (?:was|has been|had been) (?:then |also |later |again |first |\w+ly )?"
        r"(?:decided|agreed|assumed|felt|thought|believed|determined|considered|concluded|judged|deemed|"
        r"hoped|understood|expected|presumed|suspected)|"
        rf"(?:a|the) decision (?:was|had been) (?:made|taken)|"
        rf"(?:mistakes|errors|wrong decisions|assumptions|shortcuts) were (?:made|taken)|"
        r"corners (?:were|had been) cut|(?:was|were|had been) waved through|"
        r"(?:steps?|checks?|tests?|reviews?|approvals?) (?:was|were|had been) (?:missed|skipped|omitted|bypassed)|"
        r"the wrong (?:[\w-]+ ){1,2}(?:was|were|had been) \w+(?:ed|put|set|run|sent)|"
        r"(?:warnings?|alarms?|alerts?|signals?) (?:was|were|had been) (?:ignored|dismissed|overlooked|disregarded|"
        rf"not acted (?:up)?on)(?! by))\b{_SAYS_WHO_OR_WHEN}",
        "Nobody stands behind this sentence. Give the role, the time and what was known.",
    ),
)
ALL_CODES: Final = tuple(code for code, *_ in _RULES)

# First names that are words too: taken for a person only together with the surname.
_NAMES_THAT_ARE_WORDS: Final = frozenset(
    (
        *("will", "mark", "may", "june", "april", "august", "summer", "rose", "grace", "hope", "faith", "joy", "grant"),
        *("bill", "frank", "art", "dawn", "eve", "iris", "ivy", "jade", "lily", "pat", "rob", "sue", "ray", "dale"),
        *("glen", "cliff", "guy", "rich", "max", "chase", "drew", "miles", "penny", "ruby", "amber", "violet", "olive"),
        *("daisy", "heather", "holly", "jack", "don", "gene", "victor", "norm", "page", "wade", "lane", "reed"),
        *("paris", "london", "sydney", "florence", "austin"),
    )
)


def lint(
    text: str,
    *,
    names: Iterable[str] = (),
    allowed_names: Iterable[str] = (),
    codes: Iterable[str] = ALL_CODES,
    not_people: Iterable[str] | None = None,
) -> tuple[Finding, ...]:
    """Every hit in `text`, in its order, with the rule as code.

    `names` are the people of the directory by full name; `allowed_names` may stand in the text all the same (the
    accountable manager's contact). `codes` limits the rules that are asked. A surname alone is looked for where
    `not_people` is given: the names of places, services and teams, which may be a surname as well.
    """
    wanted = frozenset(codes)
    exempt = exempt_spans(text)
    found: list[Finding] = []
    for code, severity, pattern, message in _RULES:
        if code in wanted:
            hits = findings.outside(pattern.finditer(text), exempt)
            found += [findings.at(hit, code=code, severity=severity, message=message, rule=code) for hit in hits]
    if "B00" in wanted:
        found += _named_people(text, names=names, allowed_names=allowed_names, exempt=exempt, not_people=not_people)
    once = {(f.start, f.end, f.code): f for f in reversed(found)}  # “@rosa” is a handle and somebody's name
    return tuple(once[place] for place in sorted(once))


def exempt_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where the lint does not look: quoted logs and words, code, technical terms."""
    return tuple(m.span() for pattern in (QUOTED, TECHNICAL_TERMS) for m in pattern.finditer(text))


def _named_people(
    text: str,
    *,
    names: Iterable[str],
    allowed_names: Iterable[str],
    exempt: Iterable[tuple[int, int]],
    not_people: Iterable[str] | None,
) -> Iterator[Finding]:
    words = frozenset(re.findall(r"[^\s.,;:!?()]+", text.replace("’", " ").replace("'", " ")))
    allowed_pattern = findings.any_of(spellings(allowed_names), within=text, flags=re.NOFLAG)
    allowed = [m.span() for m in allowed_pattern.finditer(text)]
    present = [name for name in names if not words.isdisjoint(name.replace("’", " ").replace("'", " ").split())]
    pattern = findings.any_of(spellings(present), within=text, flags=re.NOFLAG)
    hits = list(findings.outside(pattern.finditer(text), [*exempt, *allowed]))
    if not_people is not None:
        others = findings.any_of(not_people, within=text, flags=re.NOFLAG)
        taken = [*exempt, *allowed, *(hit.span() for hit in hits), *(hit.span() for hit in others.finditer(text))]
        hits += findings.outside(_surnames_alone(text, present, allowed_names=allowed_names), taken)
    for hit in hits:
        message = "This names a person. Outside technical teams write the role, for example “the on-call engineer”."
        yield findings.at(hit, code="B00", severity=ERROR, message=message, rule="B00")


def _surnames_alone(text: str, names: Iterable[str], *, allowed_names: Iterable[str]) -> Iterator[re.Match[str]]:
    """Surnames that stand for a person: none that is a word or a town, nor a part of a longer name."""
    allowed = {name.split()[-1] for name in allowed_names if name.split()}
    surnames = {name.split()[-1] for name in names if len(name.split()) > 1} - allowed
    sure = [
        each for each in surnames if len(each) >= 3 and each[0].isupper() and each.casefold() not in surname_words.ALL
    ]
    for hit in findings.any_of(sure, within=text, flags=re.NOFLAG).finditer(text):
        before, after = text[max(hit.start() - 40, 0) : hit.start()], text[hit.end() :]
        is_longer = _CAPITAL_AFTER.match(after) or _CAPITAL_BEFORE.search(before)
        if not is_longer and not re.search(rf"\b{re.escape(hit.group().casefold())}\b", text):
            yield hit


_CAPITAL_AFTER: Final = re.compile(r"[ -](?:[A-ZÀ-ÖØ-Þ]\w|\d)")
_CAPITAL_BEFORE: Final = re.compile(r"[\w,] [A-ZÀ-ÖØ-Þ][\w'’.-]* $|-$")


def is_a_word(name: str) -> bool:
    """Whether this first name is a word too."""
    return name.casefold() in _NAMES_THAT_ARE_WORDS


def spellings(names: Iterable[str]) -> Iterator[str]:
    """How a person may be written: the full name, the first name alone, and the surname after a title."""
    for name in names:
        parts = name.split()
        if not parts:
            continue
        yield " ".join(parts)
        first = parts[0]
        if len(first) >= 3 and first[0].isupper() and not is_a_word(first):
            yield first
        if len(parts) > 1:
            yield from (f"{title} {parts[-1]}" for title in ("Mr", "Mr.", "Ms", "Ms.", "Mrs", "Mrs.", "Dr", "Dr."))
