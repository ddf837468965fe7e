"""Updates as other people write them: a water utility and a state agency."""

from bench.gate_data.stranger import Stranger, record

WATER = Stranger(
    name="Tarnwell Water",
    zone="Europe/London",
    language="en-GB",
    recorded=record(
        "Europe/London",
        (14, 40),
        service="My Account",
        who="customers",
        activity="pay bills or report leaks online",
        count="about 14,500 customers",
        where="Ashford, Canterbury, Dover and Thanet",
        not_affected="Maidstone, Hastings and Tonbridge; water supply and water quality; Meter Reading",
        workaround="Pay by phone on the automated line, and report leaks by phone on the leak line, day or night",
        other_texts=(
            "A text message to customers said 11,000 customers; the right number is 14,500.",
            "Of 3,600 payments tried, 2,700 failed: 75 per cent, three quarters. Failed payments are not charged.",
            "The page shows 'We could not load your account (WA-503)'.",
            "Payments worth £186,000 are delayed. The £10 late payment fee is waived for 7 days, a week.",
            "Four areas are affected. Eight extra advisers are on the leak line.",
            "15:05 (UTC+0) major incident declared. 17:30 (UTC+0) cause confirmed: a failed storage controller. "
            "18:20 (UTC+0) replacement controller fitted. 18:45 (UTC+0) account data being copied to it and checked.",
            "Callers to the leak line wait 12 minutes on average; the usual wait is 3 minutes.",
            "Duration when restored at 20:10 (UTC+0): 5 hours 30 minutes, five and a half hours.",
            "All account data has been checked and none is missing.",
            "Automated payment line: +44 20 7946 0041. Leak line: +44 20 7946 0077, open 24 hours. "
            "Customer line: +44 20 7946 0020.",
        ),
        priority="P1",
        reference="MI-2026-0318",
    ),
    services=("My Account", "Meter Reading", "Leak Map", "Field Work Scheduler", "Control Room Telemetry", "Payroll"),
    sites=("Ashford", "Canterbury", "Dover", "Thanet", "Maidstone", "Hastings", "Tonbridge", "Crawley", "Lewes"),
    glossary={"WA-503": "the number of the error on the account page"},
    messages=(
        (
            "initial",
            "public",
            "My Account: customers cannot pay bills or report leaks online",
            "Since 14:40 (UTC+0), customers in Ashford, Canterbury, Dover and Thanet have been unable to pay bills or"
            " report leaks online in My Account. About 14,500 customers are affected. Your water supply and its quality"
            " are not affected. [[Please pay by phone on +44 20 7946 0041. To report a leak, call +44 20 7946 0077, day"
            " or night. ]]<<Our engineers are working to bring My Account back.>> Next update: 21:30 (UTC+0)."
            " Reference: MI-2026-0318.",
        ),
        (
            "update",
            "public",
            "My Account: customers still cannot pay bills or report leaks online",
            "My Account: update\n"
            "What is wrong: About 14,500 customers cannot pay bills or report leaks online. A text message"
            " earlier today said 11,000; the right number is 14,500.\n"
            "Where: Ashford, Canterbury, Dover, Thanet\n"
            "Since: 2.40 pm (UTC+0)\n"
            "Working as normal: your water supply, Meter Reading, and everything in Maidstone, Hastings and Tonbridge\n"
            "[[What you can do: Pay by phone on +44 20 7946 0041. Report leaks on +44 20 7946 0077.\n]]"
            "Late payments: We are waiving the £10 late payment fee for a week.\n"
            "What we are doing: <<We have replaced a failed part and are copying account data to it.>>\n"
            "Next update: 21:30 (UTC+0)",
        ),
        (
            "update",
            "executives",
            "My Account: customers cannot pay bills or report leaks online",
            "MI-2026-0318 (P1)\n\n"
            "- So what: customers in four areas cannot pay bills or report leaks online in My Account. Water supply and"
            " quality are not affected.\n"
            "- Size: about 14,500 customers since 14:40 (UTC+0). Three quarters of payments failed (2,700 of 3,600)."
            " Payments worth £186,000 are delayed.\n"
            "- Cause: a failed storage controller, confirmed at 17:30 (UTC+0).\n"
            "- Action: <<a replacement was fitted at 18:20 (UTC+0), and account data is being copied to it.>>\n"
            "- Decision: none is needed from you now.\n\n"
            "Next update at 21:30 (UTC+0).",
        ),
        (
            "update",
            "service_desk",
            "My Account: customers cannot pay bills or report leaks online",
            "All times UTC+0.\n\n"
            "What callers see\n"
            "The account page stops with 'We could not load your account (WA-503)'. In all, 75 per cent of payments"
            " failed. About 14,500 customers have been affected since 14:40.\n\n"
            "What to tell them\n"
            "[[- Pay by phone on +44 20 7946 0041; it is automated.\n"
            "- Report leaks on +44 20 7946 0077. The average wait is twelve minutes, and eight extra advisers are on"
            " the line.\n"
            "- Failed payments are not charged, and the £10 late fee is waived for 7 days.\n"
            "- Please do not promise a time for the repair.]]\n\n"
            "What to log\n"
            "Link callers from Ashford, Canterbury, Dover and Thanet to MI-2026-0318 (P1). Maidstone, Hastings and"
            " Tonbridge are not affected, so open a separate ticket for callers from there.\n\n"
            "Progress\n"
            "17:30  Cause confirmed: a failed storage controller\n"
            "18:20  Replacement fitted\n"
            "18:45  <<Account data being copied and checked>>\n\n"
            "Next update: 21:30.",
        ),
        (
            "restored",
            "public",
            "My Account: customers can pay bills and report leaks online again",
            "My Account has been working again since 20:10 (UTC+0). From 14:40 (UTC+0), about 14,500 customers in"
            " Ashford, Canterbury, Dover and Thanet could not pay bills or report leaks online. It lasted five and a"
            " half hours. We have checked all account data, and none is missing. [[If your payment failed, please make"
            " it again; you have not been charged. If you still have a problem, call +44 20 7946 0020. ]]<<We are"
            " watching My Account closely overnight.>> We are sorry for the trouble this caused, and thank you for"
            " your patience. Reference: MI-2026-0318.",
        ),
    ),
    restored=(20, 10),
    slips=(
        ("wrong number", "bout 14,500 customers", "bout 41,500 customers"),
        ("wrong number", "(2,700 of 3,600)", "(2,100 of 3,600)"),
        ("wrong number in words", "Three quarters of payments failed", "One quarter of payments failed"),
        ("wrong percentage", "75 per cent of payments", "57 per cent of payments"),
        ("wrong place", "Ashford, Canterbury, Dover and Thanet", "Ashford, Canterbury, Lewes and Thanet"),
        ("wrong service", "your water supply, Meter Reading,", "your water supply, My Account,"),
        ("wrong start", "ince 14:40", "ince 15:40"),
        ("wrong start", "Since: 2.40 pm (UTC+0)", "Since: 2.40 am (UTC+0)"),
        ("wrong next time", "21:30 (UTC+0)", "22:30 (UTC+0)"),
        ("wrong restored time", "since 20:10 (UTC+0)", "since 19:10 (UTC+0)"),
        ("wrong money", "£186,000", "£816,000"),
        ("wrong reference", "MI-2026-0318", "MI-2026-0381"),
    ),
    grammar=(),
    misspellings=(),
)

BENEFITS = Stranger(
    name="State Unemployment Benefits",
    zone="America/New_York",
    language="en-US",
    recorded=record(
        "America/New_York",
        (9, 20),
        service="Claimant Portal",
        who="claimants",
        activity="certify for weekly benefits",
        count="about 61,300 claimants",
        where="Erie, Monroe, Onondaga, Albany and Oneida counties",
        not_affected="Westchester, Suffolk and Nassau counties; Employer Tax Portal and Debit Card Payments",
        workaround="Certify by phone on the automated certification line with your Social Security number and PIN",
        other_texts=(
            "Five counties are affected.",
            "8,200 claimants have certified by phone today, roughly 13 percent.",
            "Weekly benefits of $23.6 million could be paid late. Payments already approved go out on time.",
            "The deadline to certify is extended by 48 hours, two days. Nobody loses a week of benefits.",
            'The portal shows "Your session has ended (CP-209)" after sign-in.',
            "One call in four (25 percent) waits more than 40 minutes. Thirty extra agents are taking calls.",
            "A recorded phone message said 16,000 claimants; the right number is 61,300.",
            "9:45 a.m. (UTC-5) major incident declared. 1:30 p.m. (UTC-5) sign-in service moved to spare "
            "servers. 2:15 p.m. (UTC-5) sign-in being "
            "tested. The cause is still under investigation.",
            "The Governor's office and three local TV stations have asked about it.",
            "Duration when restored at 3:05 p.m. (UTC-5): 5 hours 45 minutes.",
            "Automated certification line: +1 518 555 0139. Help line: +1 518 555 0162.",
        ),
        priority="P1",
        reference="MI-2026-0402",
    ),
    services=(
        "Claimant Portal",
        "Employer Tax Portal",
        "Debit Card Payments",
        "Appeals Calendar",
        "Job Match",
        "Identity Check",
    ),
    sites=("Erie", "Monroe", "Onondaga", "Albany", "Oneida", "Westchester", "Suffolk", "Nassau", "Dutchess", "Ulster"),
    glossary={
        "CP-209": "the number of the error in the portal",
        "PIN": "the secret number of a claimant",
        "TV": "television",
    },
    messages=(
        (
            "initial",
            "public",
            "Claimant Portal: claimants cannot certify for weekly benefits",
            "Claimants in Erie, Monroe, Onondaga, Albany and Oneida counties cannot certify for weekly benefits in the"
            " Claimant Portal. The problem began at 9:20 a.m. (UTC-5) and affects about 61,300 claimants. Debit Card"
            " Payments are working as usual. [[You can certify by phone at +1 518 555 0139. Have your Social Security"
            " number and PIN ready. ]]<<Our technical staff are working on the sign-in page.>> The deadline to certify"
            " is extended by 48 hours. Next update: 4:30 p.m. (UTC-5). Reference: MI-2026-0402.",
        ),
        (
            "update",
            "public",
            "Claimant Portal: claimants still cannot certify for weekly benefits",
            "Update on the Claimant Portal (all times UTC-5)\n\n"
            "What is happening\n"
            "Since 9:20 this morning, about 61,300 claimants have been unable to certify for weekly benefits. A"
            " recorded phone message gave the number as 16,000; that was wrong.\n\n"
            "Who is affected\n"
            "Claimants in five counties: Erie, Monroe, Onondaga, Albany and Oneida. There is no effect on Westchester,"
            " Suffolk and Nassau.\n\n"
            "[[What you can do\n"
            "- Certify by phone at +1 518 555 0139. So far, 8,200 claimants have done so.\n"
            "- If you prefer to wait, you have two extra days to certify.\n\n]]"
            "What we are doing\n"
            "<<We have moved sign-in to spare servers and are testing it.>>\n\n"
            "Next update: 4:30 p.m.",
        ),
        (
            "update",
            "executives",
            "Claimant Portal: claimants cannot certify for weekly benefits",
            "So what: claimants in five counties cannot certify for weekly benefits in the Claimant Portal (P1,"
            " MI-2026-0402).\n"
            "Size: about 61,300 claimants since 9:20 a.m. (UTC-5). Roughly 13 percent have certified by phone.\n"
            "Money: benefits of $23.6 million could be paid late. Payments already approved go out on time.\n"
            "Attention: the Governor's office and three local TV stations have asked about it.\n"
            "Action: <<sign-in moved to spare servers at 1:30 p.m. (UTC-5) and is being tested.>> The cause is still"
            " under investigation.\n"
            "Decision: none needed now. The deadline to certify is already extended by 48 hours.\n"
            "Next update: 4:30 p.m. (UTC-5).",
        ),
        (
            "update",
            "service_desk",
            "Claimant Portal: claimants cannot certify for weekly benefits",
            "For agents on the help line, MI-2026-0402, P1\n\n"
            "Callers from Erie, Monroe, Onondaga, Albany and Oneida counties cannot certify for weekly benefits. After"
            ' sign-in, the Claimant Portal shows "Your session has ended (CP-209)". This started at 9:20 a.m. (UTC-5)'
            " and affects about 61,300 claimants. The Employer Tax Portal is not affected.\n\n"
            "Script\n"
            "[[1. Offer the automated certification line, +1 518 555 0139.\n"
            "2. Tell callers that the deadline is extended by 48 hours and that nobody loses a week of benefits.\n"
            "3. Do not promise a time for the fix.\n"
            "4. Link the call to MI-2026-0402 and note the county.]]\n\n"
            "One call in four waits more than 40 minutes. Thirty extra agents are taking calls; thank you for your"
            " help.\n\n"
            "<<Sign-in is now on spare servers and has been in testing since 2:15 p.m. (UTC-5).>>"
            " Next update: 4:30 p.m. (UTC-5).",
        ),
        (
            "restored",
            "public",
            "Claimant Portal: claimants can certify for weekly benefits again",
            "The Claimant Portal was restored at 3:05 p.m. (UTC-5). Between 9:20 a.m. and 3:05 p.m. (UTC-5), about"
            " 61,300 claimants could not certify for weekly benefits. That is 5 hours 45 minutes. Erie, Monroe,"
            " Onondaga, Albany and Oneida counties were affected. [[Please sign in and certify now. If you already"
            " certified by phone, you do not need to do it again. If sign-in still fails, call +1 518 555 0162. ]]The"
            " deadline to certify remains extended by 48 hours. <<We are monitoring the portal.>> We apologize to"
            " everyone who had to wait. Reference: MI-2026-0402.",
        ),
    ),
    restored=(15, 5),
    slips=(
        ("wrong number", "about 61,300 claimants", "about 91,300 claimants"),
        ("wrong number", "8,200 claimants have done so", "2,800 claimants have done so"),
        ("wrong number in words", "Thirty extra agents", "Thirteen extra agents"),
        ("wrong number in words", "Claimants in five counties", "Claimants in seven counties"),
        ("wrong percentage", "13 percent", "31 percent"),
        ("wrong place", "Onondaga, Albany and Oneida counties", "Onondaga, Albany and Suffolk counties"),
        ("wrong service", "The Employer Tax Portal is not affected", "The Claimant Portal is not affected"),
        ("wrong start", "began at 9:20 a.m. (UTC-5)", "began at 9:20 p.m. (UTC-5)"),
        ("wrong zone", "since 9:20 a.m. (UTC-5)", "since 9:20 a.m. (UTC-8)"),
        ("wrong next time", "Next update: 4:30 p.m.", "Next update: 5:30 p.m."),
        ("wrong restored time", "was restored at 3:05 p.m. (UTC-5)", "was restored at 2:05 p.m. (UTC-5)"),
        ("wrong money", "$23.6 million", "$26.3 million"),
    ),
    grammar=(),
    misspellings=(),
)

ELEVEN = (WATER, BENEFITS)
