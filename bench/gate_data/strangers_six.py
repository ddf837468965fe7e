"""Updates as other people write them: a network of hospitals and a cloud vendor."""

# ruff: noqa: E501 -- one message is one string

from bench.gate_data.stranger import Stranger, record

HOSPITAL = Stranger(
    name="Hudson Crossing Health",
    zone="America/New_York",
    language="en-US",
    recorded=record(
        "America/New_York",
        (12, 40),
        service="MedChart Orders",
        who="clinicians",
        activity="enter medication orders",
        count="about 1,250 clinicians",
        where="Albany, Troy and Saratoga",
        not_affected="Utica, Kingston, Catskill, Glens Falls and Hudson; Lab Results and Imaging Viewer",
        workaround="Write orders on the paper forms in the red downtime binder and hand or fax them to pharmacy",
        other_texts=(
            "Three of eight hospitals are affected; the other five hospitals work normally.",
            "A quarter (25%) of the network's medication orders is affected.",
            "Our 1:15 PM message said 1,050 clinicians; the correct number is about 1,250.",
            'The order screen may show "Order not saved. Session expired."',
            "Fourteen (14) elective procedures have been postponed. No ambulance has been diverted and no patient harm "
            "has been reported. There are no media inquiries.",
            "The cost so far is about $240,000.",
            "Cause confirmed at 2:10 PM Eastern (UTC-5), 19:10 UTC: a database ran out of disk space. "
            "Storage (500 GB) was added at 2:40 PM Eastern (UTC-5), 19:40 UTC, and order entry is being tested.",
            "HTTP 500 on 92% of order submissions, normal is under 1%; ORA-01653 unable to extend table; reads work. "
            "2 of 3 application nodes restarted. 310 queued orders to replay. Database node ordb-03.",
            "930 paper orders are to be re-entered. No electronic orders were lost.",
            "Duration when restored at 3:05 PM Eastern (UTC-5): 2 hours and 25 minutes.",
            "Help desk: extension 4400, +1 518 555 0142.",
        ),
        priority="P1",
        reference="MI-2026-0077",
    ),
    services=(
        "MedChart Orders",
        "Lab Results",
        "Imaging Viewer",
        "Patient Portal",
        "Bed Management",
        "Staff Scheduling",
    ),
    sites=("Albany", "Troy", "Saratoga", "Utica", "Kingston", "Catskill", "Glens Falls", "Hudson"),
    glossary={
        "IT": "information technology",
        "HTTP": "the protocol of the web",
        "ORA-01653": "a database error",
        "GB": "gigabyte",
    },
    messages=(
        (
            "initial",
            "end_users",
            "MedChart Orders: clinicians cannot enter medication orders",
            "All times Eastern (UTC-5)\n\n"
            "MedChart Orders is not available at our Albany, Troy, and Saratoga hospitals. Since 12:40 PM, about 1,250"
            " clinicians have been unable to enter medication orders. The other five hospitals are working normally,"
            " and so are Lab Results and Imaging Viewer.\n\n"
            "[[Write orders on the paper forms in the red downtime binder and hand or fax them to pharmacy.\n\n]]"
            "<<Our IT teams are working on the problem now.>> The help desk is at extension 4400.\n\n"
            "Next update: 4:30 PM\n"
            "Priority 1, MI-2026-0077",
        ),
        (
            "update",
            "end_users",
            "MedChart Orders: clinicians still cannot enter medication orders",
            "MedChart Orders update. All times Eastern (UTC-5).\n\n"
            "WHAT IS HAPPENING\n"
            "Clinicians at three of our eight hospitals (Albany, Troy, Saratoga) still cannot enter medication orders."
            ' The screen may show "Order not saved. Session expired." This started at 12:40 PM.\n\n'
            "[[WHAT TO DO\n"
            "1. Write orders on the paper forms in the red downtime binder.\n"
            "2. Hand or fax them to pharmacy.\n"
            "3. Keep your copy for re-entry.\n\n]]"
            "WHAT WE ARE DOING\n"
            "<<We added storage at 2:40 PM and are testing order entry.>>\n\n"
            "NOT AFFECTED\n"
            "Utica, Kingston, Catskill, Glens Falls, and Hudson; Lab Results.\n\n"
            "Our 1:15 PM message said 1,050 clinicians. The correct number is about 1,250.\n\n"
            "Next update: 4:30 PM",
        ),
        (
            "update",
            "executives",
            "MedChart Orders: clinicians cannot enter medication orders",
            "As of 3:35 PM Eastern (UTC-5), P1 incident MI-2026-0077 is still open. About 1,250 clinicians at Albany,"
            " Troy, and Saratoga have been unable to enter medication orders in MedChart Orders since 12:40 PM Eastern"
            " (UTC-5). That is a quarter of the network's orders, and they are on paper.\n\n"
            "Fourteen elective procedures have been postponed. No ambulance has been diverted and no patient harm has"
            " been reported. The cost so far is about $240,000. There are no media inquiries.\n\n"
            "The cause is confirmed: a database ran out of disk space. <<Storage was added at 2:40 PM Eastern (UTC-5)"
            " and order entry is being tested.>>\n\n"
            "No decision is needed from you now. Next update: 4:30 PM Eastern (UTC-5).",
        ),
        (
            "update",
            "technical",
            "MedChart Orders: clinicians cannot enter medication orders",
            "MI-2026-0077 | P1 | as of 20:35 UTC (15:35 UTC-5)\n"
            "Symptom: MedChart Orders returns HTTP 500 on 92% of order submissions (normal is under 1%). Log:"
            ' "ORA-01653: unable to extend table". Reads work.\n'
            "Scope: Albany, Troy, Saratoga. Clean: Utica, Kingston, Catskill, Glens Falls, Hudson.\n"
            "Start: 17:40 UTC (12:40 UTC-5)\n"
            "Cause: confirmed 19:10 UTC, disk full on ordb-03.\n"
            "Done: 500 GB added at 19:40 UTC; 2 of 3 application nodes restarted.\n"
            "In progress: <<restart of the third node, then replay of 310 queued orders.>>\n"
            "Ask: [[pharmacy interface owners, please confirm your queue depth before the replay.]]\n"
            "Next update: 21:30 UTC (16:30 UTC-5)",
        ),
        (
            "restored",
            "end_users",
            "MedChart Orders: clinicians can enter medication orders again",
            "All times Eastern (UTC-5)\n\n"
            "MedChart Orders is back. Clinicians at Albany, Troy, and Saratoga have been able to enter medication"
            " orders since just after 3 PM (3:05 PM). The outage began at 12:40 PM and lasted 2 hours and 25 minutes."
            " It affected about 1,250 clinicians. No electronic orders were lost.\n\n"
            "[[Please sign out, sign back in, and re-enter your paper orders. Across the three hospitals there are 930"
            " of them, so start with the ones due next. Still having trouble? Call extension 4400.\n\n]]"
            "<<We are monitoring order entry through the night.>> We apologize for the disruption and thank you for"
            " your patience. No further updates are planned unless something changes.",
        ),
    ),
    restored=(15, 5),
    slips=(
        ("wrong number", "bout 1,250 clinicians", "bout 2,150 clinicians"),
        ("wrong number", "there are 930", "there are 390"),
        ("wrong number", "310 queued orders", "130 queued orders"),
        ("wrong number in words", "three of our eight hospitals", "six of our eight hospitals"),
        ("wrong number in words", "The other five hospitals", "The other two hospitals"),
        ("wrong number in words", "Fourteen elective", "Forty elective"),
        ("wrong number in words", "a quarter of the network", "three quarters of the network"),
        ("wrong percentage", "92% of order submissions", "29% of order submissions"),
        ("wrong place", "Albany, Troy, and Saratoga", "Albany, Utica, and Saratoga"),
        ("wrong place", "Scope: Albany, Troy, Saratoga", "Scope: Albany, Troy, Kingston"),
        ("wrong service", "MedChart Orders is back", "Imaging Viewer is back"),
        ("wrong service", "MedChart Orders returns", "Lab Results returns"),
        ("wrong start", "Since 12:40 PM", "Since 11:40 AM"),
        ("wrong start", "Start: 17:40 UTC (12:40 UTC-5)", "Start: 18:40 UTC (13:40 UTC-5)"),
        ("wrong zone", "4:30 PM Eastern (UTC-5)", "4:30 PM Eastern (UTC-8)"),
        ("wrong next time", "Next update: 4:30 PM", "Next update: 5:30 PM"),
        ("wrong restored time", "just after 3 PM (3:05 PM)", "just after 2 PM (2:05 PM)"),
        ("wrong priority", "P1 incident", "P3 incident"),
        ("wrong reference", "MI-2026-0077", "MI-2026-0770"),
        ("wrong money", "$240,000", "$420,000"),
    ),
    grammar=(
        ("have been able to enter", "has been able to enter"),
        ("No electronic orders were lost", "No electronic orders was lost"),
        ("has been diverted", "has being diverted"),
        ("are testing order entry", "are test order entry"),
    ),
    misspellings=(
        ("medication", "medicaton"),
        ("hospitals", "hosptials"),
        ("pharmacy", "pharamcy"),
        ("apologize", "apoligize"),
        ("postponed", "postponned"),
    ),
)

CLOUD = Stranger(
    name="Stratoform Cloud",
    zone="UTC",
    language="en-US",
    recorded=record(
        "UTC",
        (17, 52),
        service="Object Storage",
        who="customers",
        activity="upload objects",
        count="about 2,500 customers",
        where="Frankfurt and Dublin",
        not_affected="Virginia, Oregon and Singapore; Managed Databases, Message Queue and Console",
        workaround="Upload to a bucket in Virginia, Oregon or Singapore",
        other_texts=(
            "2.5k customers, one customer in twenty (5%), in two regions.",
            "Uploads return a 503 error.",
            "1.2 million requests have failed. 340 support tickets. Expected service credits: $75,000.",
            "Error rate: 18% at peak, now 4%. An earlier post gave the peak as 8%; 18% is correct.",
            "Peak by region: Frankfurt 18%, Dublin 11%.",
            "Restarted index nodes: 24 of 48, half of them (Frankfurt 10 of 28, Dublin 14 of 20), one zone at a time.",
            "p99 latency is 4.2 s, normal 180 ms.",
            "Cause confirmed: a memory leak in the metadata index. Memory of the index process grows by 1.5 GB an "
            "hour; first process killed on idx-fra-07.",
            "Duration when restored at 20:15 UTC: 2 h 23 min. No stored data was lost.",
            "Support: https://support.stratoform.example. Status: https://status.stratoform.example",
        ),
        priority="P1",
        reference="MI-2026-0305",
    ),
    services=(
        "Object Storage",
        "Managed Databases",
        "Message Queue",
        "Container Registry",
        "Load Balancing",
        "Console",
    ),
    sites=("Frankfurt", "Dublin", "Virginia", "Oregon", "Singapore", "Tokyo"),
    glossary={"GB": "gigabyte", "p99": "the slowest one percent of requests", "metadata": "data about stored objects"},
    messages=(
        (
            "initial",
            "public",
            "Object Storage: customers cannot upload objects",
            "Object Storage: Frankfurt and Dublin\n\n"
            "About 2,500 customers have been unable to upload objects since 17:52 UTC. Uploads return a 503 error. Virginia,"
            " Oregon, and Singapore: no impact. [[Upload to a bucket in one of those regions. ]]<<We are working on"
            " the problem.>> Next update: 21:30 UTC.",
        ),
        (
            "update",
            "public",
            "Object Storage: customers cannot upload objects",
            "Identified. Uploads to Object Storage have been failing in Frankfurt and Dublin since 17:52 UTC for 2.5k"
            " customers. Cause: a memory leak in the metadata index. <<We are restarting index nodes one zone at"
            " a time; 24 of 48 are done.>> The error rate is down from 18% at peak to 4%. (An earlier post gave the"
            " peak as 8%; 18% is correct.) Console is operating normally. [[Use a bucket in"
            " Virginia for urgent uploads. ]]Next update: 21:30 UTC.",
        ),
        (
            "update",
            "technical",
            "Object Storage: customers cannot upload objects",
            "P1 | MI-2026-0305 | Object Storage | all times UTC | as of 20:35\n\n"
            "Region     Peak errors  Nodes restarted\n"
            "Frankfurt  18%          10 of 28\n"
            "Dublin     11%          14 of 20\n\n"
            "- Start: 17:52 UTC. 1.2 million requests have failed.\n"
            "- p99 latency 4.2 s (normal 180 ms).\n"
            "- Cause: memory leak in the metadata index, 1.5 GB an hour; first process killed on idx-fra-07.\n"
            "- In progress: <<rolling restart, one zone at a time.>>\n"
            "- No impact: Virginia, Oregon, Singapore.\n"
            "- Ask: [[hold backup jobs in Frankfurt until all nodes are restarted.]]\n"
            "- Next update: 21:30 UTC.",
        ),
        (
            "update",
            "executives",
            "Object Storage: customers cannot upload objects",
            "Object Storage, P1, MI-2026-0305\n"
            "So what: about 2,500 customers in two regions (Frankfurt, Dublin) cannot upload objects. That is one"
            " customer in twenty.\n"
            "Size: 1.2 million failed requests since 17:52 UTC, 340 support tickets, expected service credits of"
            " $75,000.\n"
            "Action: <<half of the index nodes have been restarted, and the error rate is down from 18% at peak to"
            " 4%.>>\n"
            "Decision: none needed now.\n"
            "Next update: 21:30 UTC.",
        ),
        (
            "restored",
            "public",
            "Object Storage: customers can upload objects again",
            "Object Storage has been operating normally in Frankfurt and Dublin since 20:15 UTC. It was impaired for"
            " 2 h 23 min, from 17:52 UTC; about 2,500 customers could not upload objects and 1.2 million requests"
            " failed. No stored data was lost. [[Repeat any upload that returned a 503 error. If errors continue, open"
            " a ticket at https://support.stratoform.example. ]]<<We are monitoring error rates.>> We apologize for"
            " the disruption. No further posts are planned unless something changes.",
        ),
    ),
    restored=(20, 15),
    slips=(
        ("wrong number", "bout 2,500 customers", "bout 5,200 customers"),
        ("wrong number", "2.5k customers", "25k customers"),
        ("wrong number", "1.2 million", "12 million"),
        ("wrong number", "24 of 48 are done", "42 of 48 are done"),
        ("wrong number", "340 support tickets", "430 support tickets"),
        ("wrong number in words", "one customer in twenty", "one customer in two"),
        ("wrong number in words", "in two regions", "in four regions"),
        ("wrong number in words", "half of the index nodes", "a tenth of the index nodes"),
        ("wrong percentage", "18% at peak to 4%", "18% at peak to 14%"),
        ("wrong priority", "Object Storage, P1", "Object Storage, P2"),
        ("wrong place", "Frankfurt and Dublin", "Frankfurt and Oregon"),
        ("wrong place", "Oregon, and Singapore: no impact", "Dublin, and Singapore: no impact"),
        ("wrong service", "Uploads to Object Storage", "Uploads to Container Registry"),
        ("wrong service", "Object Storage has been operating", "Message Queue has been operating"),
        ("wrong start", "17:52 UTC", "16:52 UTC"),
        ("wrong zone", "21:30 UTC", "21:30 UTC-8"),
        ("wrong next time", "Next update: 21:30 UTC", "Next update: 22:15 UTC"),
        ("wrong restored time", "since 20:15 UTC", "since 19:15 UTC"),
        ("wrong reference", "MI-2026-0305", "MI-2026-0350"),
        ("wrong money", "$75,000", "$57,000"),
    ),
    grammar=(
        ("have been failing", "has been failing"),
        ("nodes have been restarted", "nodes have been restart"),
        ("could not upload objects", "could not uploaded objects"),
        ("We are monitoring", "We is monitoring"),
    ),
    misspellings=(
        ("customers", "custmoers"),
        ("operating", "operatign"),
        ("restarting", "restartting"),
        ("disruption", "disrution"),
        ("expected", "expceted"),
    ),
)

SIX = (HOSPITAL, CLOUD)
