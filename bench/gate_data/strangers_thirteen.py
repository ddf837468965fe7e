"""Updates as other people write them: a broadcaster and private hospitals."""

# ruff: noqa: E501 -- one message is one string

from bench.gate_data.stranger import Stranger, record

BROADCASTER = Stranger(
    name="Northlight Broadcasting",
    zone="Europe/London",
    language="en-GB",
    recorded=record(
        "Europe/London",
        (18, 5),
        service="Live Player",
        who="viewers",
        activity="watch live channels",
        count="about 310,000 viewers",
        where="Scotland, Wales and Northern Ireland",
        not_affected="England; Radio Player and Catch-Up; television through an aerial or a satellite dish",
        workaround="Watch live channels through an aerial or a satellite dish, or listen on Radio Player",
        other_texts=(
            "About 310,000 viewers of Live Player, roughly a quarter of the usual evening audience online, which is 1.24 million.",
            'The app, the website and smart televisions show "This channel is not available (NB-61)".',
            "The regional news at 18:30 (UTC+0) was missed online in three nations.",
            "19:35 (UTC+0) cause confirmed: an expired certificate on the regional video encoders. "
            "20:10 (UTC+0) new certificate installed in Wales, where channels are being tested.",
            "Earlier we said 250,000 viewers; the right figure is 310,000.",
            "840 complaints have been logged; fewer than a dozen (11) come from England and are about other matters.",
            "Three newspapers have asked for a comment. A statement to the regulator is due by 22:00 (UTC+0).",
            "The debate of the party leaders begins at 22:40 (UTC+0).",
            "Duration when restored at 20:25 (UTC+0): two hours and twenty minutes. The certificate was replaced.",
            "The missed bulletins are on Catch-Up for 30 days.",
            "Audience line: +44 20 7946 0063, open until 23:00 (UTC+0).",
        ),
        priority="P1",
        reference="MI-2026-0341",
    ),
    services=("Live Player", "Radio Player", "Catch-Up", "News Website", "Newsroom System", "Subtitles"),
    sites=("Scotland", "Wales", "Northern Ireland", "England"),
    glossary={"NB-61": "the number of the error on the screen"},
    messages=(
        (
            "initial",
            "public",
            "Live Player: viewers cannot watch live channels",
            "We are sorry that viewers in Scotland, Wales and Northern Ireland cannot watch live channels on Live Player."
            " The problem began at 6:05 pm (UTC+0) and affects about 310,000 viewers. Live Player works normally in"
            " England.\n\n"
            "[[Please watch through your aerial or satellite dish, or listen on Radio Player.\n\n]]"
            "<<Our engineers are working to restore the channels.>> Our next update follows at 9:30 pm (UTC+0).",
        ),
        (
            "update",
            "public",
            "Live Player: viewers still cannot watch live channels",
            "Live Player: update\n\n"
            "- Viewers in three nations (Scotland, Wales, Northern Ireland) still cannot watch live channels.\n"
            "- Correction: earlier we said 250,000 viewers were affected. The right figure is 310,000.\n"
            "- Catch-Up and Radio Player are working.\n"
            "[[- Please use an aerial or a satellite dish, or ring +44 20 7946 0063 for help.\n]]"
            "- <<We are testing a repair in Wales.>>\n"
            "- Next update: 21:30 (UTC+0)",
        ),
        (
            "update",
            "executives",
            "Live Player: viewers cannot watch live channels, statement due",
            "Live Player (P1, MI-2026-0341)\n\n"
            "About 310,000 viewers, roughly a quarter of our usual evening audience online, have been unable to watch"
            " live channels since 18:05 (UTC+0). Scotland, Wales and Northern Ireland are affected; England is not.\n\n"
            "The cause is an expired certificate, confirmed at 19:35 (UTC+0). <<A new one was installed in Wales at"
            " 20:10 (UTC+0) and is being tested.>>\n\n"
            "Three newspapers have asked for a comment. The debate of the party leaders begins at 22:40 (UTC+0).\n\n"
            "[[Please approve the statement to the regulator, which is due by 22:00 (UTC+0).]]\n\n"
            "Next update: 21:30 (UTC+0).",
        ),
        (
            "update",
            "service_desk",
            "Live Player: viewers cannot watch live channels - what to say",
            "For the audience line, all times UTC+0\n\n"
            "What viewers see\n"
            'The app, the website and smart televisions show "This channel is not available (NB-61)". It started at'
            " 18:05.\n\n"
            "Who\n"
            "About 310,000 viewers in Scotland, Wales and Northern Ireland. Viewers in England are not part of this.\n\n"
            "What to say\n"
            "[[- Live channels can be watched through an aerial or a satellite dish.\n"
            "- The missed regional news is on Catch-Up for 30 days.\n"
            "- Please do not promise a time for the repair.\n\n]]"
            "What to log\n"
            "Nation, device and error number, under MI-2026-0341 (P1). 840 complaints have been logged so far.\n\n"
            "What is being done\n"
            "<<A repair was made in Wales at 20:10 and is being tested.>>\n\n"
            "The line stays open until 23:00. Next update: 21:30.",
        ),
        (
            "restored",
            "public",
            "Live Player: viewers can watch live channels again",
            "Live Player is working again. Viewers in Scotland, Wales and Northern Ireland have been able to watch live"
            " channels since 8:25 pm (UTC+0).\n\n"
            "About 310,000 viewers were affected from 6:05 pm (UTC+0), for two hours and twenty minutes. We apologise."
            " The missed bulletins are on Catch-Up for 30 days.\n\n"
            "[[If you still see NB-61, please restart the app.]] <<We are keeping watch this evening.>>",
        ),
    ),
    restored=(20, 25),
    slips=(
        ("wrong number", "bout 310,000 viewers", "bout 31,000 viewers"),
        ("wrong number", "840 complaints", "480 complaints"),
        ("wrong number in words", "roughly a quarter", "roughly three quarters"),
        ("wrong place", "Scotland, Wales and Northern Ireland", "Scotland, England and Northern Ireland"),
        ("wrong service", "Live Player is working again", "Radio Player is working again"),
        ("wrong start", "began at 6:05 pm (UTC+0)", "began at 4:05 pm (UTC+0)"),
        ("wrong zone", "21:30 (UTC+0)", "21:30 (UTC+1)"),
        ("wrong next time", "9:30 pm (UTC+0)", "10:30 pm (UTC+0)"),
        ("wrong restored time", "since 8:25 pm (UTC+0)", "since 7:25 pm (UTC+0)"),
        ("wrong priority", "(P1, MI-2026-0341)", "(P3, MI-2026-0341)"),
        ("wrong reference", "MI-2026-0341", "MI-2026-0314"),
    ),
    grammar=(),
    misspellings=(),
)

HOSPITALS = Stranger(
    name="Banksia Private Hospitals IT",
    zone="Australia/Sydney",
    language="en-GB",
    recorded=record(
        "Australia/Sydney",
        (5, 40),
        service="Medication Charts",
        who="clinical staff",
        activity="open medication charts",
        count="1,150 clinical staff",
        where="Parramatta, Newcastle and Wollongong",
        not_affected="Canberra and Bendigo; Pathology Results and Theatre Bookings",
        workaround="Use the printed charts in the red ward folder and write every dose on paper",
        other_texts=(
            "1,150 of 2,300 clinical staff on shift, half (50%), cannot open medication charts.",
            "27 wards at three hospitals: Parramatta 12, Newcastle 9, Wollongong 6.",
            "The page stays blank after sign-in. Printed charts were last printed at 05:00 (UTC+11).",
            "An earlier message said 21 wards; the right number is 27.",
            "06:35 (UTC+11) cause confirmed: a failed database storage controller. "
            "07:10 (UTC+11) standby database started and being checked.",
            "The morning medication round is at 08:45 (UTC+11). 44 theatre cases start from 09:15 (UTC+11).",
            "Agency pharmacists for paper charts cost A$9,400 so far. 8 extra pharmacists are on the wards.",
            "Decision by 08:20 (UTC+11): postpone elective admissions or not. No patient harm has been reported.",
            "Duration when restored at 07:20 (UTC+11): 1 hour 40 minutes. "
            "Doses given on paper must be entered by 12:00 (UTC+11).",
            "IT Service Desk: extension 4400.",
        ),
        priority="P1",
        reference="INC0048213",
    ),
    services=(
        "Medication Charts",
        "Pathology Results",
        "Theatre Bookings",
        "Patient Admissions",
        "Staff Rostering",
        "Medical Imaging",
    ),
    sites=("Parramatta", "Newcastle", "Wollongong", "Canberra", "Bendigo", "Geelong"),
    messages=(
        (
            "initial",
            "end_users",
            "Medication Charts: clinical staff cannot open medication charts",
            "Clinical staff at Parramatta, Newcastle and Wollongong cannot open medication charts. The page stays blank"
            " after sign-in. This started at 5:40 am (UTC+11) and affects 1,150 clinical staff. Canberra and Bendigo"
            " are working as usual.\n\n"
            "[[What to do: use the printed charts in the red ward folder and write every dose on paper.\n\n]]"
            "<<We are working on the fault now.>>\n\n"
            "Next update: 8:30 am (UTC+11). Reference: INC0048213.",
        ),
        (
            "update",
            "end_users",
            "Medication Charts: clinical staff still cannot open charts",
            "Service: Medication Charts\n"
            "Impact: 1,150 clinical staff cannot open medication charts\n"
            "Hospitals: Parramatta (12 wards), Newcastle (9 wards) and Wollongong (6 wards)\n"
            "Since: 05:40 (UTC+11)\n"
            "Not affected: Pathology Results, Theatre Bookings\n"
            "Correction: an earlier message said 21 wards. The right number is 27.\n"
            "[[Before the 08:45 (UTC+11) round: take the printed charts from the red ward folder. Write every dose on"
            " paper.\n]]"
            "<<What we are doing: checking a standby system before we let you back in.\n>>"
            "Help: IT Service Desk, extension 4400\n"
            "Next update: 08:30 (UTC+11)",
        ),
        (
            "update",
            "executives",
            "Medication Charts: clinical staff cannot open charts, decision due",
            "INC0048213 (P1), Medication Charts\n\n"
            "- Half of the clinical staff on shift (1,150 of 2,300) have been unable to open medication charts"
            " since 05:40 (UTC+11).\n"
            "- 27 wards at Parramatta, Newcastle and Wollongong are on paper. Canberra and Bendigo are unaffected.\n"
            "- No patient harm has been reported. Agency pharmacists have cost A$9,400 so far.\n"
            "- Cause: a failed storage controller, confirmed at 06:35 (UTC+11).\n"
            "- <<A standby database was started at 07:10 (UTC+11) and is being checked.>>\n"
            "- [[Please decide by 08:20 (UTC+11) whether to postpone elective admissions.]]\n\n"
            "Next update: 08:30 (UTC+11).",
        ),
        (
            "update",
            "service_owners",
            "Medication Charts: clinical staff cannot open medication charts",
            "Medication Charts, P1, INC0048213\n\n"
            "Position\n"
            "1,150 clinical staff, or 50% of those on shift, have been unable to open medication charts since 05:40"
            " (UTC+11), which is 18:40 UTC.\n\n"
            "Wards on paper\n"
            "Parramatta: 12\n"
            "Newcastle: 9\n"
            "Wollongong: 6\n\n"
            "Critical times\n"
            "08:45 (UTC+11)  Morning medication round\n"
            "09:15 (UTC+11)  First of 44 theatre cases\n\n"
            "In place\n"
            "Eight extra pharmacists are on the wards. The printed charts date from 05:00 (UTC+11).\n\n"
            "In progress\n"
            "<<The standby database was started at 07:10 (UTC+11) and is being checked.>>\n\n"
            "Your part\n"
            "[[Please make sure that every ward has its red folder.]]\n\n"
            "Next update: 08:30 (UTC+11).",
        ),
        (
            "restored",
            "end_users",
            "Medication Charts: clinical staff can open charts again",
            "Medication Charts is working again. Clinical staff at Parramatta, Newcastle and Wollongong have been able to"
            " open medication charts since 7:20 am (UTC+11).\n\n"
            "The problem began at 5:40 am (UTC+11), lasted 1 hour 40 minutes and affected 1,150 clinical staff in 27"
            " wards.\n\n"
            "[[Please enter all doses given on paper by 12:00 (UTC+11) today. If a chart stays blank, ring extension"
            " 4400.\n\n]]"
            "<<We are monitoring the service.>> We apologise for the extra work, and we thank the ward teams.",
        ),
    ),
    restored=(7, 20),
    slips=(
        ("wrong number", "1,150 clinical staff", "1,510 clinical staff"),
        ("wrong number", "Newcastle (9 wards)", "Newcastle (19 wards)"),
        ("wrong number in words", "Half of the clinical staff", "A tenth of the clinical staff"),
        ("wrong percentage", "50% of those on shift", "15% of those on shift"),
        ("wrong place", "at Parramatta, Newcastle and Wollongong", "at Parramatta, Geelong and Wollongong"),
        ("wrong service", "Service: Medication Charts", "Service: Pathology Results"),
        ("wrong start", "started at 5:40 am (UTC+11)", "started at 4:50 am (UTC+11)"),
        ("wrong zone", "08:30 (UTC+11)", "08:30 (UTC+10)"),
        ("wrong restored time", "since 7:20 am (UTC+11)", "since 6:20 am (UTC+11)"),
        ("wrong money", "A$9,400", "A$94,000"),
    ),
    grammar=(),
    misspellings=(),
)

THIRTEEN = (BROADCASTER, HOSPITALS)
