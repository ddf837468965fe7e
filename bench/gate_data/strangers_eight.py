"""Updates as other people write them: an insurer and an outsourcer."""

# ruff: noqa: E501 -- one message is one string

from bench.gate_data.stranger import Stranger, record

INSURER = Stranger(
    name="Aldermoor Mutual",
    zone="Europe/London",
    language="en-GB",
    recorded=record(
        "Europe/London",
        (16, 10),
        service="Claims Portal",
        who="policyholders and claims handlers",
        activity="register or settle claims",
        count="12,600 policyholders and 340 claims handlers",
        where="Leeds, Norwich and Glasgow",
        not_affected=(
            "Bristol and Cardiff; Policy Administration; claims made by telephone; payments that were approved earlier"
        ),
        workaround=(
            "Policyholders register a claim by telephone on +44 20 7946 0412. "
            "Claims handlers record new claims on paper form CF-7."
        ),
        other_texts=(
            "340 of our 520 claims handlers, 65%, roughly two thirds: Leeds 160, Norwich 110, Glasgow 70.",
            "The first briefing stated 9,800 policyholders; the verified figure is 12,600 policyholders.",
            "Settlements on hold: £1.2 million, 418 payments.",
            "Complaints received: 57, fewer than a hundred.",
            "The FCA was informed at 18:30 (UTC+0). There has been no media interest.",
            "Cause confirmed at 19:05 (UTC+0): a failed storage controller in the Leeds data centre.",
            "The controller was replaced at 19:50 (UTC+0). The claims data are being checked; 85% is complete.",
            "Decision point at 21:15 (UTC+0): whether to open the telephone claims line overnight.",
            "Claims line: +44 20 7946 0412, open until 22:00 (UTC+0). Page: aldermoor.example/claims.",
            "Monday 23 November 2026. As of 20:50 (UTC+0).",
            "Duration 4 hours 15 minutes. No loss of claims data was found.",
            "The 418 payments leave on Tuesday 24 November. The review report is due by 4 December 2026.",
        ),
        priority="P1",
        reference="MI-2026-0388",
    ),
    services=(
        "Claims Portal",
        "Policy Administration",
        "Broker Extranet",
        "Quotation Engine",
        "Document Archive",
        "Premium Collection",
    ),
    sites=("Leeds", "Norwich", "Glasgow", "Bristol", "Cardiff", "Belfast", "Exeter"),
    glossary={"FCA": "Financial Conduct Authority", "CF-7": "paper form for new claims"},
    messages=(
        (
            "initial",
            "executives",
            "Policyholders cannot register claims; handlers cannot settle them",
            "Executive briefing, Monday 23 November 2026\n"
            "Reference MI-2026-0388, priority P1\n\n"
            "1. Position. Since 16:10 (UTC+0), policyholders and claims handlers have been unable to register or "
            "settle claims in the Claims Portal.\n"
            "2. Extent. The incident concerns 12,600 policyholders and 340 claims handlers at Leeds, Norwich and "
            "Glasgow. Bristol and Cardiff continue to operate normally, as does Policy Administration.\n"
            "3. Action. <<A recovery team has been convened. Claims are being taken by telephone and on paper.>>\n"
            "4. Request. [[We ask you to refer any enquiry from the press to Corporate Affairs.]]\n\n"
            "The next briefing will be issued at 21:30 (UTC+0).",
        ),
        (
            "update",
            "end_users",
            "Claims handlers cannot register or settle claims",
            "Dear colleagues,\n\n"
            "The Claims Portal stopped working just after 4 pm (UTC+0) today. Roughly two thirds of our claims "
            "handlers cannot register or settle claims. They work at Leeds, Norwich and Glasgow. If you are based in "
            "Bristol or Cardiff, your work is not affected.\n\n"
            "[[Please record new claims on paper form CF-7 and keep the forms at your desk. Do not start a settlement "
            "until we tell you that the portal is open.]]\n\n"
            "<<The faulty equipment has been replaced. We are now checking the claims data, and 85% of the check is "
            "complete.>>\n\n"
            "We will write to you again at 9.30 pm (UTC+0). Thank you for your patience.",
        ),
        (
            "update",
            "public",
            "Policyholders cannot register claims online",
            "You cannot register a claim in our Claims Portal at present. This began at 16:10 (UTC+0) today and "
            "concerns customers of our Leeds, Norwich and Glasgow offices. Payments that we approved earlier are not "
            "affected. [[To make a claim, please telephone +44 20 7946 0412. The line is open until 22:00 (UTC+0).]] "
            "<<We are checking the claims data before we open the portal again.>> We apologise for the disruption. "
            "We will update this page at 21:30 (UTC+0).",
        ),
        (
            "update",
            "executives",
            "Claims cannot be registered or settled: second briefing",
            "Executive briefing no. 2. All times are London time (UTC+0). Position as of 20:50.\n\n"
            "Correction: our first briefing stated 9,800 policyholders. The verified figure is 12,600.\n\n"
            "Business effect: claims cannot be registered or settled in the Claims Portal. £1.2 million of settlements "
            "(418 payments) remains on hold. We have received fewer than a hundred complaints, 57 in all.\n"
            "Workforce: 340 of 520 claims handlers (65%), namely Leeds 160, Norwich 110 and Glasgow 70.\n"
            "Regulator: the FCA was informed at 18:30. There has been no media interest.\n"
            "Cause: a failed storage controller, confirmed at 19:05 and replaced at 19:50.\n"
            "Action: <<the claims data are being checked, and 85% is complete.>>\n"
            "Decision: [[please decide at 21:15 whether the telephone line stays open overnight.]]\n"
            "Next briefing: 21:30.",
        ),
        (
            "update",
            "service_owners",
            "Claims Portal: claims cannot be registered or settled",
            "MI-2026-0388 (P1) - for service owners\n\n"
            "| What | Figure |\n"
            "| Start | 16:10 (UTC+0) |\n"
            "| Policyholders | 12,600 |\n"
            "| Claims handlers | 340 |\n"
            "| Payments on hold | 418, worth £1.2 million |\n"
            "| Data check | 85% |\n\n"
            "Policyholders and claims handlers still cannot register or settle claims in the Claims Portal. Three "
            "offices (Leeds, Norwich and Glasgow) are concerned; Bristol and Cardiff are not. Policy Administration "
            "is running normally.\n\n"
            "<<The storage controller was replaced at 19:50 (UTC+0), and the data check is under way.>> [[Please tell "
            "us by return which claims must be settled first.]]\n\n"
            "Next update at 21:30 (UTC+0).",
        ),
        (
            "holding",
            "executives",
            "Claims still cannot be registered or settled",
            "There has been no material change since briefing no. 2. The Claims Portal has been unavailable at Leeds, "
            "Norwich and Glasgow since 16:10 (UTC+0). <<The check of the claims data continues.>> "
            "[[No action is required of you.]] A full briefing follows at 21:30 (UTC+0).",
        ),
        (
            "restored",
            "executives",
            "Claims can be registered and settled again",
            "Executive briefing: service restored\n\n"
            "The Claims Portal was restored at 20:25 (UTC+0). Policyholders and claims handlers at Leeds, Norwich and "
            "Glasgow can again register and settle claims.\n\n"
            "- Duration: 4 hours 15 minutes, from 16:10 to 20:25 (UTC+0)\n"
            "- Extent: 12,600 policyholders and 340 claims handlers\n"
            "- Data: no loss of claims data was found\n"
            "- Money: 418 payments, worth £1.2 million, will leave on Tuesday 24 November\n"
            "- Cause: a failed storage controller, which has been replaced\n\n"
            "<<We are monitoring the portal throughout the evening.>> [[No decision is required.]] We apologise for "
            "the disruption to your teams and to our customers.",
        ),
        (
            "closure",
            "executives",
            "Closing report: registering and settling claims",
            "Incident MI-2026-0388 has been closed. Between 16:10 and 20:25 (UTC+0) on Monday 23 November 2026, "
            "claims could not be registered or settled in the Claims Portal. A total of 340 claims handlers were "
            "concerned, 65% of our claims staff. We received 57 complaints. No loss of claims data was found. The "
            "review report will reach you by 4 December 2026. [[There is nothing further for you to do.]] We "
            "apologise for the disruption.",
        ),
    ),
    restored=(20, 25),
    slips=(
        ("wrong number", "12,600", "16,200"),
        ("wrong number", "340 claims handlers", "430 claims handlers"),
        ("wrong number", "418 payments", "814 payments"),
        ("wrong number in words", "Roughly two thirds", "Roughly a quarter"),
        ("wrong number in words", "fewer than a hundred complaints", "more than a thousand complaints"),
        ("wrong percentage", "65%", "45%"),
        ("wrong percentage", "85%", "58%"),
        ("wrong place", "Leeds, Norwich and Glasgow", "Leeds, Norwich and Cardiff"),
        ("wrong place", "Bristol and Cardiff", "Bristol and Glasgow"),
        ("wrong place", "Norwich 110", "Exeter 110"),
        ("wrong service", "The Claims Portal", "The Broker Extranet"),
        ("wrong start", "just after 4 pm", "just after 2 pm"),
        ("wrong start", "16:10 (UTC+0)", "15:10 (UTC+0)"),
        ("wrong zone", "21:30 (UTC+0)", "21:30 (UTC+1)"),
        ("wrong next time", "9.30 pm (UTC+0)", "10.30 pm (UTC+0)"),
        ("wrong next time", "Next briefing: 21:30", "Next briefing: 22:15"),
        ("wrong restored time", "restored at 20:25", "restored at 19:25"),
        ("wrong priority", "P1", "P2"),
        ("wrong reference", "MI-2026-0388", "MI-2026-0338"),
        ("wrong money", "£1.2 million", "£12 million"),
    ),
    grammar=(
        ("claims handlers have been unable", "claims handlers has been unable"),
        ("If you are based in", "If you is based in"),
        ("We have received fewer", "We have receive fewer"),
        ("could not be registered", "could not be register"),
    ),
    misspellings=(
        ("policyholders", "policyhodlers"),
        ("unavailable", "unavialable"),
        ("disruption", "disrupton"),
        ("settlements", "setlements"),
        ("monitoring", "moniotring"),
    ),
)

OUTSOURCER = Stranger(
    name="Nandi Managed Services",
    zone="Asia/Kolkata",
    language="en-GB",
    recorded=record(
        "Asia/Kolkata",
        (0, 40),
        service="Secure Remote Access",
        who="night-shift users of our clients",
        activity="log in and open their virtual desktops",
        count="2,150 users",
        where="Pune, Chennai and Hyderabad",
        not_affected="Mumbai, Bengaluru and Kochi; Client Mail; users who were already logged in",
        workaround=(
            "Use the browser portal at portal.nandims.example with the usual password. "
            "Mail and tickets work there; file shares do not."
        ),
        other_texts=(
            "2,150 users at 12 client companies, a dozen; Pune 940, Chennai 720, Hyderabad 490.",
            "2,150 of 5,375 night-shift users, 40%, two in five.",
            "The 01:30 (UTC+5:30) update said 1,800 users; the right number is 2,150 users.",
            "Service credits at stake: ₹4.5 lakh.",
            "Users see 'Login failed: session broker unreachable (RA-1042)'.",
            "P2 was set at 00:55 (UTC+5:30), 19:25 UTC.",
            "Cause confirmed at 01:35 (UTC+5:30), 20:05 UTC: the session brokers ran out of memory. "
            "Brokers: ra-brk-01, ra-brk-02, ra-brk-03 and ra-brk-04.",
            "Memory of two of the four brokers (login servers) was doubled from 16 GB to 32 GB at 02:00 (UTC+5:30), 20:30 UTC.",
            "Helpline: +91 20 5555 0188. Status page: status.nandims.example.",
            "So far 310 tickets have been logged. The night shift ends at 6 am (UTC+5:30).",
            "As of 02:20 (UTC+5:30), 20:50 UTC.",
            "Duration 1 hour 30 minutes, 90 minutes. No loss of client data was found.",
            "The review report will be sent by Friday 27 November.",
        ),
        priority="P2",
        reference="INC-559034",
    ),
    services=(
        "Secure Remote Access",
        "Client Mail",
        "Managed Backup",
        "Ticket Hub",
        "Managed Print",
        "Asset Register",
    ),
    sites=("Pune", "Chennai", "Hyderabad", "Mumbai", "Bengaluru", "Kochi", "Noida", "Indore"),
    glossary={"GB": "gigabyte", "RA-1042": "error code of Secure Remote Access", "Nandi": "the outsourcer"},
    messages=(
        (
            "initial",
            "end_users",
            "Users cannot log in or open their virtual desktops",
            "Dear users,\n\n"
            "Since 00:40 (UTC+5:30), about 2,150 users in Pune, Chennai and Hyderabad have been unable to log in to "
            "Secure Remote Access. Their virtual desktops cannot be opened. Mumbai, Bengaluru and Kochi are working normally.\n\n"
            "[[If you are already logged in, please stay logged in. If not, kindly use the browser portal with your "
            "usual password. Mail and tickets work there; file shares do not.]]\n\n"
            "<<Our specialists are working on the login service.>>\n\n"
            "We will inform you again at 03:00 (UTC+5:30).",
        ),
        (
            "update",
            "service_owners",
            "Secure Remote Access: users cannot log in, update 2",
            "Dear service managers,\n\n"
            "Incident INC-559034, priority P2\n\n"
            "- What: users cannot log in to Secure Remote Access or open their virtual desktops\n"
            "- When: from 12.40 am (UTC+5:30), i.e. 7.10 pm UTC\n"
            "- Who: 2,150 users at a dozen client companies\n"
            "- Where: Pune (940), Chennai (720) and Hyderabad (490)\n"
            "- Not impacted: Mumbai, Bengaluru and Kochi, as well as Client Mail\n\n"
            "Please note: in our earlier update we mentioned 1,800 users. The right figure is 2,150 users.\n\n"
            "<<Two of the four login servers now have twice the memory. The other two are next.>> "
            "[[Kindly let us know if any of your night-shift work has a fixed deadline before the "
            "shift ends at 6 am (UTC+5:30).]]\n\n"
            "Next update: 3.00 am (UTC+5:30) / 9.30 pm UTC.",
        ),
        (
            "update",
            "technical",
            "Secure Remote Access: logins failing with RA-1042",
            "INC-559034 | P2 | Secure Remote Access\n\n"
            '19:10 UTC (00:40 UTC+5:30) first failed logins, "Login failed: session broker unreachable (RA-1042)"\n'
            "19:25 UTC (00:55 UTC+5:30) P2 set\n"
            "20:05 UTC (01:35 UTC+5:30) cause confirmed: session brokers out of memory\n"
            "20:30 UTC (02:00 UTC+5:30) ra-brk-01 and ra-brk-02 raised from 16 GB to 32 GB\n\n"
            "Impact: 2,150 users, Pune 940, Chennai 720, Hyderabad 490. Existing sessions are stable. Mumbai, "
            "Bengaluru and Kochi have their own brokers.\n"
            "Now: <<draining ra-brk-03, then ra-brk-04, for the same change.>>\n"
            "Ask: [[please hold all other changes on the brokers.]]\n"
            "Next: 21:30 UTC (03:00 UTC+5:30).",
        ),
        (
            "update",
            "service_desk",
            "Users cannot log in: points for the helpline",
            "Times are in India time (UTC+5:30).\n\n"
            "Secure Remote Access has not been accepting new logins since 00:40. Callers from Pune, Chennai and "
            "Hyderabad will report RA-1042. So far 310 tickets have been logged. Please link new ones to INC-559034.\n\n"
            "Q: Can I work?\n"
            "A: [[Yes. Please use the browser portal for mail and tickets.]] File shares are not available there.\n\n"
            "Q: I am in Mumbai. Am I affected?\n"
            "A: No. Mumbai, Bengaluru and Kochi are not part of this incident. Treat the call as a new ticket.\n\n"
            "Q: When will it be fixed?\n"
            "A: <<Our specialists are adding memory to the login servers.>> We do not give a time for the repair. The "
            "next update is at 03:00.",
        ),
        (
            "update",
            "executives",
            "Night-shift users cannot log in at three locations",
            "Effect: two in five of the night-shift users we support (40%) cannot log in to Secure Remote Access. This has been "
            "the case since 00:40 (UTC+5:30) in Pune, Chennai and Hyderabad.\n"
            "Size: 2,150 users at 12 client companies. Service credits of ₹4.5 lakh are at stake.\n"
            "Action: <<two of the four login servers have been enlarged, and the other two will follow.>> Users can "
            "read mail and tickets in the browser portal until then.\n"
            "Your decision: [[none is required.]]\n"
            "Next: 03:00 (UTC+5:30), which is 21:30 UTC. Reference: INC-559034 (P2).",
        ),
        (
            "restored",
            "end_users",
            "Users can log in and open their virtual desktops again",
            "Dear users,\n\n"
            "Secure Remote Access has been available again since 02:10 (UTC+5:30). For 90 minutes, from 00:40 (UTC+5:30), 2,150 users "
            "in Pune, Chennai and Hyderabad could not log in. No loss of client data was found.\n\n"
            "[[You can now log in and open your virtual desktop as usual. Please log out of the browser portal first. If you still see RA-1042, "
            "call our helpline on +91 20 5555 0188 or check status.nandims.example.]]\n\n"
            "<<We will keep monitoring the service through the night.>> We apologise for the disruption and thank you "
            "for your cooperation.",
        ),
        (
            "closure",
            "service_owners",
            "Closed: logging in and opening virtual desktops",
            "Dear service managers,\n\n"
            "INC-559034 (P2) is now closed.\n\n"
            "Service: Secure Remote Access\n"
            "Start: 00:40 (UTC+5:30)\n"
            "Restored: 02:10 (UTC+5:30)\n"
            "Duration: 1 hour 30 minutes\n"
            "Users: 2,150 at 12 client companies (Pune, Chennai and Hyderabad)\n"
            "Tickets: 310\n"
            "Cause: the session brokers ran out of memory\n"
            "Data: no loss of client data was found\n"
            "Service credits: ₹4.5 lakh at stake\n"
            "Outstanding: [[nothing on your side]]\n\n"
            "The review report will be sent by Friday 27 November. We apologise once more for the disruption to your "
            "night shift.",
        ),
    ),
    restored=(2, 10),
    slips=(
        ("wrong number", "2,150 users", "2,510 users"),
        ("wrong number", "12 client companies", "21 client companies"),
        ("wrong number", "310 tickets", "130 tickets"),
        ("wrong number in words", "a dozen client companies", "two dozen client companies"),
        ("wrong number in words", "two in five of", "four in five of"),
        ("wrong percentage", "40%", "14%"),
        ("wrong place", "Pune, Chennai and Hyderabad", "Pune, Chennai and Mumbai"),
        ("wrong place", "Mumbai, Bengaluru and Kochi", "Mumbai, Chennai and Kochi"),
        ("wrong place", "Hyderabad 490", "Noida 490"),
        ("wrong service", "Secure Remote Access has", "Managed Backup has"),
        ("wrong start", "00:40 (UTC+5:30)", "01:10 (UTC+5:30)"),
        ("wrong start", "12.40 am", "11.40 pm"),
        ("wrong start", "19:10 UTC", "18:10 UTC"),
        ("wrong zone", "03:00 (UTC+5:30)", "03:00 (UTC+4:30)"),
        ("wrong next time", "03:00 (UTC+5:30)", "03:20 (UTC+5:30)"),
        ("wrong next time", "9.30 pm UTC", "10.30 pm UTC"),
        ("wrong restored time", "02:10 (UTC+5:30)", "01:40 (UTC+5:30)"),
        ("wrong priority", "P2", "P4"),
        ("wrong reference", "INC-559034", "INC-559043"),
        ("wrong money", "₹4.5 lakh", "₹45 lakh"),
    ),
    grammar=(
        ("have been unable to log in", "has been unable to log in"),
        ("will be sent by", "will be send by"),
        ("Existing sessions are stable", "Existing sessions is stable"),
        ("We do not give a time", "We does not give a time"),
    ),
    misspellings=(
        ("specialists", "specalists"),
        ("memory", "memmory"),
        ("available", "avaliable"),
        ("password", "pasword"),
        ("companies", "compannies"),
    ),
)

EIGHT = (INSURER, OUTSOURCER)
