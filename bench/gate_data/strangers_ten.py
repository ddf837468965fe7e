"""Updates as other people write them: plants and a school district."""

# ruff: noqa: E501 -- one message is one string

from bench.gate_data.stranger import Stranger, record

MANUFACTURER = Stranger(
    name="Lindwerk Group",
    zone="Europe/Berlin",
    language="en-GB",
    recorded=record(
        "Europe/Berlin",
        (14, 5),
        service="Line Terminal",
        who="production staff",
        activity="book finished parts or print pallet labels",
        count="about 1,850 production staff",
        where="Kassel, Zwickau, Brno and Katowice",
        not_affected="Augsburg, Graz and Dortmund; Warehouse Scanner and Payroll Online",
        workaround="write finished parts on paper form PF-12 and hand the form to the shift lead",
        other_texts=(
            "Four plants; staff: Kassel 720, Zwickau 510, Brno 380, Katowice 240",
            "12 (a dozen) of 31 lines stopped: Kassel 5 of 11, Zwickau 4 of 9, Brno 2 of 6, Katowice 1 of 5",
            "620 of 950 terminals down (65%, roughly two thirds)",
            "Message at 15:00 (UTC+1) said three plants; corrected to four",
            "Pallets without a label stay in the marked area",
            "17 of 44 truck departures late; 2,400 gearboxes not built by 21:00 (UTC+1); two customers informed",
            "Cost so far €1.9 million at 21:00 (UTC+1)",
            'Terminals show "Database not reachable (LT-2031)"',
            "Cause confirmed at 16:20 (UTC+1): a failed storage controller in the Kassel data centre",
            "Spare controller arrived at 19:40 (UTC+1), fitted at 20:15 (UTC+1); data copied back, 80% (four fifths) at "
            "21:20 (UTC+1)",
            "Network between the plants checked: 0% packet loss",
            "Night shift starts at 23:00 (UTC+1); plant managers confirm paper working by 22:45 (UTC+1)",
            "Service desk +49 30 23125 144",
            "Restored after 7 hours and 32 minutes; bookings made before 14:05 (UTC+1) complete; no lost data found",
            "Enter PF-12 forms by 06:00 (UTC+1) on Tuesday, 24 November",
        ),
        priority="P1",
        reference="MIM-26-00583",
    ),
    services=("Line Terminal", "Warehouse Scanner", "Payroll Online", "Supplier Portal", "Quality Log"),
    sites=("Kassel", "Zwickau", "Brno", "Katowice", "Augsburg", "Graz", "Dortmund", "Eindhoven"),
    glossary={"PF-12": "paper form for finished parts", "shift lead": "the person in charge of a shift"},
    messages=(
        (
            "initial",
            "end_users",
            "Line Terminal: staff cannot book finished parts or print pallet labels",
            """Line Terminal is not available in four plants.

- Who: about 1,850 production staff
- Where: Kassel, Zwickau, Brno and Katowice
- What does not work: booking finished parts and printing pallet labels
- Since: 14:05 (UTC+1) today
- Not affected: Augsburg, Graz and Dortmund; Warehouse Scanner and Payroll Online

[[What you should do
Write finished parts on paper form PF-12 and hand the form to your shift lead. Keep pallets without a label in the marked area.]]

What we are doing
<<Specialists are on the case and are checking the central systems.>>

Priority P1, reference MIM-26-00583. We will write again at 22:30 (UTC+1).""",
        ),
        (
            "update",
            "service_owners",
            "Line Terminal: four plants cannot book finished parts",
            """MIM-26-00583 (P1), Line Terminal, update 5. All times UTC+1.

Plant | Staff affected | Lines stopped
Kassel | 720 | 5 of 11
Zwickau | 510 | 4 of 9
Brno | 380 | 2 of 6
Katowice | 240 | 1 of 5
Total | 1,850 | 12 of 31

Since 14:05, these plants have been unable to book finished parts or print pallet labels. Seventeen of the 44 truck departures are late. Augsburg, Graz and Dortmund are running normally.

Cause: a failed storage controller in the Kassel data centre, confirmed at 16:20.
Progress: <<the spare was fitted at 20:15. Data is being copied back; 80% was complete at 21:20.>>
Workaround: paper form PF-12.

Decision needed: [[plant managers, please confirm by 22:45 whether your night shift (start 23:00) will work on paper.]]

The next update follows at 22:30.""",
        ),
        (
            "update",
            "technical",
            "Line Terminal: plants cannot book parts or print labels",
            """MIM-26-00583, P1, Line Terminal
13:05 UTC (14:05 UTC+1) Terminals in Kassel, Zwickau, Brno and Katowice show "Database not reachable (LT-2031)"
15:20 UTC (16:20 UTC+1) Failed storage controller confirmed, Kassel data centre
18:40 UTC (19:40 UTC+1) Spare controller on site
19:15 UTC (20:15 UTC+1) Spare fitted, copy started
20:20 UTC (21:20 UTC+1) <<Copy 80% complete>>; 620 of 950 terminals still down
Ruled out: network between the plants (0% packet loss)
Ask: [[keep all batch jobs stopped until the copy is complete]]
Next update 21:30 UTC (22:30 UTC+1).""",
        ),
        (
            "update",
            "end_users",
            "Line Terminal: you still cannot book finished parts",
            """Correction: at 15:00 (UTC+1) we wrote that three plants were affected. There are four: Kassel, Zwickau, Brno and Katowice. About 1,850 colleagues have not been able to book finished parts or print pallet labels in Line Terminal since 14:05 (UTC+1).

<<A failed storage part has been replaced, and we are copying the data back. Four fifths of it had been copied by 21:20 (UTC+1).>>

[[Please carry on with paper form PF-12. If you have questions, call the service desk on +49 30 23125 144.]]

In Augsburg, Graz and Dortmund, everything works as usual.

The next message comes at 22:30 (UTC+1).""",
        ),
        (
            "update",
            "executives",
            "Line Terminal: four plants cannot book finished parts",
            """Roughly two thirds of our terminals have been down since five past two this afternoon (14:05, UTC+1). About 1,850 staff in Kassel, Zwickau, Brno and Katowice cannot book finished parts or print pallet labels in Line Terminal.

Production: a dozen of our 31 lines are standing still, and 2,400 gearboxes had not been built by 21:00 (UTC+1).
Customers: 17 of 44 truck departures are late; two customers have been informed.
Cost so far: €1.9 million at 21:00 (UTC+1).
Action: <<the failed storage controller has been replaced, and the data is being copied back (80% complete).>>
Decision: none for you. Plant managers decide on the night shift by 22:45 (UTC+1).
Reference: MIM-26-00583, P1.

We will update you at 22:30 (UTC+1).""",
        ),
        (
            "restored",
            "end_users",
            "Line Terminal: you can book finished parts again",
            """Line Terminal has been working again since 21:37 (UTC+1) in all four plants: Kassel, Zwickau, Brno and Katowice. From 14:05 (UTC+1), about 1,850 of you could not book finished parts or print pallet labels. The outage lasted 7 hours and 32 minutes.

[[What to do
1. Restart your terminal.
2. Enter today's PF-12 forms by 06:00 (UTC+1) on Tuesday, 24 November.
3. Print the missing pallet labels.
If it still does not work, call the service desk on +49 30 23125 144.]]

Bookings made before 14:05 (UTC+1) are complete, and we have found no lost data. <<We are watching the system during the night shift.>> We apologise for the extra work. This is the last message unless something changes.""",
        ),
    ),
    restored=(21, 37),
    slips=(
        ("wrong number", "1,850", "1,580"),
        ("wrong number", "620 of 950", "260 of 950"),
        ("wrong number", "Zwickau | 510", "Zwickau | 150"),
        ("wrong number", "17 of 44", "34 of 44"),
        ("wrong number", "7 hours and 32 minutes", "5 hours and 32 minutes"),
        ("wrong number in words", "Roughly two thirds", "Roughly one third"),
        ("wrong priority", "P1", "P3"),
        ("wrong number in words", "a dozen of our 31 lines", "two dozen of our 31 lines"),
        ("wrong percentage", "80%", "50%"),
        ("wrong place", "Kassel, Zwickau, Brno and Katowice", "Kassel, Zwickau, Graz and Katowice"),
        ("wrong place", "Augsburg, Graz and Dortmund", "Augsburg, Brno and Dortmund"),
        ("wrong service", "Line Terminal has been working", "Quality Log has been working"),
        ("wrong service", "labels in Line Terminal", "labels in Supplier Portal"),
        ("wrong start", "since 14:05", "since 15:04"),
        ("wrong start", "13:05 UTC (14:05 UTC+1)", "12:05 UTC (13:05 UTC+1)"),
        ("wrong zone", "14:05 (UTC+1)", "14:05 (UTC+2)"),
        ("wrong next time", "22:30 (UTC+1)", "23:30 (UTC+1)"),
        ("wrong restored time", "since 21:37", "since 19:37"),
        ("wrong reference", "MIM-26-00583", "MIM-26-00538"),
        ("wrong money", "€1.9 million", "€9.1 million"),
    ),
    grammar=(
        ("Specialists are on the case", "Specialists is on the case"),
        ("has been replaced, and", "has been replace, and"),
        ("There are four", "There is four"),
        ("we have found no lost data", "we have find no lost data"),
    ),
    misspellings=(
        ("available", "availible"),
        ("pallet", "pallat"),
        ("terminals", "terminalls"),
        ("apologise", "apologyse"),
        ("departures", "depatures"),
    ),
)

SCHOOLS = Stranger(
    name="Mesa Vista School District",
    zone="America/Los_Angeles",
    language="en-US",
    recorded=record(
        "America/Los_Angeles",
        (8, 10),
        service="Classroom Online",
        who="students and teachers",
        activity="sign in or turn in assignments",
        count="about 8,700 students and 410 teachers",
        where="Ridgeview High, Cedar Grove High, Alder Creek Middle, Sunnyside Middle, and Orchard Online Academy",
        not_affected="Harbor High, Juniper Elementary, and Foothill Elementary; Parent Portal, Bus Tracker, and Lunch Pay",
        workaround="read lessons in the Offline Reader app, or pick up a printed packet at the school office",
        other_texts=(
            "Five of eight schools; 8,700 of 14,500 students (60%, six in ten)",
            "Students affected: Ridgeview High 2,550, Cedar Grove High 2,100, Alder Creek Middle 1,150, Sunnyside Middle 980, "
            "Orchard Online Academy 1,920",
            "At 12:15 p.m. (UTC-8), 2,900 students (one third) at Sunnyside Middle and Orchard Online Academy could sign in "
            "again; 5,800 students at the other three schools could not; schools are let back in one at a time",
            'Error message "We could not verify your account (E-417)"; resetting the password does not help',
            "Work due today is now due Wednesday, November 25, at 11:59 p.m. (UTC-8)",
            "Benchmark test for 1,260 students moved to Tuesday, December 1",
            "640 calls by 12:30 p.m. (UTC-8), 350 of them (more than half) from Ridgeview High",
            "Cost of printed packets $3,200",
            "A local TV station called at 11:20 a.m. (UTC-8)",
            "Decision by 2:00 p.m. (UTC-8): hold evening tutoring (6:00 p.m. (UTC-8)) by phone",
            "Cause confirmed: the sign-in database ran out of connections; more connections added at 11:50 a.m. (UTC-8)",
            "Family Help Line +1 213 555 0182; status page mesavista.example/status",
            "Restored after 4 hours 28 minutes; work saved before 8:10 a.m. (UTC-8) is there, nothing found missing",
        ),
        priority="P2",
        reference="INC-20461",
    ),
    services=("Classroom Online", "Parent Portal", "Bus Tracker", "Lunch Pay", "Grade Book", "Offline Reader"),
    sites=(
        "Ridgeview High",
        "Cedar Grove High",
        "Harbor High",
        "Alder Creek Middle",
        "Sunnyside Middle",
        "Juniper Elementary",
        "Foothill Elementary",
        "Orchard Online Academy",
    ),
    glossary={"TV": "television", "packet": "printed lessons", "Benchmark test": "district test in the fall"},
    messages=(
        (
            "holding",
            "public",
            "Classroom Online: students and teachers cannot sign in",
            """We know that students and teachers at five of our eight schools cannot sign in to Classroom Online. The problem started at 8:10 a.m. (UTC-8).

<<We are looking into it now.>>

[[You do not need to reset your password.]]

We will post an update on mesavista.example/status at 1:30 p.m. (UTC-8).""",
        ),
        (
            "initial",
            "end_users",
            "Classroom Online: you cannot sign in or turn in assignments",
            """Dear students, families, and teachers,

Since 8:10 this morning (UTC-8), about 8,700 students and 410 teachers have not been able to sign in to Classroom Online. They cannot turn in assignments and see the message "We could not verify your account (E-417)."

Affected: Ridgeview High, Cedar Grove High, Alder Creek Middle, Sunnyside Middle, and Orchard Online Academy.
Not affected: Harbor High and our elementary schools (Juniper and Foothill). Parent Portal and Bus Tracker work as usual.

[[Please read today's lessons in the Offline Reader app, or pick up a printed packet at the school office. Do not reset your password.]]

<<Our technology team is working on it.>> Our next message will come at 1:30 p.m. (UTC-8).

Reference: INC-20461 (P2).""",
        ),
        (
            "update",
            "public",
            "Classroom Online: students at three schools still cannot sign in",
            """One third of the students affected (2,900 of 8,700) can sign in to Classroom Online again. They attend Sunnyside Middle and Orchard Online Academy. Ridgeview High, Cedar Grove High, and Alder Creek Middle are still waiting. The problem began at 8:10 a.m. (UTC-8).

<<We are letting schools back in one at a time.>>

[[Please use the Offline Reader app or a printed packet. Work due today is now due Wednesday, November 25, at 11:59 p.m. (UTC-8).]]

Next update: 1:30 p.m. (UTC-8).""",
        ),
        (
            "update",
            "service_desk",
            "Classroom Online: students cannot sign in or turn in assignments",
            """Family Help Line notes for INC-20461 (P2). All times UTC-8.

SITUATION
Classroom Online has been down since 8:10 a.m. for 8,700 students and 410 teachers.
Back at 12:15 p.m.: Sunnyside Middle (980 students) and Orchard Online Academy (1,920).
Still out: Ridgeview High (2,550), Cedar Grove High (2,100), and Alder Creek Middle (1,150), or 5,800 students in total.

[[WHAT TO SAY
- "Please use the Offline Reader app, or pick up a printed packet at the school office."
- "Resetting your password will not help."
- "Work due today is now due Wednesday, November 25, at 11:59 p.m."
- "The benchmark test has moved to Tuesday, December 1." This concerns 1,260 students.

WHAT TO LOG
School, grade, and whether the caller sees code E-417.

WHAT NOT TO PROMISE
A time when a school will be back.]]

<<More connections were added to the sign-in database at 11:50 a.m., and schools are being let back in one at a time.>>

Calls so far: 640 by 12:30 p.m., more than half of them (350) from Ridgeview High. Harbor High, Juniper Elementary, and Foothill Elementary are not affected.

Next notes at 1:30 p.m.""",
        ),
        (
            "update",
            "executives",
            "Classroom Online: six in ten students could not sign in",
            """Learning: at 8:10 a.m. (UTC-8), six in ten of our students (8,700 of 14,500) lost access to Classroom Online, along with 410 teachers. Two of the five schools returned at 12:15 p.m. (UTC-8). That leaves 5,800 students who cannot sign in or turn in assignments.

Testing: the benchmark test for 1,260 students moved to Tuesday, December 1.
Money: printed packets have cost $3,200.
Media: a local TV station called at 11:20 a.m. (UTC-8).
Action: <<the sign-in database ran out of connections. We added more and are letting schools back in one at a time.>>
Decision needed by 2:00 p.m. (UTC-8): should evening tutoring at 6:00 p.m. (UTC-8) be held by phone?

INC-20461, P2. Next update at 1:30 p.m. (UTC-8).""",
        ),
        (
            "restored",
            "end_users",
            "Classroom Online: you can sign in and turn in assignments again",
            """Good news: Classroom Online is working again at Ridgeview High, Cedar Grove High, Alder Creek Middle, Sunnyside Middle, and Orchard Online Academy. Everyone has been able to sign in since 12:38 p.m. (UTC-8). About 8,700 students and 410 teachers were affected from 8:10 a.m. (UTC-8), for up to 4 hours 28 minutes.

[[Sign out, close the app, and sign in again. Turn in today's work by Wednesday, November 25, at 11:59 p.m. (UTC-8). If you cannot sign in, call the Family Help Line at +1 213 555 0182.]]

We have found no missing work. <<We are watching sign-ins for the rest of today.>> This is our last message unless something changes. We are sorry for the lost class time.""",
        ),
    ),
    restored=(12, 38),
    slips=(
        ("wrong number", "8,700 students", "7,800 students"),
        ("wrong number", "410 teachers", "140 teachers"),
        ("wrong number", "5,800 students", "8,500 students"),
        ("wrong number", "Ridgeview High (2,550)", "Ridgeview High (5,250)"),
        ("wrong number", "4 hours 28 minutes", "3 hours 28 minutes"),
        ("wrong number in words", "One third of the students", "One half of the students"),
        ("wrong number in words", "six in ten of our students", "nine in ten of our students"),
        ("wrong number in words", "at five of our eight schools", "at seven of our eight schools"),
        (
            "wrong place",
            "Cedar Grove High, Alder Creek Middle, Sunnyside Middle",
            "Cedar Grove High, Harbor High, Sunnyside Middle",
        ),
        ("wrong place", "They attend Sunnyside Middle", "They attend Ridgeview High"),
        ("wrong service", "sign in to Classroom Online", "sign in to Parent Portal"),
        ("wrong service", "Classroom Online is working again", "Lunch Pay is working again"),
        ("wrong start", "8:10 a.m.", "9:10 a.m."),
        ("wrong start", "Since 8:10 this morning", "Since 7:10 this morning"),
        ("wrong zone", "8:10 a.m. (UTC-8)", "8:10 a.m. (UTC-7)"),
        ("wrong next time", "1:30 p.m.", "2:30 p.m."),
        ("wrong restored time", "12:38 p.m.", "11:38 a.m."),
        ("wrong priority", "P2", "P4"),
        ("wrong reference", "INC-20461", "INC-20641"),
        ("wrong money", "$3,200", "$32,000"),
    ),
    grammar=(
        ("teachers have not been able", "teachers has not been able"),
        ("We know that students", "We knows that students"),
        ("were affected from", "was affected from"),
        ("schools are being let back", "schools is being let back"),
    ),
    misspellings=(
        ("assignments", "assignmants"),
        ("password", "pasword"),
        ("printed", "prinnted"),
        ("affected", "afected"),
        ("morning", "mornning"),
    ),
)

TEN = (MANUFACTURER, SCHOOLS)
