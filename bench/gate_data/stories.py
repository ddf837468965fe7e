"""Updates written by hand, one organisation at a time and each in its own style: bullets, headings, other zones, numbers
in words. They were written after the rules; what they found was mended in the rules, never here.
"""

# ruff: noqa: E501 -- one message is one string

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bench.gate_data.organisations import PEOPLE, TEAMS
from bench.gate_data.updates import NEXT, NOW, Planted, Written, planted_in_text
from comms.rules.draft import Draft, Known
from comms.rules.recorded import Recorded


@dataclass(frozen=True, kw_only=True)
class Story:
    """One incident: its record, messages (kind, audience, subject, body), and slips: what stands there, what is wrong."""

    name: str
    zone: str
    language: str = "en-GB"
    recorded: Recorded
    sites: tuple[str, ...] = ()
    glossary: dict[str, str] = field(default_factory=dict)
    messages: tuple[tuple[str, str, str, str], ...]
    numbers: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    times: tuple[tuple[str, str], ...] = ()


def _today(zone: str, hour: int, minute: int) -> datetime:
    return NOW.astimezone(ZoneInfo(zone)).replace(hour=hour, minute=minute)


def _record(zone: str, since: tuple[int, int], **facts: object) -> Recorded:
    return Recorded(
        since=_today(zone, *since),
        priority="P1",
        reference="MI-2026-0042",
        as_of=NOW - timedelta(minutes=10),
        interval=timedelta(minutes=30),
        **facts,  # type: ignore[arg-type]
    )


BERLIN, NEW_YORK, SYDNEY, LONDON, KOLKATA = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "Europe/London",
    "Asia/Kolkata",
)

STORIES = (
    Story(
        name="bank",
        zone=LONDON,
        recorded=_record(
            LONDON,
            (19, 42),
            service="Mobile Banking",
            who="customers",
            activity="cannot make payments to new payees",
            count="between 18,000 and 22,000",
            where="the United Kingdom",
            not_affected="card payments, cash machines and payments to existing payees",
            workaround="payments to new payees can be made by telephone banking",
            other_texts=("payments log of this evening", "rent and wages due tomorrow may be late"),
        ),
        sites=("Leeds", "Glasgow", "Cardiff"),
        messages=(
            (
                "initial",
                "end_users",
                "customers cannot pay new payees",
                "Since 19:42 (UTC+0) customers in the United Kingdom cannot make payments to new payees in Mobile Banking. Between 18,000 and 22,000 of them have tried. Card payments, cash machines and payments to existing payees work as usual. You can pay a new payee by telephone banking. Next update by 21:30 (UTC+0).",
            ),
            (
                "update",
                "executives",
                "customers cannot pay new payees",
                "So what: customers cannot make payments to new payees in Mobile Banking, since 19:42 (UTC+0).\nSize: 18,000 to 22,000 customers, United Kingdom only.\nWhat is being done: the check of new payees is being moved to its second server; the first customers should be let in one group at a time.\nDecision: none needed from you now.\nNext update by 21:30 (UTC+0).",
            ),
            (
                "holding",
                "end_users",
                "customers cannot pay new payees",
                "No change since 20:35 (UTC+0): around twenty thousand customers cannot make payments to new payees in Mobile Banking. We are moving the check to another server. Please use telephone banking for new payees. We will write again by 21:30 (UTC+0).",
            ),
            (
                "update",
                "service_desk",
                "customers cannot pay new payees",
                "What callers see: “We could not add this payee. Try again.”\n\nWhat to say:\n- Payments to new payees have not worked in Mobile Banking since 19:42 (UTC+0).\n- Existing payees, cards and cash machines are fine.\n- Telephone banking can take the payment now; no fee is charged.\n\nWhat not to promise: a time of repair.\nWhat to log: the number of the customer and the amount.\n\nNext update by 21:30 (UTC+0).",
            ),
        ),
        numbers=(("18,000", "8,000"), ("twenty thousand", "two thousand")),
        times=(("19:42", "18:42"),),
    ),
    Story(
        name="cloud",
        zone=NEW_YORK,
        language="en-US",
        recorded=_record(
            NEW_YORK,
            (14, 5),
            service="Object Storage",
            who="customers",
            activity="cannot upload files larger than 5 GB",
            count="about 3 % of customers",
            where="us-east-1",
            not_affected="downloads, and uploads in all other regions",
            workaround="split the file into parts under 5 GB",
            other_texts=("error rate of the upload API", "nightly backups may fail"),
        ),
        sites=("us-east-1", "us-west-2", "eu-west-1"),
        messages=(
            (
                "initial",
                "public",
                "uploads over 5 GB fail",
                "We are investigating failed uploads of files larger than 5 GB to Object Storage in us-east-1. The failures began at 2:05 PM (UTC-5). About 3% of customers are affected. Downloads are not affected, and neither are uploads in other regions. As a workaround, split the file into parts under 5 GB. Next update by 4:30 PM (UTC-5).",
            ),
            (
                "update",
                "public",
                "uploads over 5 GB fail",
                "Uploads of files larger than 5 GB to Object Storage in us-east-1 continue to fail for about 3 percent of customers; this started at 2:05 PM (UTC-5). We have added capacity to the upload service and are watching the error rate. Please split large files into parts under 5 GB until we write again. Next update by 4:30 PM (UTC-5).",
            ),
            (
                "update",
                "technical",
                "uploads over 5 GB fail",
                "Condition: PutObject over 5 GB returns 503 in us-east-1 for about 3% of customers since 14:05 (UTC-5). Actions: capacity of the upload service doubled at 15:20 (UTC-5); error rate from 3.1% to 2.8%. Needs: a look at the connection limits of the gateway. Next update by 16:30 (UTC-5).",
            ),
            (
                "workaround",
                "end_users",
                "uploads over 5 GB fail",
                "About 3% of customers still cannot upload files larger than 5 GB to Object Storage in us-east-1, since 2:05 PM (UTC-5). There is a workaround: split the file into parts under 5 GB and upload the parts one by one. It suits backups and videos; it does not suit files that must stay whole. We are still working on the upload service. If you need help, write to the support desk. Next update by 4:30 PM (UTC-5).",
            ),
        ),
        numbers=(("3%", "13%"),),
        places=(("in us-east-1", "in eu-west-1"),),
        times=(("2:05 PM", "3:05 PM"),),
    ),
    Story(
        name="hospital",
        zone=SYDNEY,
        language="en-AU",
        recorded=_record(
            SYDNEY,
            (5, 50),
            service="Pathology Results",
            who="ward doctors",
            activity="cannot see blood results from today",
            count="420",
            where="Westmead and Liverpool",
            not_affected="Nepean; results from before 05:50",
            workaround="the laboratory reads urgent results over the telephone",
            other_texts=("the roster of both hospitals", "operations from 10:00 may have to wait"),
        ),
        sites=("Westmead", "Liverpool", "Nepean", "Blacktown"),
        messages=(
            (
                "initial",
                "end_users",
                "doctors cannot see today's blood results",
                "420 ward doctors in Westmead and Liverpool cannot see today's blood results in Pathology Results. It began at 05:50 (UTC+11). Nepean is not affected. Older results can be opened. For urgent results call the laboratory; they are read to you over the telephone. We are working on it with the laboratory. Next update by 08:30 (UTC+11).",
            ),
            (
                "update",
                "end_users",
                "doctors cannot see today's blood results",
                "Still affected: 420 ward doctors in Westmead and Liverpool, who cannot see blood results from today (since 05:50 (UTC+11)). Not affected: Nepean. What we have done since the last update: the link to the analysers has been restarted and tested in one ward. What you can do: call the laboratory for urgent results. Next update by 08:30 (UTC+11).",
            ),
            (
                "update",
                "executives",
                "doctors cannot see today's blood results",
                "Ward doctors in Westmead and Liverpool, 420 people, cannot see today's blood results since 05:50 (UTC+11). Operations from 10:00 (UTC+11) may have to wait. The link to the analysers is being replaced. No decision is needed from you; the next one may come with our update at 08:30 (UTC+11).",
            ),
            (
                "correction",
                "end_users",
                "doctors cannot see today's blood results",
                "In our message of 07:15 (UTC+11) we wrote that Nepean is affected. That was wrong: it is Westmead and Liverpool. There, 420 ward doctors cannot see blood results from today, since 05:50 (UTC+11). If you work in Nepean you can go back to the screen. Elsewhere, please call the laboratory for urgent results. We are sorry for the extra calls. Next update by 08:30 (UTC+11).",
            ),
        ),
        numbers=(("420", "240"),),
        places=(("in Westmead", "in Blacktown"),),
        times=(("05:50", "06:50"),),
    ),
    Story(
        name="university",
        zone=BERLIN,
        recorded=_record(
            BERLIN,
            (21, 15),
            service="Campus Wi-Fi",
            who="students",
            activity="cannot sign in to the network",
            count="roughly 2,600",
            where="the halls of residence",
            not_affected="lecture halls and the library",
            workaround="cable sockets in every room",
            other_texts=("sign-in attempts of the last hour", "an online examination begins at 23:00"),
        ),
        sites=("North Campus", "Garden Campus"),
        messages=(
            (
                "initial",
                "end_users",
                "students cannot sign in",
                "Hello everyone,\n\nroughly 2,600 students in the halls of residence cannot sign in to Campus Wi-Fi at the moment. It started at 21:15 (Berlin, UTC+1). Lecture halls and the library are fine.\n\nWhat you can do: use the cable socket in your room.\n\nWe are working on the sign-in servers. You will hear from us again by 22:30 (Berlin, UTC+1).",
            ),
            (
                "update",
                "service_owners",
                "students cannot sign in",
                "Since 21:15 (UTC+1) roughly 2,600 students in the halls of residence cannot sign in to Campus Wi-Fi. An online examination begins at 23:00 (UTC+1); the examination office has been asked whether it can begin an hour later. Cable sockets work. We are adding a second sign-in server. Next update by 22:30 (UTC+1).",
            ),
            (
                "restored",
                "end_users",
                "students can sign in again",
                "Students in the halls of residence can sign in to Campus Wi-Fi again since 21:50 (UTC+1). It had been out since 21:15 (UTC+1), for 35 minutes; roughly 2,600 of you were affected. No data was lost that we know of; our checks are complete. If your device still asks for a password, forget the network and join it again. Still stuck? Call extension 115. We are sorry that this fell on the evening before an examination. This is our last message unless it comes back.",
            ),
        ),
        numbers=(("2,600", "26,000"),),
        times=(("21:15", "20:15"),),
    ),
    Story(
        name="airline",
        zone=LONDON,
        recorded=_record(
            LONDON,
            (16, 20),
            service="Check-in",
            who="passengers",
            activity="cannot check in online or at kiosks",
            count="about 9,500",
            where="Dublin, Cork and Shannon",
            not_affected="airports outside Ireland",
            workaround="agents check passengers in by hand at the desks",
            other_texts=("bookings for tonight", "queues of up to 90 minutes", "the last departures leave at 22:40"),
        ),
        sites=("Dublin", "Cork", "Shannon", "Belfast"),
        messages=(
            (
                "initial",
                "public",
                "passengers cannot check in online",
                "Passengers at Dublin, Cork and Shannon cannot check in online or at kiosks at present. It began at 16:20 (UTC+0) and affects about 9,500 people. Airports outside Ireland work as normal. Please go to the desks, where our agents check you in by hand, and allow an extra 90 minutes. Next update by 21:30 (UTC+0).",
            ),
            (
                "update",
                "executives",
                "passengers cannot check in online",
                "About 9,500 passengers at three airports (Dublin, Cork, Shannon) cannot check in online or at kiosks, since 16:20 (UTC+0). Queues reach 90 minutes; the last departures leave at 22:40 (UTC+0). We are moving check-in to the second data centre. Decision needed: whether tonight's last departures wait. Next update by 21:30 (UTC+0).",
            ),
            (
                "update",
                "end_users",
                "passengers cannot check in online",
                "* Who: about 9,500 passengers at Dublin, Cork and Shannon\n* What: online check-in and kiosks do not work in Check-in, since 16:20 (UTC+0)\n* What works: the desks, where agents check you in by hand\n* What we are doing: moving check-in to the second data centre\n* What you can do: come to the desks 90 minutes earlier than usual\n* Next update by 21:30 (UTC+0)",
            ),
        ),
        numbers=(("9,500", "5,900"),),
        places=(("Cork", "Belfast"),),
        times=(("16:20", "16:02"),),
    ),
    Story(
        name="retailer",
        zone=KOLKATA,
        recorded=_record(
            KOLKATA,
            (1, 30),
            service="Order Desk",
            who="warehouse staff",
            activity="cannot print shipping labels",
            count="85",
            where="Pune and Nagpur",
            not_affected="Chennai",
            workaround="labels can be printed from the old program",
            other_texts=("the shift plan", "1,400 parcels wait", "lorries leave at 04:00"),
        ),
        sites=("Pune", "Nagpur", "Chennai", "Kochi"),
        messages=(
            (
                "update",
                "end_users",
                "staff cannot print labels",
                "85 of our warehouse staff in Pune and Nagpur cannot print shipping labels in Order Desk, since 01:30 (UTC+5:30). Chennai can. Please print from the old program until we write again; the shift leads know how. Meanwhile we are reinstalling the print service. Next update by 03:00 (UTC+5:30).",
            ),
            (
                "update",
                "service_owners",
                "staff cannot print labels",
                "Eighty-five warehouse staff in Pune and Nagpur cannot print shipping labels since 01:30 (UTC+5:30). 1,400 parcels wait; the lorries leave at 04:00 (UTC+5:30). The old program prints, though more slowly. We are reinstalling the print service, first in Pune. Next update by 03:00 (UTC+5:30).",
            ),
            (
                "restored",
                "service_desk",
                "staff can print labels again",
                "Warehouse staff in Pune and Nagpur can print shipping labels again since 02:20 (UTC+5:30). It had lasted 50 minutes, from 01:30 (UTC+5:30); 85 people were affected. We have found no data loss so far. Callers who still cannot print should restart Order Desk once; if that does not help, log the call and tell us. We are sorry for the extra work tonight. We are watching it and write again only if it comes back.",
            ),
        ),
        numbers=(("85", "58"), ("Eighty-five", "Twenty-five")),
        places=(("in Pune", "in Kochi"),),
        times=(("01:30", "00:30"),),
    ),
    Story(
        name="software company",
        zone=NEW_YORK,
        language="en-US",
        recorded=_record(
            NEW_YORK,
            (11, 12),
            service="Dashboards",
            who="customers",
            activity="see charts that are up to two hours old",
            count="all customers",
            where="worldwide",
            not_affected="alerts and the collection of data",
            workaround="",
            other_texts=("no data is lost; charts catch up by themselves",),
        ),
        messages=(
            (
                "update",
                "public",
                "charts are up to two hours old",
                "All customers see charts in Dashboards that are up to two hours old. This began at 11:12 AM (UTC-5). Alerts work, and data is still being collected. There is no workaround yet. We have added workers to the queue and the delay is shrinking. You don't need to do anything. Next update by 4:30 PM (UTC-5).",
            ),
            (
                "update",
                "end_users",
                "charts are up to two hours old",
                "Charts in Dashboards lag by up to 2 hours for all customers, worldwide, since 11:12 AM (UTC-5). Alerts aren't affected. We're working through the queue: at 3:00 PM (UTC-5) the lag was 2 hours, and it is falling. There's no workaround at this time; please don't re-create your charts. We'll post again by 4:30 PM (UTC-5).",
            ),
            (
                "holding",
                "public",
                "charts are up to two hours old",
                "No change since 3:30 PM (UTC-5). All customers still see charts that are up to two hours old in Dashboards. Our engineers are working through the queue. Next update by 4:30 PM (UTC-5).",
            ),
        ),
        times=(("11:12 AM", "10:12 AM"),),
    ),
    Story(
        name="city",
        zone=BERLIN,
        recorded=_record(
            BERLIN,
            (20, 0),
            service="Ticket Machines",
            who="passengers",
            activity="cannot pay by card",
            count="not known yet, being counted by 22:15",
            where="lines U1 and U3",
            not_affected="lines U2 and U4",
            workaround="machines take coins; the app sells tickets",
            other_texts=("140 machines",),
        ),
        sites=("Central Station", "Harbour"),
        glossary={"U1": "", "U2": "", "U3": "", "U4": ""},
        messages=(
            (
                "initial",
                "public",
                "passengers cannot pay by card",
                "Passengers on lines U1 and U3 cannot pay by card at Ticket Machines since 20:00 (UTC+1). How many people are affected is not known yet; we are counting until 22:15 (UTC+1). Lines U2 and U4 are fine. The machines take coins, and the app sells tickets. Next update by 22:30 (UTC+1).",
            ),
            (
                "update",
                "service_desk",
                "passengers cannot pay by card",
                "140 machines on lines U1 and U3 refuse cards since 20:00 (UTC+1). Please tell callers: coins work, and the app sells tickets; inspectors have been told to be generous tonight. How many passengers are affected is not known yet; the count follows by 22:15 (UTC+1). We are replacing the certificate of the card readers. Next update by 22:30 (UTC+1).",
            ),
        ),
        numbers=(("140 machines", "410 machines"),),
        times=(("20:00", "19:00"),),
    ),
    Story(
        name="manufacturer",
        zone=BERLIN,
        recorded=_record(
            BERLIN,
            (18, 25),
            service="Plant Control",
            who="shift leads",
            activity="cannot release production orders",
            count="64",
            where="Line 2 in Graz and all of Linz",
            not_affected="Line 1 in Graz",
            workaround="orders are released on paper and keyed in later",
            other_texts=("the shift plan", "a stop of more than four hours costs EUR 180,000"),
        ),
        sites=("Graz", "Linz", "Steyr"),
        messages=(
            (
                "update",
                "executives",
                "shift leads cannot release orders",
                "Production orders cannot be released on Line 2 in Graz and in all of Linz since 18:25 (UTC+1); 64 shift leads work on paper. A stop of more than four hours would cost EUR 180,000. The database of Plant Control is being restored from the copy of 18:00 (UTC+1). No decision is needed now. Next update by 22:30 (UTC+1).",
            ),
            (
                "update",
                "technical",
                "shift leads cannot release orders",
                "Symptoms: order release times out after 30 s on Line 2 (Graz) and in Linz; 64 shift leads, since 18:25 (UTC+1). Done: index rebuilt at 20:10 (UTC+1), no effect. Doing: restore of the copy of 18:00 (UTC+1), 60 % complete. Ask: DBA on call to confirm the log chain. Next update by 22:30 (UTC+1).",
            ),
            (
                "downgrade",
                "service_owners",
                "shift leads cannot release orders",
                "Release works on paper in Graz and Linz, so production goes on: 64 shift leads release orders by hand and key them in later. The incident is handled with less urgency from now on. The screen itself has been out since 18:25 (UTC+1). We are restoring its database. From now on we write every hour. Next update by 22:30 (UTC+1).",
            ),
        ),
        glossary={"DBA": "database administrator", "EUR": "euro"},
        numbers=(("64 shift leads", "46 shift leads"), ("180,000", "18,000")),
        places=(("Linz", "Steyr"),),
        times=(("18:25", "17:25"),),
    ),
    Story(
        name="insurer",
        zone=LONDON,
        recorded=_record(
            LONDON,
            (8, 30),
            service="Claims Portal",
            who="claims handlers",
            activity="wait more than a minute to open a claim",
            count="310",
            where="Norwich, Bristol and home offices",
            not_affected="the customers' website",
            workaround="none",
            other_texts=("the seat plan and the list of remote staff", "about 900 claims a day are handled late"),
        ),
        sites=("Norwich", "Bristol", "York"),
        messages=(
            (
                "update",
                "end_users",
                "claims open slowly",
                "Opening a claim in Claims Portal takes more than a minute for 310 claims handlers in Norwich, Bristol and at home, since 08:30 (UTC+0). The customers' website is not affected. There is no workaround yet. We switched off tonight's reports at 20:15 (UTC+0), and a claim now opens in about 40 seconds. Please keep claims open instead of closing them. Next update by 21:30 (UTC+0).",
            ),
            (
                "update",
                "executives",
                "claims open slowly",
                "310 claims handlers (Norwich, Bristol, home offices) wait more than a minute for each claim, since 08:30 (UTC+0). About 900 claims a day are handled late. Tonight's reports are switched off; that helps, but it is not enough. No decision needed. Next update by 21:30 (UTC+0).",
            ),
            (
                "closure",
                "end_users",
                "claims open as before",
                "The incident with Claims Portal is closed. 310 claims handlers in Norwich, Bristol and at home waited more than a minute for each claim, from 08:30 (UTC+0) until 20:40 (UTC+0), 12 hours 10 minutes in all. No data was lost; we have compared every claim of the day. We will publish what we have learned by Monday 30 November. If a claim still opens slowly, contact the service desk. We are sorry for a long and tiring day. There will be no more updates.",
            ),
        ),
        numbers=(("310", "130"),),
        places=(("Norwich", "York"),),
        times=(("08:30", "09:30"),),
    ),
    Story(
        name="telephone",
        zone=LONDON,
        recorded=_record(
            LONDON,
            (18, 55),
            service="Contact Centre",
            who="agents",
            activity="cannot take inbound calls",
            count="more than 700",
            where="Belfast, Swansea and the home workers",
            not_affected="Manila",
            workaround="calls overflow to Manila; chat works",
            other_texts=("the rota", "4,300 callers an hour"),
        ),
        sites=("Belfast", "Swansea", "Manila", "Durham"),
        messages=(
            (
                "initial",
                "end_users",
                "agents cannot take calls",
                "Colleagues in Belfast and Swansea and those working from home: inbound calls are not reaching you in Contact Centre. More than 700 agents have been without calls since 18:55 (UTC+0). Manila is taking the overflow and chat works, so please sign in to chat. The telephone platform is being restarted. You will hear from us next by 21:30 (UTC+0).",
            ),
            (
                "update",
                "executives",
                "agents cannot take calls",
                "Customers wait longer on the telephone: over 700 of our agents (Belfast, Swansea, home) cannot take inbound calls since 18:55 (UTC+0). Normally 4,300 callers an hour reach us; Manila can serve about half. The platform is being restarted in stages. One decision may be needed at 21:30 (UTC+0): whether to close the lines early. Next update by 21:30 (UTC+0).",
            ),
            (
                "update",
                "service_desk",
                "agents cannot take calls",
                "STATUS: inbound calls down for 700+ agents, Belfast / Swansea / home, since 18:55 (UTC+0).\nOK: Manila, chat, outbound calls.\nSAY: “Please use chat; your calls go to Manila for now.”\nLOG: the agent's extension and whether outbound works.\nNEXT: 21:30 (UTC+0).",
            ),
        ),
        numbers=(("700", "170"), ("700", "7,000")),
        places=(("Swansea", "Durham"),),
        times=(("18:55", "18:15"),),
    ),
    Story(
        name="school",
        zone=SYDNEY,
        language="en-AU",
        recorded=_record(
            SYDNEY,
            (7, 10),
            service="Learning Hub",
            who="pupils and teachers",
            activity="cannot open lessons",
            count="around 15,000",
            where="all 42 schools of the district",
            not_affected="e-mail and the library",
            workaround="teachers have the worksheets on paper",
            other_texts=("enrolment list", "the mathematics test at 09:30 needs the hub"),
        ),
        messages=(
            (
                "initial",
                "end_users",
                "lessons do not open",
                "Good morning. Lessons in Learning Hub do not open for around 15,000 pupils and teachers in all 42 schools of the district. It has been like this since 07:10 (UTC+11). E-mail and the library are not affected. Teachers: please hand out the paper worksheets. We are working with the provider of the hub. Our next message comes by 08:30 (UTC+11).",
            ),
            (
                "holding",
                "end_users",
                "lessons do not open",
                "Nothing has changed since our message of 07:30 (UTC+11): around fifteen thousand pupils and teachers cannot open lessons in Learning Hub. The provider is repairing the sign-in. Please go on with the paper worksheets. Next update by 08:30 (UTC+11).",
            ),
            (
                "update",
                "service_owners",
                "lessons do not open",
                "Around 15,000 pupils and teachers, 42 schools, cannot open lessons since 07:10 (UTC+11). The mathematics test at 09:30 (UTC+11) needs the hub. We ask each head to decide by 09:00 (UTC+11) whether to move it. The provider is repairing the sign-in; the first school can open lessons again in a trial. Next update by 08:30 (UTC+11).",
            ),
        ),
        numbers=(("15,000", "1,500"), ("42 schools", "52 schools"), ("fifteen thousand", "fifty thousand")),
        times=(("07:10", "07:40"),),
    ),
    Story(
        name="payments",
        zone=NEW_YORK,
        language="en-US",
        recorded=_record(
            NEW_YORK,
            (15, 18),
            service="Checkout API",
            who="merchants",
            activity="see declined payments",
            count="12–15 % of merchants",
            where="the United States and Canada",
            not_affected="merchants in Europe; refunds; payouts",
            workaround="retry after 30 seconds",
            other_texts=("share of declined payments", "the holiday sale ends at midnight"),
        ),
        messages=(
            (
                "initial",
                "public",
                "some payments are declined",
                "Identified: between 12 and 15 percent of merchants in the United States and Canada see declined payments in Checkout API. Start: 3:18 PM (UTC-5). Merchants in Europe, refunds and payouts are not affected. Retrying after 30 seconds usually works. Our engineers are adding a second route to the card network. Next update by 4:30 PM (UTC-5).",
            ),
            (
                "update",
                "end_users",
                "some payments are declined",
                "Payments are still being declined for 12-15% of merchants in the United States and Canada; this has been going on since 3:18 PM (UTC-5). A second route to the card network now carries one in ten payments. Please retry a declined payment after 30 seconds and tell your customers that they are not charged twice. Next update by 4:30 PM (UTC-5).",
            ),
            (
                "restored",
                "public",
                "payments go through again",
                "Payments go through again for all merchants in the United States and Canada since 3:50 PM (UTC-5). From 3:18 PM (UTC-5), for 32 minutes, 12 to 15 % of merchants had seen declined payments in Checkout API. No payment was charged twice; we have checked each of them. You do not need to do anything. If you still see declined payments, contact support. We apologize for the sales that you lost. We will post again only if the problem returns.",
            ),
        ),
        numbers=(("12", "22"),),
        places=(("Canada", "Mexico"),),
        times=(("3:18 PM", "3:08 PM"),),
    ),
    Story(
        name="council",
        zone=LONDON,
        recorded=_record(
            LONDON,
            (14, 0),
            service="Housing Repairs",
            who="tenants",
            activity="cannot book repairs on the website",
            count="not yet known",
            where="the whole borough",
            not_affected="the emergency line",
            workaround="bookings by telephone until 22:00",
            other_texts=("about 60 bookings a day",),
        ),
        messages=(
            (
                "initial",
                "public",
                "tenants cannot book repairs online",
                "Tenants in the whole borough cannot book repairs on the website of Housing Repairs. It began at 14:00 (UTC+0). We do not yet know how many tenants are affected; we are counting and will say so in the next update. You can book by telephone until 22:00 (UTC+0). The emergency line works as usual. Next update by 21:30 (UTC+0).",
            ),
            (
                "update",
                "public",
                "tenants cannot book repairs online",
                "You still cannot book repairs online in Housing Repairs (since 14:00 (UTC+0), whole borough). The number of tenants affected is not yet known; about 60 book on a usual day. Our engineers have found that the form rejects every address and are correcting it. Please ring us to book; lines are open until 22:00 (UTC+0). Next update by 21:30 (UTC+0).",
            ),
        ),
        times=(("14:00", "12:00"),),
    ),
)


# When the messages say that it was over.
_RESTORED = {"university": (21, 50), "retailer": (2, 20), "insurer": (20, 40), "payments": (15, 50)}


def clean() -> list[Written]:
    """Every message of every story."""
    return [one for story in STORIES for one, _slips in _written(story)]


def planted(*, seed: int = 7) -> Iterator[Planted]:
    """Each message with each slip of its story that it can have, and with each mistake that any text can have."""
    for story in STORIES:
        for one, slips in _written(story):
            yield from slips
            yield from planted_in_text(one, random.Random(f"{seed} {one.name}"))


def _written(story: Story) -> Iterator[tuple[Written, list[Planted]]]:
    for turn, (kind, audience, subject, body) in enumerate(story.messages):
        is_over = kind in ("restored", "closure")
        restored_at = _today(story.zone, *_RESTORED[story.name]) if is_over else None
        draft = Draft(
            kind=kind,
            audiences=(audience,),
            subject=subject,
            body=body,
            next_update_at=None if is_over else NEXT,
            latest_next_at=None if is_over else NOW + timedelta(minutes=60),
            tz=ZoneInfo(story.zone),
            state={"closure": "closed", "restored": "monitoring"}.get(kind, "identified"),
            language=story.language,
            known=Known(
                people=PEOPLE,
                manager_names=("Mia Torres",),
                teams=TEAMS,
                services=(story.recorded.service,),
                sites=story.sites,
                glossary=story.glossary,
            ),
            recorded=replace(story.recorded, restored_at=restored_at),
        )
        one = Written(name=f"{story.name} {kind} {turn}", half="by hand", draft=draft)
        yield one, list(_slips(story, one))


def _slips(story: Story, one: Written) -> Iterator[Planted]:
    for mistake, codes, slips in (
        ("wrong number", ("C11",), story.numbers),
        ("wrong place", ("C11",), story.places),
        ("wrong time", ("C11", "C01"), story.times),
    ):
        for right, wrong in slips:
            if right in one.draft.body:
                draft = replace(one.draft, body=one.draft.body.replace(right, wrong, 1))
                yield Planted(mistake=mistake, codes=codes, clean=one, draft=draft)
