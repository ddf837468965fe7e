"""Updates as other people write them: a railway and a city council."""

# ruff: noqa: E501 -- one message is one string

from bench.gate_data.stranger import Stranger, record

RAIL = Stranger(
    name="Landesbahn",
    zone="Europe/Berlin",
    language="en-GB",
    recorded=record(
        "Europe/Berlin",
        (19, 10),
        service="Ticket Shop",
        who="travellers",
        activity="buy tickets",
        count="about 38,000 travellers",
        where="Hamburg, Bremen, Hanover and Kiel",
        not_affected="Berlin, Leipzig and Dresden; Seat Reservation and Travel Planner",
        workaround="Buy a ticket from the conductor on board without a surcharge, or at a staffed counter",
        other_texts=(
            "The app and the ticket machines in four cities are affected. Trains are running to timetable.",
            "412 of 640 ticket machines in the region cannot sell tickets: 64 per cent, roughly two thirds.",
            "A station announcement said 380 machines; the right number is 412.",
            "The usual surcharge of €12 on board is waived tonight.",
            "Lost sales stand at €210,000.",
            'The app and the machines stop with "Payment could not be completed (E-417)". '
            "Failed payments are not charged.",
            "One call in five to the customer line tonight is about this.",
            "A dozen (12) extra staff are at the stations. Staffed counters are open until 23:45 (UTC+1).",
            "19:25 (UTC+1) major incident declared. 20:40 (UTC+1) cause confirmed: a failed network switch. "
            "21:05 (UTC+1) spare switch fitted, payments being tested.",
            "Two regional broadcasters have reported on it.",
            "Duration when restored at 21:25 (UTC+1): 2 hours 15 minutes. The switch has been replaced.",
            "Customer line: +49 30 5550 0142. Travel news: https://www.landesbahn.example/news",
        ),
        priority="P1",
        reference="MI-2026-0231",
    ),
    services=(
        "Ticket Shop",
        "Seat Reservation",
        "Travel Planner",
        "Station Displays",
        "Freight Booking",
        "Staff Rostering",
    ),
    sites=("Hamburg", "Bremen", "Hanover", "Kiel", "Berlin", "Leipzig", "Dresden", "Cologne", "Munich"),
    glossary={"E-417": "the number of the payment error on the screen"},
    messages=(
        (
            "initial",
            "public",
            "Ticket Shop: travellers cannot buy tickets",
            "Since 19:10 (UTC+1), about 38,000 travellers have been unable to buy tickets in the Ticket Shop. This"
            " affects the app and our machines in Hamburg, Bremen, Hanover and Kiel. Berlin, Leipzig and Dresden are"
            " not affected, and trains are running to timetable. [[Please board as usual and buy your ticket from the"
            " conductor. You pay no surcharge. ]]<<Our specialists are working on the payment connection.>>"
            " Next update: 22:30 (UTC+1). Reference: MI-2026-0231.",
        ),
        (
            "update",
            "public",
            "Ticket Shop: travellers still cannot buy tickets",
            "Update on Ticket Shop\n"
            "Problem: About 38,000 travellers cannot buy tickets. 412 of our 640 machines, roughly two thirds, are out"
            " of use.\n"
            "Where: Hamburg, Bremen, Hanover and Kiel\n"
            "Since: 7:10 pm (UTC+1)\n"
            "Working normally: Berlin, Leipzig, Dresden, Seat Reservation\n"
            "[[What you can do: Buy on board, without the usual €12 surcharge, or at a staffed counter.\n]]"
            "In progress: <<We have fitted a spare part and are testing it.>>\n"
            "Correction: A station announcement said 380 machines; the number is 412.\n"
            "Next update: 22:30 (UTC+1)",
        ),
        (
            "update",
            "executives",
            "Ticket Shop: travellers cannot buy tickets, spare part fitted",
            "MI-2026-0231, P1, as of 21:35 (UTC+1)\n\n"
            "- So what: travellers in four cities (Hamburg, Bremen, Hanover, Kiel) cannot buy tickets in the Ticket"
            " Shop. Trains are running to timetable.\n"
            "- Size: about 38,000 travellers since 19:10 (UTC+1). 64 per cent of the region's machines (412 of 640)"
            " are out of use. Lost sales stand at €210,000.\n"
            "- Cause: a failed network switch, confirmed at 20:40 (UTC+1).\n"
            "- Action: <<a spare switch was fitted at 21:05 (UTC+1) and payments are being tested.>>\n"
            "- Media: two regional broadcasters have reported on it.\n"
            "- Decision: none is needed from you now.\n\n"
            "Next update at 22:30 (UTC+1).",
        ),
        (
            "update",
            "service_desk",
            "Ticket Shop: travellers cannot buy tickets - what to tell callers",
            "What callers report\n"
            'The app or the machine stops with "Payment could not be completed (E-417)". One call in five tonight is'
            " about this.\n\n"
            "What to tell them\n"
            "[[- Board as usual and buy from the conductor. The €12 surcharge is waived.\n"
            "- Staffed counters in Hamburg, Bremen, Hanover and Kiel are open until 23:45 (UTC+1). A dozen extra"
            " staff are at the stations.\n"
            "- Failed payments are not charged.\n"
            "- Please do not promise a time for the repair.]]\n\n"
            "What to log\n"
            "Link each contact to MI-2026-0231 (P1) and note the station and the machine number. Berlin, Leipzig and"
            " Dresden are not part of this, so open a separate ticket for callers from there.\n\n"
            "Timeline (all times UTC+1)\n"
            "19:10  First payments fail\n"
            "19:25  Major incident declared\n"
            "20:40  Cause confirmed: a failed network switch\n"
            "21:05  <<Spare switch fitted, payments being tested>>\n\n"
            "Next update: 22:30 (UTC+1).",
        ),
        (
            "restored",
            "public",
            "Ticket Shop: travellers can buy tickets again",
            "The Ticket Shop has worked normally since 21:25 (UTC+1) in Hamburg, Bremen, Hanover and Kiel. For 2 hours"
            " 15 minutes from 19:10 (UTC+1), about 38,000 travellers could not buy tickets. The cause was a failed"
            " network switch, which has been replaced. Failed payments were not charged. [[If a payment still fails,"
            " please call +49 30 5550 0142. ]]<<We are watching sales through the night.>> We apologise for the"
            " disruption to your journey. This is our last message unless something changes.",
        ),
    ),
    restored=(21, 25),
    slips=(
        ("wrong number", "bout 38,000 travellers", "bout 83,000 travellers"),
        ("wrong number", "412 of our 640 machines", "214 of our 640 machines"),
        ("wrong number", "(412 of 640)", "(412 of 460)"),
        ("wrong number in words", "roughly two thirds", "roughly one third"),
        ("wrong number in words", "in four cities", "in seven cities"),
        ("wrong number in words", "One call in five", "One call in two"),
        ("wrong percentage", "64 per cent", "46 per cent"),
        ("wrong place", "Hamburg, Bremen, Hanover and Kiel", "Hamburg, Bremen, Hanover and Leipzig"),
        ("wrong place", "(Hamburg, Bremen, Hanover, Kiel)", "(Hamburg, Bremen, Dresden, Kiel)"),
        ("wrong service", "Update on Ticket Shop", "Update on Station Displays"),
        ("wrong service", "The Ticket Shop has worked", "The Travel Planner has worked"),
        ("wrong start", "Since 19:10 (UTC+1)", "Since 17:10 (UTC+1)"),
        ("wrong start", "7:10 pm (UTC+1)", "8:40 pm (UTC+1)"),
        ("wrong zone", "22:30 (UTC+1)", "22:30 (UTC+2)"),
        ("wrong next time", "Next update: 22:30 (UTC+1)", "Next update: 23:30 (UTC+1)"),
        ("wrong restored time", "since 21:25 (UTC+1)", "since 20:25 (UTC+1)"),
        ("wrong priority", "MI-2026-0231, P1", "MI-2026-0231, P2"),
        ("wrong reference", "MI-2026-0231", "MI-2026-0213"),
        ("wrong money", "€210,000", "€2.1 million"),
        ("wrong money", "€12 surcharge", "€21 surcharge"),
    ),
    grammar=(
        ("travellers have been unable", "travellers has been unable"),
        ("could not buy tickets", "could not bought tickets"),
        ("a spare switch was fitted", "a spare switch were fitted"),
        ("We are watching sales", "We is watching sales"),
    ),
    misspellings=(
        ("machines", "machiens"),
        ("conductor", "condcutor"),
        ("surcharge", "surchrage"),
        ("announcement", "annoucement"),
        ("payment", "paymnet"),
    ),
)

COUNCIL = Stranger(
    name="Wexbridge City Council",
    zone="Europe/London",
    language="en-GB",
    recorded=record(
        "Europe/London",
        (14, 5),
        service="Housing Repairs",
        who="tenants",
        activity="report repairs",
        count="2,640 tenants",
        where="Northgate, Eastfield, Millbrook and Docklands",
        not_affected="Westhill and Oldtown; Council Tax, Bin Collections and Parking Permits",
        workaround="Ring 020 7946 0018 for emergencies such as no heating, no water or a leak, at any time",
        other_texts=(
            "2,640 of 21,120 tenants, one in eight or 12.5%, cannot report repairs online.",
            "46 housing officers take repairs on paper.",
            "187 requests were taken on paper and are waiting to be entered; 23 of them are emergencies and all 23 "
            "have been passed to contractors by phone. None has been lost.",
            "Earlier we said that 140 requests were waiting; after a recount it is 187.",
            "Contractor overtime stands at £18,500.",
            "Job lists go to contractors at 06:00 (UTC+0) tomorrow. Decision on paper lists by 21:00 (UTC+0).",
            "Cause confirmed at 17:50 (UTC+0): a failed storage controller. "
            "The replacement arrived at 19:20 (UTC+0) and is being fitted.",
            "Duration when restored at 20:10 (UTC+0): 6 h 5 min, a little over six hours. The controller was replaced.",
            "Findings of the review will be shared within ten working days.",
            "Out-of-hours line: 020 7946 0018, +44 20 7946 0018.",
        ),
        priority="P2",
        reference="MI-2026-0118",
    ),
    services=(
        "Housing Repairs",
        "Council Tax",
        "Bin Collections",
        "Parking Permits",
        "Planning Portal",
        "Library Catalogue",
    ),
    sites=("Northgate", "Eastfield", "Millbrook", "Docklands", "Westhill", "Oldtown", "Civic Centre"),
    messages=(
        (
            "initial",
            "public",
            "Housing Repairs: tenants cannot report repairs",
            "Tenants cannot report repairs online in Housing Repairs. This began at 2:05 pm (UTC+0) and affects 2,640"
            " tenants of our Northgate, Eastfield, Millbrook and Docklands offices. Tenants of Westhill and Oldtown"
            " can report repairs as usual.\n\n"
            "[[If you have no heating, no water or a leak, please ring 020 7946 0018 at any time.\n\n]]"
            "<<Our technical staff are working to bring the service back.>>\n\n"
            "We will post our next update at 9:30 pm (UTC+0).",
        ),
        (
            "update",
            "end_users",
            "Housing Repairs: tenants still cannot report repairs",
            "Update on Housing Repairs (MI-2026-0118)\n\n"
            "- What has changed: <<a replacement part has arrived and is being fitted.>>\n"
            "- Who is affected: 2,640 tenants, or one tenant in eight, cannot report repairs online.\n"
            "- Where: Northgate, Eastfield, Millbrook, Docklands.\n"
            "- Since: just after 2 pm (14:05 UTC+0).\n"
            "- Still working: Council Tax, Bin Collections and Parking Permits. Tenants of Westhill and Oldtown see no"
            " difference.\n"
            "[[- What you can do: ring 020 7946 0018 for emergencies and have your address ready.\n]]"
            "- Correction: earlier we said that 140 requests were waiting. After a recount it is 187.\n"
            "- Next update: 21:30 (UTC+0).",
        ),
        (
            "update",
            "service_owners",
            "Housing Repairs: tenants cannot report repairs, decision needed",
            "Housing Repairs, P2, MI-2026-0118, as of 20:35 (UTC+0)\n\n"
            "Impact\n"
            "Since 14:05 (UTC+0), 2,640 of 21,120 tenants (12.5%) have been unable to report repairs online. 46 housing officers at"
            " Northgate, Eastfield, Millbrook and Docklands are taking repairs on paper. Westhill and Oldtown are"
            " unaffected.\n\n"
            "Backlog\n"
            "187 requests are waiting to be entered. 23 of them are emergencies, and all 23 have been passed to"
            " contractors by phone.\n\n"
            "Cost\n"
            "Contractor overtime stands at £18,500.\n\n"
            "Critical time\n"
            "Job lists go to contractors at 06:00 (UTC+0) tomorrow.\n\n"
            "Cause and work in hand\n"
            "The cause is a failed storage controller, confirmed at 17:50 (UTC+0). <<The replacement arrived at 19:20"
            " (UTC+0) and is being fitted.>>\n\n"
            "Decision for you\n"
            "[[Please confirm by 21:00 (UTC+0) whether paper lists may be used tomorrow.]]\n\n"
            "Next update: 21:30 (UTC+0).",
        ),
        (
            "restored",
            "end_users",
            "Housing Repairs: tenants can report repairs again",
            "Housing Repairs is working again. Tenants of Northgate, Eastfield, Millbrook and Docklands have been able"
            " to report repairs online since 8:10 pm (UTC+0).\n\n"
            "The problem started at 2:05 pm (UTC+0) and lasted a little over six hours. During that time, 2,640"
            " tenants could not report repairs. We hold all 187 requests that were taken on paper, and none has been"
            " lost.\n\n"
            "[[If you rang us, you do not need to report the repair again. If the page still shows an error, please"
            " ring 020 7946 0018.\n\n]]"
            "<<We are watching the service overnight.>> We are sorry for the trouble this caused. We will write again"
            " only if something changes.",
        ),
        (
            "closure",
            "service_owners",
            "Housing Repairs: closed, tenants can report repairs",
            "Closure of MI-2026-0118 (P2)\n"
            "Service: Housing Repairs\n"
            "Began: 14:05 (UTC+0)\n"
            "Restored: 20:10 (UTC+0)\n"
            "Duration: 6 h 5 min\n"
            "Affected: 2,640 tenants (one in eight) could not report repairs\n"
            "Offices: Northgate, Eastfield, Millbrook and Docklands\n"
            "Not affected: Westhill and Oldtown\n"
            "Cause: a failed storage controller, which was replaced\n"
            "Requests: 187 taken on paper, none lost\n"
            "Contractor overtime: £18,500\n"
            "[[Outstanding: Please check that all 23 emergencies have been entered.\n]]"
            "Review: Findings will be shared within ten working days.\n"
            "We apologise to you and your teams. This is the final message.",
        ),
    ),
    restored=(20, 10),
    slips=(
        ("wrong number", "2,640 tenants", "6,240 tenants"),
        ("wrong number", "46 housing officers", "64 housing officers"),
        ("wrong number", "After a recount it is 187", "After a recount it is 287"),
        ("wrong number", "We hold all 187 requests", "We hold all 817 requests"),
        ("wrong number in words", "one tenant in eight", "one tenant in three"),
        ("wrong number in words", "(one in eight)", "(one in four)"),
        ("wrong number in words", "a little over six hours", "a little over nine hours"),
        ("wrong percentage", "12.5%", "21.5%"),
        ("wrong place", "Northgate, Eastfield, Millbrook and Docklands", "Northgate, Eastfield, Oldtown and Docklands"),
        ("wrong place", "Westhill and Oldtown", "Westhill and Millbrook"),
        ("wrong service", "Update on Housing Repairs", "Update on Parking Permits"),
        ("wrong service", "Housing Repairs is working again", "Council Tax is working again"),
        ("wrong start", "at 2:05 pm (UTC+0)", "at 4:05 pm (UTC+0)"),
        ("wrong start", "Began: 14:05 (UTC+0)", "Began: 12:05 (UTC+0)"),
        ("wrong zone", "9:30 pm (UTC+0)", "9:30 pm (UTC+1)"),
        ("wrong next time", "Next update: 21:30 (UTC+0)", "Next update: 22:30 (UTC+0)"),
        ("wrong restored time", "since 8:10 pm (UTC+0)", "since 6:10 pm (UTC+0)"),
        ("wrong priority", "Housing Repairs, P2", "Housing Repairs, P3"),
        ("wrong reference", "MI-2026-0118", "MI-2026-0181"),
        ("wrong money", "£18,500", "£81,500"),
    ),
    grammar=(
        ("are taking repairs", "is taking repairs"),
        ("has arrived", "has arrive"),
        ("could not report repairs", "could not reported repairs"),
        ("staff are working to bring", "staff are working to bringing"),
    ),
    misspellings=(
        ("emergencies", "emergancies"),
        ("requests", "reqeusts"),
        ("replacement", "replacment"),
        ("contractors", "contarctors"),
        ("heating", "haeting"),
    ),
)

FIVE = (RAIL, COUNCIL)
