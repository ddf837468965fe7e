"""Updates as other people write them: a telecom operator and an exchange."""

# ruff: noqa: E501 -- one message is one string

from bench.gate_data.stranger import Stranger, record

TELECOM = Stranger(
    name="Harbourline Telecom",
    zone="Europe/London",
    language="en-GB",
    recorded=record(
        "Europe/London",
        (17, 48),
        service="Home Broadband",
        who="Home Broadband customers",
        activity="get online",
        count="about 64,000 homes",
        where="Leeds, Bradford and Wakefield",
        not_affected="York, Hull and Sheffield; Harbourline Mobile and Business Ethernet",
        workaround="switch on the free Data Boost in the My Harbourline app and share the mobile connection",
        other_texts=(
            "31,000 homes in Leeds, 21,500 in Bradford and 11,500 in Wakefield",
            "One in five (20%) of our 320,000 Home Broadband customers in Yorkshire",
            "Text message to customers at 18:20 (UTC+0) said 40,000 homes; corrected to 64,000",
            "Home phones that plug into the hub do not work either; the hub shows a flashing orange light",
            "In an emergency call 999 from a mobile; restarting or resetting the hub does not help while the fault lasts",
            "All 1,140 customers with a care alarm have been rung; care alarm calls go to extension 5150",
            "Cause confirmed at 19:25 (UTC+0): two failed power supplies at the Leeds exchange",
            "Engineers at the Leeds exchange; first of two power supplies replaced at 20:15 (UTC+0); state at 20:30 (UTC+0): "
            "second being fitted",
            "2,350 calls to the desk from 18:00 (UTC+0) to 20:30 (UTC+0), average wait 14 minutes; 2,910 calls in all; "
            "26 care alarm calls stay open for the field team",
            "Automatic compensation £9.98 a day after two full working days, paid without a claim; about £639,000 a day for all homes",
            "Regulator told at 19:05 (UTC+0); one regional radio station has called",
            "Help: dial 150 from a Harbourline phone or +44 20 7946 0132",
            "Restored after 3 hours 4 minutes (3 h 4 min); both power supplies replaced; no loss of customer data found",
            "If still offline: turn the hub off, wait 30 seconds, turn it on again",
        ),
        priority="P1",
        reference="MI-2026-0412",
    ),
    services=(
        "Home Broadband",
        "Business Ethernet",
        "Harbourline Mobile",
        "Harbourline TV",
        "My Harbourline",
    ),
    sites=("Leeds", "Bradford", "Wakefield", "York", "Hull", "Sheffield", "Newcastle", "Nottingham"),
    glossary={"Data Boost": "extra mobile data at no charge", "hub": "the router in the home", "UTC": "universal time"},
    messages=(
        (
            "initial",
            "public",
            "Home Broadband: homes in Leeds, Bradford and Wakefield cannot get online",
            """Home Broadband is down for about 64,000 homes in Leeds, Bradford and Wakefield. They have not been able to get online since 5.48 pm (UTC+0). Phones that plug into the hub are down too. York, Hull and Sheffield are not affected.

<<Our engineers are at work in the Leeds exchange.>>

[[Please switch on the free Data Boost in the My Harbourline app and share your mobile connection. In an emergency, call 999 from a mobile.]]

Next update: 9.30 pm (UTC+0). Reference: MI-2026-0412.""",
        ),
        (
            "initial",
            "service_desk",
            "Home Broadband: customers cannot get online",
            """Please use this note for calls about Home Broadband from Leeds, Bradford and Wakefield.

Priority: P1
Reference: MI-2026-0412
Since: 17:48 (UTC+0)
Size: about 64,000 homes
What callers see: a flashing orange light on the hub, no internet, and no dialling tone on phones that plug into the hub

[[Do
- Link the call to MI-2026-0412. Do not open a new fault.
- Offer the free Data Boost in the My Harbourline app.
- Put callers with a care alarm through to extension 5150.]]

Do not
- Promise a time when the service will be back.
- Ask the caller to reset the hub.

<<Engineers are at the Leeds exchange.>> Calls from York, Hull and Sheffield have nothing to do with this, so treat them as normal faults. The next note comes at 21:30 (UTC+0).""",
        ),
        (
            "update",
            "service_desk",
            "Home Broadband: customers still cannot get online",
            """Desk note 3, Home Broadband (P1, MI-2026-0412). All times UTC+0.

Correction: the text message that customers received at 18:20 said 40,000 homes. The right figure is 64,000: 31,000 in Leeds, 21,500 in Bradford and 11,500 in Wakefield.

[[What to say
- "Your broadband has been down since 17:48. Engineers are replacing two failed power supplies at the Leeds exchange."
- "You can switch on the free Data Boost in the My Harbourline app."
- If asked about money: "We pay £9.98 a day after two full working days. You do not have to claim it."]]

<<The first power supply was replaced at 20:15, and the second is being fitted.>>

Harbourline Mobile and Business Ethernet are working. All 1,140 customers with a care alarm have been rung.

Our queue: 2,350 calls between 18:00 and 20:30, with an average wait of 14 minutes. Thank you for staying so calm.

Next desk note: 21:30.""",
        ),
        (
            "update",
            "public",
            "Home Broadband: homes in Yorkshire still cannot get online",
            """Update, 8.30 pm (UTC+0)

One in five of our Home Broadband customers in Yorkshire still cannot get online. The fault began at 5.48 pm (UTC+0) and affects Leeds, Bradford and Wakefield only.

<<Engineers have replaced one of two failed power supplies and are fitting the second.>>

[[There is no need to restart your hub. Please use the free Data Boost in the My Harbourline app.]]

We have rung all 1,140 customers with a care alarm and will write again at 9.30 pm (UTC+0).""",
        ),
        (
            "update",
            "executives",
            "Home Broadband: 64,000 homes cannot get online",
            """Home Broadband, P1, MI-2026-0412. All times UTC+0.

Impact: 64,000 of our 320,000 homes in Yorkshire (20%) have been offline since 17:48.
Where: Leeds 31,000, Bradford 21,500, Wakefield 11,500. York, Hull and Sheffield are not affected.
Cause: two failed power supplies at the Leeds exchange, confirmed at 19:25.
Action: <<the first was replaced at 20:15, and the second is being fitted.>>
Workaround: free Data Boost in the My Harbourline app.
Money: compensation of about £639,000 a day, but only after two full working days.
Outside interest: the regulator was told at 19:05, and one regional radio station has called.
Decision: none needed from you.
Next update: 21:30.""",
        ),
        (
            "restored",
            "public",
            "Home Broadband: homes can get online again",
            """Home Broadband is working again in Leeds, Bradford and Wakefield. About 64,000 homes could not get online from 5.48 pm (UTC+0) to 8.52 pm (UTC+0): three hours and four minutes. We have found no loss of customer data.

[[Still offline? Turn your hub off, wait 30 seconds and turn it on again. If that fails, call +44 20 7946 0132.]]

<<We are watching the network tonight>> and will post again only if something changes. We are sorry for the disruption.""",
        ),
        (
            "closure",
            "service_desk",
            "Home Broadband: closed, customers can get online",
            """MI-2026-0412 (Home Broadband, P1) is closed. All times UTC+0.

Started: 17:48
Cause confirmed: 19:25
First power supply replaced: 20:15
Restored: 20:52
Duration: 3 h 4 min
Homes affected: 64,000 (Leeds, Bradford, Wakefield)
Calls taken: 2,910

[[Close every call that is linked to this incident, apart from the 26 care alarm calls. Those stay open for the field team. If a customer is still offline, ask them to turn the hub off for 30 seconds; if that fails, open a new fault.]]

The cause was two failed power supplies at the Leeds exchange, and both have been replaced. We have found no loss of customer data. This is the final note. We are sorry for the long queue, and thank you for your help.""",
        ),
    ),
    restored=(20, 52),
    slips=(
        ("wrong number", "64,000", "46,000"),
        ("wrong priority", "P1", "P3"),
        ("wrong number", "Bradford 21,500", "Bradford 25,100"),
        ("wrong number", "2,910", "9,210"),
        ("wrong number in words", "One in five of our", "One in three of our"),
        ("wrong number in words", "three hours and four minutes", "five hours and four minutes"),
        ("wrong percentage", "(20%)", "(35%)"),
        ("wrong place", "Leeds, Bradford and Wakefield", "Leeds, Bradford and Sheffield"),
        ("wrong place", "York, Hull and Sheffield are not", "York, Wakefield and Sheffield are not"),
        ("wrong service", "Home Broadband is down", "Business Ethernet is down"),
        ("wrong service", "Home Broadband is working again", "Harbourline TV is working again"),
        ("wrong start", "since 5.48 pm", "since 4.18 pm"),
        ("wrong start", "since 17:48", "since 16:48"),
        ("wrong zone", "5.48 pm (UTC+0)", "5.48 pm (UTC+1)"),
        ("wrong next time", "9.30 pm (UTC+0)", "10.15 pm (UTC+0)"),
        ("wrong next time", "Next update: 21:30", "Next update: 22:30"),
        ("wrong restored time", "8.52 pm (UTC+0)", "7.52 pm (UTC+0)"),
        ("wrong restored time", "Restored: 20:52", "Restored: 20:22"),
        ("wrong reference", "MI-2026-0412", "MI-2026-0421"),
        ("wrong money", "£639,000", "£936,000"),
    ),
    grammar=(
        ("They have not been able", "They has not been able"),
        ("Our engineers are at work", "Our engineers is at work"),
        ("have been rung", "have been rang"),
        ("The cause was two", "The cause were two"),
    ),
    misspellings=(
        ("emergency", "emergancy"),
        ("compensation", "compensasion"),
        ("customers", "custommers"),
        ("exchange", "exchagne"),
        ("disruption", "disrupton"),
    ),
)

EXCHANGE = Stranger(
    name="Calder Street Exchange",
    zone="America/New_York",
    language="en-US",
    recorded=record(
        "America/New_York",
        (13, 17),
        service="Order Gateway",
        who="member firms",
        activity="enter or cancel orders",
        count="46 member firms",
        where="New York, Boston, and Stamford",
        not_affected="Chicago and Philadelphia; Market Data Feed and Clearing Portal",
        workaround="send orders through the Backup Order Route in Chicago, or call the Trade Desk",
        other_texts=(
            "46 of 212 member firms (about 22%, more than one in five): New York 31, Stamford 8, Boston 7",
            "Trading halted in 64 symbols at 1:24 p.m. (UTC-5), resumed in all 64 symbols at 3:50 p.m. (UTC-5)",
            "At 2:15 p.m. (UTC-5) we said 58 symbols; the correct number is 64",
            "38,600 open orders canceled at 1:31 p.m. (UTC-5); checks found no other lost orders",
            "Orders worth $1.4 billion not entered by 3:30 p.m. (UTC-5)",
            'Error shown to members: "Session not available (58)"',
            "Cause confirmed at 1:52 p.m. (UTC-5): the log disk of the session manager was full; alarm threshold 95%",
            "Order sessions are restarted in six groups; four of six done at 3:30 p.m. (UTC-5)",
            "Members should not resend orders that show as pending",
            "Closing auction at 4:00 p.m. (UTC-5) runs through the Backup Order Route",
            "Regulator informed at 1:50 p.m. (UTC-5); two reporters have called",
            "Trade Desk +1 212 555 0147; list of halted symbols at calderstreet.example/halts",
            "Restored after 2 hours 29 minutes (149 minutes)",
            "Follow-up: lower the alarm threshold from 95% to 80% by Friday, December 4; review on Tuesday, December 1, at "
            "10:00 a.m. (UTC-5)",
            "Monitoring through tomorrow's opening at 9:30 a.m. (UTC-5)",
        ),
        priority="P1",
        reference="INC0081427",
    ),
    services=(
        "Order Gateway",
        "Market Data Feed",
        "Clearing Portal",
        "Member Reporting",
        "Backup Order Route",
    ),
    sites=("New York", "Boston", "Stamford", "Chicago", "Philadelphia", "Miami", "Dallas"),
    glossary={"FIX": "the message format for orders", "Trade Desk": "the desk that takes orders by phone"},
    messages=(
        (
            "initial",
            "end_users",
            "Order Gateway: member firms cannot enter or cancel orders",
            """Forty-six member firms in New York, Boston, and Stamford cannot enter or cancel orders through Order Gateway. The problem began at 1:17 p.m. (UTC-5) today.

Firms in Chicago and Philadelphia can enter orders normally. Market Data Feed and Clearing Portal are unaffected.

[[What you can do: send your orders through the Backup Order Route in Chicago, or call the Trade Desk at +1 212 555 0147. Please do not resend orders that show as pending.]]

<<What we are doing: we are restarting the order sessions in six groups.>>

Priority: P1
Reference: INC0081427
Next update: 4:30 p.m. (UTC-5).""",
        ),
        (
            "update",
            "technical",
            "Order Gateway: firms cannot enter or cancel orders",
            """INC0081427 | P1 | Order Gateway | update 4
18:17 UTC (1:17 p.m. UTC-5): FIX logons fail with "Session not available (58)" for 46 firms.
18:24 UTC (1:24 p.m. UTC-5): trading halted in 64 symbols.
18:31 UTC (1:31 p.m. UTC-5): 38.6k open orders canceled.
18:52 UTC (1:52 p.m. UTC-5): confirmed that the log disk of the session manager was full.
20:30 UTC (3:30 p.m. UTC-5): <<four of six session groups restarted; groups five and six are in progress.>>
Scope: 46 of 212 firms (New York 31, Stamford 8, Boston 7). Chicago and Philadelphia are clean.
Workaround in use: Backup Order Route in Chicago.
Ask: [[please keep test sessions off Order Gateway until all six groups are up.]]
Next update: 21:30 UTC (4:30 p.m. UTC-5).""",
        ),
        (
            "update",
            "executives",
            "Order Gateway: 46 firms cannot enter or cancel orders",
            """1. So what: since 1:17 p.m. (UTC-5), about 22% of our member firms have been unable to enter or cancel orders through Order Gateway. They number 46 of 212: 31 in New York, eight in Stamford, and seven in Boston.

2. Size: orders worth $1.4 billion had not been entered by 3:30 p.m. (UTC-5). Trading in 64 symbols is halted. The regulator was informed at 1:50 p.m. (UTC-5), and two reporters have called.

3. Action: <<four of six groups of order sessions have been restarted, and work on the other two continues.>> The 4:00 p.m. (UTC-5) closing auction will run through the Backup Order Route.

4. Decision: none needed. We will report again at 4:30 p.m. (UTC-5).

INC0081427, P1.""",
        ),
        (
            "update",
            "public",
            "Order Gateway: firms still cannot enter or cancel orders",
            """Trading in 64 symbols is still halted. Correction: at 2:15 p.m. (UTC-5) we said 58 symbols.

More than one in five of our member firms (in New York, Boston, and Stamford) cannot enter or cancel orders through Order Gateway. The problem began at 1:17 p.m. (18:17 UTC).

<<We are restarting the last two of six groups of sessions.>>

[[Ask your broker whether your order was accepted before you place it again. The halted symbols are listed at calderstreet.example/halts.]]

Next update: 4:30 p.m. (21:30 UTC).""",
        ),
        (
            "restored",
            "end_users",
            "Order Gateway: member firms can enter and cancel orders again",
            """Member firms in New York, Boston, and Stamford can use Order Gateway again. All times UTC-5.

1:17 p.m. - Order Gateway stopped accepting orders from 46 firms
1:24 p.m. - trading halted in 64 symbols
1:31 p.m. - 38,600 open orders canceled
3:46 p.m. - Order Gateway restored after 2 hours 29 minutes
3:50 p.m. - trading resumed in all 64 symbols

We found no other lost orders.

[[Please log on again and review your open orders. If you see "Session not available (58)", call the Trade Desk at +1 212 555 0147 and quote INC0081427.]]

<<We are monitoring Order Gateway through tomorrow's opening at 9:30 a.m.>> We will write again only if something changes. We apologize for the disruption.""",
        ),
        (
            "closure",
            "service_owners",
            "Order Gateway: closed, firms can enter and cancel orders",
            """Closing summary for INC0081427 (P1), Order Gateway

What happened: firms could not enter or cancel orders between 1:17 p.m. (UTC-5) and 3:46 p.m. (UTC-5), a total of 149 minutes.
Who was affected: 46 of 212 member firms, located in New York (31), Stamford (8), and Boston (7). Chicago and Philadelphia were not affected.
Business effect: 64 symbols halted, 38,600 orders canceled, and $1.4 billion in orders not entered by 3:30 p.m. (UTC-5). Our checks found no other lost orders.
Cause: the log disk of the session manager was full. Its alarm was set to go off only at 95%.

[[Still to do
- Lower the alarm threshold to 80% by Friday, December 4.
- Attend the review on Tuesday, December 1, at 10:00 a.m. (UTC-5).]]

This is the final message. We apologize for the disruption, and we thank everyone who took orders by phone.""",
        ),
    ),
    restored=(15, 46),
    slips=(
        ("wrong number", "46 of 212", "64 of 212"),
        ("wrong number", "in 64 symbols", "in 94 symbols"),
        ("wrong number", "38,600", "36,800"),
        ("wrong number", "38.6k", "83.6k"),
        ("wrong number", "149 minutes", "194 minutes"),
        ("wrong number in words", "Forty-six member firms", "Thirty-six member firms"),
        ("wrong number in words", "one in five of our", "one in three of our"),
        ("wrong percentage", "about 22%", "about 42%"),
        ("wrong priority", "P1", "P2"),
        ("wrong place", "New York, Boston, and Stamford", "New York, Boston, and Philadelphia"),
        ("wrong place", "Chicago and Philadelphia", "Boston and Philadelphia"),
        ("wrong service", "orders through Order Gateway", "orders through Clearing Portal"),
        ("wrong start", "1:17 p.m.", "2:17 p.m."),
        ("wrong start", "18:17 UTC", "17:17 UTC"),
        ("wrong zone", "1:17 p.m. (UTC-5)", "1:17 p.m. (UTC-4)"),
        ("wrong next time", "4:30 p.m. (UTC-5)", "5:15 p.m. (UTC-5)"),
        ("wrong next time", "21:30 UTC", "22:00 UTC"),
        ("wrong restored time", "3:46 p.m.", "2:46 p.m."),
        ("wrong reference", "INC0081427", "INC0084127"),
        ("wrong money", "$1.4 billion", "$4.1 billion"),
    ),
    grammar=(
        ("have been unable to enter", "has been unable to enter"),
        ("we are restarting the order sessions", "we are restart the order sessions"),
        ("whether your order was accepted", "whether your order were accept"),
        ("Philadelphia can enter orders", "Philadelphia can to enter orders"),
    ),
    misspellings=(
        ("normally", "normaly"),
        ("accepted", "acepted"),
        ("threshold", "threshhold"),
        ("symbols", "symbolls"),
        ("apologize", "apoligize"),
    ),
)

NINE = (TELECOM, EXCHANGE)
