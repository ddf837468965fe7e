"""Updates as other people write them: an airline and a chain of stores."""

# ruff: noqa: E501 -- one message is one string

from bench.gate_data.stranger import Stranger, record

AIRLINE = Stranger(
    name="Kestrel Pacific Airways",
    zone="Australia/Sydney",
    language="en-GB",
    recorded=record(
        "Australia/Sydney",
        (5, 50),
        service="Kestrel Check-in",
        who="passengers and airport agents",
        activity="check in and print boarding passes at kiosks and desks",
        count="3,400 passengers",
        where="Sydney, Melbourne and Brisbane",
        not_affected="Perth, Adelaide and Cairns; the Kestrel App; boarding at the gate; bag drop",
        workaround=(
            "Passengers check in with the Kestrel App. Agents write paper boarding cards from the printed seat list."
        ),
        other_texts=(
            "42 departures are affected. Nine flights left late, by 25 to 55 minutes. No flight has been cancelled.",
            "The first update said 31 departures; the right number is 42 departures.",
            "17,000 passengers are booked this morning; 3,400 of them is 20%, 1 in 5.",
            "64 of our 96 kiosks are out of service, two thirds of our kiosks: "
            "Sydney 30 kiosks, Melbourne 22 kiosks, Brisbane 12 kiosks.",
            "Cost so far: A$180,000.",
            "P1 was set at 06:05 (UTC+11), 19:05 UTC.",
            "Cause confirmed at 07:05 (UTC+11), 20:05 UTC: the transaction log of the check-in database was full.",
            "Disk space was added at 07:15 (UTC+11), 20:15 UTC. Replay of the log is 70% complete.",
            "As of 07:50 (UTC+11), 20:50 UTC.",
            "Kiosks show 'Session could not be opened (KC-504)'.",
            "Public line: +61 2 5550 0142. Public page: kestrelpacific.example/flights. Staff help: extension 4400.",
            "Bag drop closes 30 minutes before departure.",
            "Duration 1 hour 50 minutes.",
            "Passengers can change a missed flight free of charge until 1 December.",
        ),
        priority="P1",
        reference="MI-2026-0241",
    ),
    services=(
        "Kestrel Check-in",
        "Kestrel App",
        "Baggage Tracker",
        "Flight Displays",
        "Crew Roster",
        "Loyalty Club",
    ),
    sites=("Sydney", "Melbourne", "Brisbane", "Perth", "Adelaide", "Cairns", "Hobart", "Darwin"),
    glossary={"DCS": "departure control system", "Kestrel Pacific": "the airline"},
    messages=(
        (
            "initial",
            "public",
            "Passengers cannot check in or print boarding passes",
            "Since 05:50 (UTC+11) today, about 3,400 passengers have not been able to check in or print boarding "
            "passes. This affects our kiosks and desks in Sydney, Melbourne and Brisbane. Perth, Adelaide and Cairns are not "
            "affected.\n\n"
            "[[If you are flying this morning, please check in with the Kestrel App before you leave home. Without a "
            "phone, please go to the desk, where our agents will write your boarding pass by hand.]]\n\n"
            "<<Our engineers are working on bringing Kestrel Check-in back.>> "
            "Our next update follows at 08:30 (UTC+11).",
        ),
        (
            "update",
            "end_users",
            "Update 1: agents cannot check in passengers or print passes",
            "To all airport agents\n\n"
            "Service: Kestrel Check-in\n"
            "Reference: MI-2026-0241\n"
            "What happens: kiosks and desks cannot check in passengers or print boarding passes. "
            'Kiosks show "Session could not be opened (KC-504)".\n'
            "Since: 5.50 am (UTC+11)\n"
            "Where: Sydney (30 kiosks), Melbourne (22 kiosks), Brisbane (12 kiosks)\n"
            "Working as usual: the Kestrel App, bag drop and boarding at the gate\n"
            "How many: 3,400 passengers on 42 departures\n"
            "[[What you should do: Write paper boarding cards from the printed seat list. Send passengers who hold a "
            "pass on their phone straight to security. For help, dial extension 4400.]]\n"
            "What we are doing: <<we are loading the stored check-in records back, and 70% of this work is "
            "complete.>>\n"
            "Next update: 8.30 am (UTC+11)",
        ),
        (
            "update",
            "technical",
            "Kestrel Check-in: check-in and boarding pass printing down",
            "MI-2026-0241, P1, DCS back end of Kestrel Check-in. State at 20:50 UTC (07:50 UTC+11).\n\n"
            "| UTC | UTC+11 | Event |\n"
            "| 18:50 UTC | 05:50 UTC+11 | first kiosk errors, KC-504 |\n"
            "| 19:05 UTC | 06:05 UTC+11 | P1 set |\n"
            "| 20:05 UTC | 07:05 UTC+11 | cause confirmed: transaction log full on the check-in database |\n"
            "| 20:15 UTC | 07:15 UTC+11 | disk space added, replay of the log started |\n\n"
            "Impact: 64 of 96 kiosks (Sydney, Melbourne and Brisbane), 42 departures. Correction: our first update "
            "said 31 departures. Perth, Adelaide and Cairns run on the other cluster and are healthy.\n"
            "Now: <<log replay at 70%; kiosks stay in maintenance mode until it ends.>>\n"
            "Ask: [[please do not restart any kiosk by hand.]]\n"
            "Next update 21:30 UTC (08:30 UTC+11).",
        ),
        (
            "update",
            "executives",
            "Passengers cannot check in at three airports",
            "Effect: passengers at three airports (Sydney, Melbourne and Brisbane) have been unable to check in or "
            "print boarding passes since 05:50 (UTC+11). Kestrel Check-in has priority P1.\n"
            "Size: 1 in 5 of this morning's 17,000 passengers, and two thirds of our kiosks. No flight has been "
            "cancelled. Nine flights left late, by between 25 and 55 minutes. The cost so far is A$180,000.\n"
            "Action: <<the check-in records are being loaded back and 70% is complete. Agents write boarding cards by "
            "hand in the meantime.>>\n"
            "Decision: [[none is needed from you at this point.]]\n"
            "We will brief you again at 08:30 (UTC+11).",
        ),
        (
            "update",
            "service_desk",
            "Passengers cannot check in: what to tell callers",
            "All times UTC+11.\n\n"
            "What callers will say\n"
            '- "The kiosk says: Session could not be opened (KC-504)."\n'
            '- "I cannot print my boarding pass."\n\n'
            "What to say\n"
            "- Kestrel Check-in has not been working at Sydney, Melbourne and Brisbane since 05:50.\n"
            "- About 20% of this morning's passengers are affected.\n"
            "- [[Ask the caller to check in with the Kestrel App, which is working.]]\n"
            "- Bag drop closes 30 minutes before departure, as always.\n"
            "- Perth, Adelaide and Cairns: no problem known. Log calls from there as new tickets.\n\n"
            "What to log: airport, kiosk number and flight, linked to MI-2026-0241. Do not promise a time for the "
            "repair.\n"
            "<<Engineers are loading the check-in records back.>> You hear from us again at 08:30.",
        ),
        (
            "holding",
            "end_users",
            "Agents still cannot check in passengers or print passes",
            "There has been no change since our last message. Kestrel Check-in is still not available at kiosks and desks in "
            "Sydney, Melbourne and Brisbane, and it has been that way since 05:50 (UTC+11). [[Please carry on with "
            "paper boarding cards.]] <<The work on the check-in records goes on.>> We will tell you more at 08:30 "
            "(UTC+11), even if nothing has changed.",
        ),
        (
            "restored",
            "public",
            "Check-in and boarding passes are working again",
            "Kestrel Check-in has been working again since 07:40 (UTC+11). From 05:50 (UTC+11), about 3,400 "
            "passengers could not check in or print boarding passes at Sydney, Melbourne and Brisbane. Nine flights "
            "left late; none was cancelled.\n\n"
            "[[You can use all kiosks and desks as usual. If you missed your flight, call +61 2 5550 0142 or visit "
            "kestrelpacific.example/flights and change it free of charge until 1 December.]]\n\n"
            "<<We are watching the service closely.>> We are sorry for the wait and the worry this morning, and thank "
            "you for your patience.",
        ),
    ),
    restored=(7, 40),
    slips=(
        ("wrong number", "3,400 passengers", "4,300 passengers"),
        ("wrong number", "42 departures", "24 departures"),
        ("wrong number in words", "two thirds of our kiosks", "a quarter of our kiosks"),
        ("wrong number in words", "Nine flights left late", "Nineteen flights left late"),
        ("wrong number in words", "1 in 5 of", "1 in 3 of"),
        ("wrong percentage", "About 20% of", "About 35% of"),
        ("wrong percentage", "70%", "90%"),
        ("wrong place", "Sydney, Melbourne and Brisbane", "Sydney, Melbourne and Perth"),
        ("wrong place", "Melbourne (22 kiosks)", "Hobart (22 kiosks)"),
        ("wrong place", "Perth, Adelaide and Cairns", "Perth, Adelaide and Brisbane"),
        ("wrong service", "Kestrel Check-in has", "Baggage Tracker has"),
        ("wrong start", "Since 05:50 (UTC+11)", "Since 04:50 (UTC+11)"),
        ("wrong start", "since 05:50", "since 04:50"),
        ("wrong start", "5.50 am (UTC+11)", "6.50 am (UTC+11)"),
        ("wrong zone", "08:30 (UTC+11)", "08:30 (UTC+10)"),
        ("wrong next time", "8.30 am (UTC+11)", "9.30 am (UTC+11)"),
        ("wrong restored time", "07:40 (UTC+11)", "07:20 (UTC+11)"),
        ("wrong priority", "P1", "P3"),
        ("wrong reference", "MI-2026-0241", "MI-2026-0214"),
        ("wrong money", "A$180,000", "A$810,000"),
    ),
    grammar=(
        ("passengers have not been able", "passengers has not been able"),
        ("kiosks and desks cannot check in", "kiosks and desks cannot checking in"),
        ("No flight has been cancelled", "No flight have been cancelled"),
        ("We are watching the service", "We is watching the service"),
    ),
    misspellings=(
        ("boarding", "bordaing"),
        ("engineers", "enginears"),
        ("printed", "prinetd"),
        ("complete", "compelte"),
        ("cancelled", "cancleled"),
    ),
)

STORES = Stranger(
    name="Harrow Creek Stores",
    zone="America/Chicago",
    language="en-US",
    recorded=record(
        "America/Chicago",
        (12, 20),
        service="Store Checkout",
        who="cashiers",
        activity="take card payments or redeem gift cards",
        count="118 stores",
        where="Dallas, Fort Worth, Tulsa and Wichita",
        not_affected="Omaha, Little Rock and Springfield; cash payments; Curbside Pickup; Pharmacy Desk",
        workaround=(
            "Take cash, or switch the register to offline card mode, which accepts up to $75 per sale. "
            "Gift cards cannot be redeemed offline."
        ),
        other_texts=(
            "118 of our 312 stores, 38%, more than a third, more than a hundred; 1,450 registers.",
            "Dallas 46 stores, Fort Worth 31 stores, Tulsa 23 stores, Wichita 18 stores.",
            "The 1:15 PM (UTC-6) update said 96 stores; that was wrong, it is 118 stores.",
            "Offline limit: $75 per sale. The balance on gift cards is safe.",
            "Sales at risk so far: $640,000.",
            "Registers show 'Payment host not available (code 91)'.",
            "Cause confirmed at 1:40 PM (UTC-6), 19:40 UTC: an expired certificate on the payment gateway.",
            "A new certificate was tested in one Tulsa store at 2:05 PM (UTC-6), 20:05 UTC. "
            "It goes to the other stores in groups of 30.",
            "Store hotline: +1 312 555 0147. Help page: storehelp.harrowcreek.example/cards.",
            "About 5,200 offline sales are stored on the registers and are sent on their own by 6:00 PM (UTC-6). "
            "Keep registers switched on until then.",
            "Lost sales: none found in the offline store. Duration 2 hours 15 minutes.",
        ),
        priority="P1",
        reference="INC0048213",
    ),
    services=(
        "Store Checkout",
        "Curbside Pickup",
        "Pharmacy Desk",
        "Stock Counter",
        "Shift Planner",
        "Price Labels",
    ),
    sites=("Dallas", "Fort Worth", "Tulsa", "Wichita", "Omaha", "Little Rock", "Springfield", "Des Moines"),
    glossary={"TLS": "transport layer security", "Harrow Creek": "the chain"},
    messages=(
        (
            "initial",
            "end_users",
            "Cashiers cannot take card payments or redeem gift cards",
            "Store teams,\n\n"
            "Cashiers in 118 stores can't take card payments or redeem gift cards right now. It started at 12:20 PM "
            "(UTC-6). The stores are in Dallas, Fort Worth, Tulsa and Wichita. Cash, Curbside Pickup and the Pharmacy "
            "Desk are fine.\n\n"
            "[[- Take cash, or\n"
            "- switch the register to offline card mode (up to $75 per sale).\n"
            "- Ask customers to hold on to their gift cards for now.]]\n\n"
            "<<We're working on the Store Checkout connection.>> Next update: 3:30 PM (UTC-6).",
        ),
        (
            "update",
            "end_users",
            "Update 2: cashiers cannot take cards or redeem gift cards",
            "All times UTC-6\n\n"
            "A correction first: at 1:15 PM we told you 96 stores were down. The right number is 118 stores.\n\n"
            "WHERE\n"
            "Dallas: 46 stores\n"
            "Fort Worth: 31 stores\n"
            "Tulsa: 23 stores\n"
            "Wichita: 18 stores\n"
            "Omaha, Little Rock and Springfield are not part of this.\n\n"
            "WHAT YOU SEE\n"
            'Store Checkout has shown "Payment host not available (code 91)" since 12:20 PM.\n\n'
            "WHAT TO DO\n"
            "[[Keep using cash or offline card mode. The limit is $75 per sale. Please don't restart registers. Call "
            "the store hotline at +1 312 555 0147 if offline mode won't start.]]\n\n"
            "WHAT WE'RE DOING\n"
            "<<The fix passed its test in one Tulsa store at 2:05 PM. We are sending it to the other stores in groups "
            "of 30.>>\n\n"
            "You'll hear from us again at 3:30 PM.",
        ),
        (
            "update",
            "service_desk",
            "Stores cannot take cards: script for the hotline",
            "Incident INC0048213 (P1) - Store Checkout\n\n"
            "1. Is the store in Dallas, Fort Worth, Tulsa or Wichita? Link the call to INC0048213.\n"
            "2. Any other city? Open a new ticket. Omaha, Little Rock and Springfield should be fine.\n"
            '3. Check for the message "Payment host not available (code 91)".\n'
            "4. [[Walk the cashier through offline card mode. It accepts up to $75 per sale.]]\n"
            "5. Gift cards: these cannot be redeemed offline. Tell customers that their balance is safe.\n\n"
            "Scope is 118 of 312 stores, or more than a third. The problem began at 12:20 PM (UTC-6).\n"
            "<<A new certificate is going out in groups of 30 stores.>> Don't promise a time.\n"
            "Next update for the desk: 3:30 PM (UTC-6) / 21:30 UTC.",
        ),
        (
            "update",
            "executives",
            "Stores cannot take card payments in four cities",
            "Cashiers in 118 stores (38% of the chain) have been unable to take card payments or redeem gift cards "
            "since 12:20 PM (UTC-6). All of them are in four cities: Dallas, Fort Worth, Tulsa and Wichita. About "
            "$640,000 of sales are at risk so far.\n\n"
            "The cause is confirmed: an expired certificate on the payment gateway. <<A new one was tested in a Tulsa "
            "store and is now going to the other stores in groups of 30.>> In the meantime, stores take cash and "
            "offline cards up to $75.\n\n"
            "[[No decision is needed from you.]] Next briefing at 3:30 PM (UTC-6).",
        ),
        (
            "update",
            "technical",
            "Store Checkout: card authorization failing in four cities",
            "INC0048213 / P1 / Store Checkout\n"
            "Start: 18:20 UTC (12:20 PM UTC-6)\n"
            "Scope: 118 stores, roughly 1.45k registers; Dallas, Fort Worth, Tulsa, Wichita\n"
            "Symptom: TLS handshake with the payment gateway refused, registers report code 91\n"
            "Cause: expired certificate, confirmed 19:40 UTC\n"
            "Done: new certificate tested on one Tulsa store, 20:05 UTC\n"
            "Now: <<rolling out to groups of 30 stores>>\n"
            "Ask: [[store systems on-call, please confirm the clock of each register before its group starts]]\n"
            "Out of scope: Curbside Pickup and Pharmacy Desk use their own gateway and are healthy\n"
            "Next: 21:30 UTC (3:30 PM UTC-6)",
        ),
        (
            "update",
            "public",
            "Stores cannot take card payments or redeem gift cards",
            "Our stores in Dallas, Fort Worth, Tulsa and Wichita have had trouble taking card payments and gift cards "
            "since 12:20 PM (UTC-6) today. More than a hundred stores are affected. [[You can pay with cash, or by card for "
            "purchases up to $75. Please keep your gift card; its balance is safe.]] Online orders through Curbside "
            "Pickup are not affected. <<Our teams are repairing Store Checkout store by store.>> We're sorry about "
            "this. We will post again at 3:30 PM (UTC-6).",
        ),
        (
            "restored",
            "end_users",
            "Cashiers can take card payments and gift cards again",
            "Good news: Store Checkout is back. Cashiers in all 118 stores have been able to take card payments and "
            "redeem gift cards since 2:35 PM (UTC-6).\n\n"
            "The problem lasted from 12:20 PM to 2:35 PM (UTC-6), or 2 hours 15 minutes. We found no lost sales.\n\n"
            "[[Turn off offline card mode at each register. Leave registers switched on until 6:00 PM (UTC-6). The "
            "5,200 stored sales are sent on their own, so please do not ring them up again. If a card is still "
            "declined, call +1 312 555 0147 or check storehelp.harrowcreek.example/cards.]]\n\n"
            "<<We're keeping an eye on all four cities tonight.>> Sorry for the rough lunch hour, and thanks for "
            "keeping the lines moving.",
        ),
    ),
    restored=(14, 35),
    slips=(
        ("wrong number", "118 stores", "181 stores"),
        ("wrong number", "1.45k registers", "4.5k registers"),
        ("wrong number in words", "more than a third", "more than two thirds"),
        ("wrong number in words", "More than a hundred stores", "More than two hundred stores"),
        ("wrong percentage", "38%", "83%"),
        ("wrong place", "Dallas, Fort Worth, Tulsa and Wichita", "Dallas, Fort Worth, Tulsa and Omaha"),
        ("wrong place", "Omaha, Little Rock and Springfield", "Omaha, Wichita and Springfield"),
        ("wrong place", "Wichita: 18 stores", "Des Moines: 18 stores"),
        ("wrong service", "Store Checkout is back", "Stock Counter is back"),
        ("wrong start", "12:20 PM", "11:20 AM"),
        ("wrong start", "18:20 UTC", "19:20 UTC"),
        ("wrong zone", "All times UTC-6", "All times UTC-5"),
        ("wrong zone", "3:30 PM (UTC-6)", "3:30 PM (UTC-8)"),
        ("wrong next time", "again at 3:30 PM", "again at 4:30 PM"),
        ("wrong next time", "21:30 UTC", "22:30 UTC"),
        ("wrong restored time", "since 2:35 PM (UTC-6)", "since 1:35 PM (UTC-6)"),
        ("wrong priority", "P1", "P2"),
        ("wrong reference", "INC0048213", "INC0048231"),
        ("wrong money", "$640,000", "$460,000"),
        ("wrong money", "$75", "$175"),
    ),
    grammar=(
        ("Cash, Curbside Pickup and the Pharmacy Desk are fine", "Cash, Curbside Pickup and the Pharmacy Desk is fine"),
        ("have been unable to take", "have been unable to taking"),
        ("their balance is safe", "their balance are safe"),
        ("The stores are in", "The stores is in"),
    ),
    misspellings=(
        ("customers", "custommers"),
        ("correction", "corection"),
        ("certificate", "certifciate"),
        ("registers", "regsiters"),
        ("purchases", "purchaces"),
    ),
)

SEVEN = (AIRLINE, STORES)
