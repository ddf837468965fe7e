"""Updates as other people write them: a logistics company and a game studio."""

# ruff: noqa: E501 -- one message is one string

from bench.gate_data.stranger import Stranger, record

LOGISTICS = Stranger(
    name="Hansaweg Logistics",
    zone="Europe/Berlin",
    language="en-GB",
    recorded=record(
        "Europe/Berlin",
        (17, 50),
        service="Parcel Scan",
        who="depot staff",
        activity="scan parcels in or out",
        count="640 depot staff",
        where="Rotterdam, Antwerp, Lyon, Milan, Poznan and Brno",
        not_affected="Hamburg, Madrid, Gothenburg and Vienna; Route Planner and Customs Desk",
        workaround="Write parcel numbers on the paper list (form P7), load by route label, and scan them later",
        other_texts=(
            "Six depots in six countries are affected: the Netherlands, Belgium, France, Italy, Poland and Czechia.",
            "118,000 parcels are waiting to be scanned.",
            "27 of 90 evening departures are held: 30 per cent, nearly a third.",
            "Waiting parcels by depot: Rotterdam 41,000; Antwerp 22,000; Lyon 19,000; Milan 17,000; Poznan 11,000; "
            "Brno 8,000.",
            "Refunds for late parcels may reach €340,000.",
            "Handheld scanners show 'Server busy, try again (PS-88)'. Restarting the scanner does not help.",
            "A notice on the depot screens said 460 depot staff; the right number is 640.",
            "18:05 (UTC+1) major incident declared. 19:40 (UTC+1) cause confirmed: a damaged database index. "
            "20:15 (UTC+1) rebuild of the index started. 21:00 (UTC+1) rebuild two thirds complete.",
            "Duration when restored at 21:20 (UTC+1): 3 hours 30 minutes, three and a half hours.",
            "Parcels on paper lists still have to be scanned by 06:00 (UTC+1) tomorrow.",
            "Depot help line: +49 40 5550 0188.",
        ),
        priority="P1",
        reference="MI-2026-0277",
    ),
    services=("Parcel Scan", "Route Planner", "Customs Desk", "Fleet Tracker", "Warehouse Stock", "Time Clock"),
    sites=(
        "Rotterdam",
        "Antwerp",
        "Lyon",
        "Milan",
        "Poznan",
        "Brno",
        "Hamburg",
        "Madrid",
        "Gothenburg",
        "Vienna",
        "Lisbon",
        "Zurich",
    ),
    glossary={"PS-88": "the number of the error on the scanner", "P7": "the paper list for parcels"},
    messages=(
        (
            "initial",
            "end_users",
            "Parcel Scan: depot staff cannot scan parcels in or out",
            "640 depot staff have been unable to scan parcels in or out with Parcel Scan since 17:50 (UTC+1). Depots"
            " affected: Rotterdam, Antwerp, Lyon, Milan, Poznan and Brno. Route Planner and Customs Desk are working"
            " normally. [[Please write parcel numbers on form P7 and load by route label. Keep the form, because the"
            " parcels must be scanned later. ]]<<Specialists are investigating.>> Next update: 22:30 (UTC+1)."
            " Reference: MI-2026-0277.",
        ),
        (
            "update",
            "end_users",
            "Parcel Scan: depot staff still cannot scan parcels in or out",
            "Update, MI-2026-0277\n"
            "- 640 depot staff (not 460, as the depot screens said) still cannot scan parcels in or out.\n"
            "- It began at 5:50 pm (UTC+1) in six depots: Rotterdam (Netherlands), Antwerp (Belgium), Lyon (France),"
            " Milan (Italy), Poznan (Poland) and Brno (Czechia).\n"
            "- Hamburg, Madrid, Gothenburg and Vienna are scanning as usual.\n"
            "[[- Keep using form P7. Do not restart your scanner when it shows 'Server busy, try again (PS-88)',"
            " because it does not help.\n]]"
            "- <<The repair of Parcel Scan began at 20:15 (UTC+1) and is two thirds complete.>>\n"
            "- Next update: 22:30 (UTC+1).",
        ),
        (
            "update",
            "service_owners",
            "Parcel Scan: depot staff cannot scan parcels in or out",
            "Parcel Scan (P1, MI-2026-0277), all times UTC+1\n\n"
            "Since 17:50, 640 depot staff have been unable to scan parcels in or out. In total, 118,000 parcels are"
            " waiting:\n\n"
            "Rotterdam  41,000\n"
            "Antwerp    22,000\n"
            "Lyon       19,000\n"
            "Milan      17,000\n"
            "Poznan     11,000\n"
            "Brno        8,000\n\n"
            "Nearly a third of evening departures are held: 27 of 90. [[Depots are loading by route label with form"
            " P7; please keep to this until scanning is back.]] The cause is a damaged database index, confirmed at"
            " 19:40. <<A rebuild started at 20:15 and was two thirds complete at 21:00.>>\n\n"
            "Decision needed: none at present.\n"
            "Next update: 22:30.",
        ),
        (
            "update",
            "executives",
            "Parcel Scan: depot staff cannot scan parcels in or out",
            "P1, MI-2026-0277. Depot staff in six countries cannot scan parcels in or out with Parcel Scan. It started"
            " at 17:50 (UTC+1) and affects 640 depot staff. 118,000 parcels are waiting and 30 per cent of evening"
            " departures are held. Refunds for late parcels may reach €340,000. Hamburg, Madrid, Gothenburg and Vienna"
            " are not affected.\n\n"
            "<<A damaged database index is the confirmed cause, and a rebuild is under way.>> No decision is needed"
            " from you now. Next update at 22:30 (UTC+1), which is 21:30 UTC.",
        ),
        (
            "restored",
            "end_users",
            "Parcel Scan: depot staff can scan parcels in and out again",
            "Parcel Scan has worked again since 21:20 (UTC+1). For three and a half hours, from 17:50 (UTC+1), 640"
            " depot staff could not scan parcels in or out. This affected Rotterdam, Antwerp, Lyon, Milan, Poznan and"
            " Brno. [[Please scan all parcels on your"
            " form P7 by 06:00 (UTC+1) tomorrow. If PS-88 comes back, call +49 40 5550 0188. ]]<<We are watching"
            " Parcel Scan through the night.>> We are sorry for the extra work, and thank you for keeping parcels"
            " moving. Reference: MI-2026-0277.",
        ),
    ),
    restored=(21, 20),
    slips=(
        ("wrong number", "118,000 parcels", "181,000 parcels"),
        ("wrong number", "Rotterdam  41,000", "Rotterdam  14,000"),
        ("wrong number in words", "Depot staff in six countries", "Depot staff in nine countries"),
        ("wrong percentage", "30 per cent of evening", "60 per cent of evening"),
        ("wrong place", "Lyon, Milan, Poznan and Brno", "Lyon, Milan, Vienna and Brno"),
        ("wrong place", "Hamburg, Madrid, Gothenburg and Vienna", "Hamburg, Antwerp, Gothenburg and Vienna"),
        ("wrong service", "with Parcel Scan", "with Route Planner"),
        ("wrong start", "5:50 pm (UTC+1)", "6:50 pm (UTC+1)"),
        ("wrong zone", "since 17:50 (UTC+1)", "since 17:50 (UTC+3)"),
        ("wrong next time", "ext update: 22:30", "ext update: 23:30"),
        ("wrong restored time", "since 21:20 (UTC+1)", "since 20:20 (UTC+1)"),
        ("wrong priority", "P1, MI-2026-0277", "P3, MI-2026-0277"),
        ("wrong money", "€340,000", "€430,000"),
    ),
    grammar=(),
    misspellings=(),
)

GAMES = Stranger(
    name="Lanternfox Games",
    zone="UTC",
    language="en-US",
    recorded=record(
        "UTC",
        (16, 20),
        service="Cloud Save",
        who="players",
        activity="load saved games",
        count="1.2 million players",
        where="North America and Brazil",
        not_affected="Europe, Japan and Korea; Item Shop and Guild Chat",
        workaround="Stay in offline mode and do not reinstall the app",
        other_texts=(
            'Players see error LF-209: "Save not found".',
            "1.2 million of 3 million daily players are affected: 40%, two in five.",
            "An earlier post said 900,000 players; after a recount it is 1.2 million.",
            "18:40 UTC cause confirmed: a full index disk on 6 of 24 save shards. No save was deleted.",
            "19:15 UTC disks enlarged on 2 shards as a test; both are healthy. 4 shards remain.",
            "Read errors fell from 38,000 to 21,000 a minute between 19:15 UTC and 20:05 UTC.",
            "Lost sales stand at $85,000. No press coverage so far.",
            "The Lantern Festival event starts at 23:00 UTC. Decision on a delay is needed by 22:15 UTC.",
            "Duration when restored at 20:20 UTC: 4 hours. All 6 shards have more disk space.",
            "Each affected player gets 300 gems as thanks. Gems arrive within 48 hours.",
            "Status page: https://status.lanternfox.example",
        ),
        priority="P1",
        reference="INC-5127",
    ),
    services=("Cloud Save", "Item Shop", "Guild Chat", "Matchmaking", "Leaderboards"),
    sites=("North America", "Brazil", "Europe", "Japan", "Korea"),
    glossary={"LF-209": "the number of the error on the screen"},
    messages=(
        (
            "initial",
            "public",
            "Cloud Save: players cannot load saved games",
            "Since 16:20 UTC, 1.2 million players in North America and Brazil have been unable to load saved games from Cloud Save."
            " You may see error LF-209. Europe, Japan and Korea are fine.\n\n"
            "[[Stay in offline mode. Do not reinstall the app.\n\n]]"
            "<<We are working on the save servers.>>\n\n"
            "Next update: 21:30 UTC.",
        ),
        (
            "update",
            "public",
            "Cloud Save: players still cannot load saved games",
            "All times UTC.\n\n"
            "What: players cannot load saved games from Cloud Save\n"
            "Where: North America, Brazil\n"
            "Since: 16:20\n"
            "How many: 1.2 million, or two in five of our daily players. An earlier post said 900,000.\n"
            "OK: Item Shop, Guild Chat\n"
            "[[Do: stay in offline mode, and do not reinstall the app.\n]]"
            "<<Now: we are adding disk space to the save servers.\n>>"
            "Next update: 21:30",
        ),
        (
            "update",
            "technical",
            "Cloud Save: players cannot load saved games, 4 shards to go",
            "INC-5127 | P1 | Cloud Save\n"
            "- Impact: 1.2 million players (40% of daily players) in North America and Brazil cannot load saved games."
            " Start 16:20 UTC.\n"
            "- Cause: full index disk on 6 of 24 save shards, confirmed at 18:40 UTC.\n"
            "- Done: disks enlarged on 2 shards at 19:15 UTC, both healthy.\n"
            "- Trend: read errors down from 38,000 to 21,000 a minute at 20:05 UTC.\n"
            "- Doing: <<enlarging the disks of the remaining 4 shards.>>\n"
            "- Ask: [[hold all deployments to Cloud Save.]]\n"
            "- Next: 21:30 UTC.",
        ),
        (
            "update",
            "executives",
            "Cloud Save: players cannot load saved games, decision needed",
            "INC-5127, P1\n\n"
            "1. So what: 1.2 million players in North America and Brazil have been unable to load saved games since 16:20 UTC. That"
            " is 40% of our daily players. Europe, Japan and Korea are not affected.\n"
            "2. Money and media: lost sales stand at $85,000. There is no press coverage so far.\n"
            "3. Action: <<disk space is being added to the save servers.>> No save was deleted.\n"
            "4. Decision: [[please tell us by 22:15 UTC whether to delay the Lantern Festival event.]] It starts at"
            " 23:00 UTC.\n\n"
            "Next update: 21:30 UTC.",
        ),
        (
            "restored",
            "public",
            "Cloud Save: players can load saved games again",
            "Cloud Save is back. Players in North America and Brazil have been able to load saved games since 20:20 UTC.\n\n"
            "1.2 million players could not load saved games from 16:20 UTC, for four hours. No save was deleted.\n\n"
            "[[Close the app and open it again. Still seeing LF-209? Post in the Help tab.\n\n]]"
            "<<We are watching the servers.>> We are sorry. Each affected player gets 300 gems within 48 hours.",
        ),
    ),
    restored=(20, 20),
    slips=(
        ("wrong number", "1.2 million", "2.1 million"),
        ("wrong number", "6 of 24 save shards", "16 of 24 save shards"),
        ("wrong number in words", "two in five", "four in five"),
        ("wrong percentage", "40% of daily players", "14% of daily players"),
        ("wrong place", "in North America and Brazil", "in North America and Japan"),
        ("wrong service", "from Cloud Save", "from Leaderboards"),
        ("wrong start", "Since 16:20 UTC", "Since 18:20 UTC"),
        ("wrong next time", "Next update: 21:30 UTC", "Next update: 22:30 UTC"),
        ("wrong restored time", "games since 20:20 UTC", "games since 19:20 UTC"),
        ("wrong money", "$85,000", "$58,000"),
    ),
    grammar=(),
    misspellings=(),
)

TWELVE = (LOGISTICS, GAMES)
