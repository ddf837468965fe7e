"""Mails in which servers report of ours, in the shapes of the common ones. `{id}` is the Message-ID of our copy."""

POSTFIX = """\
Return-Path: <>
Received: by mx.example.net (Postfix) id 4F2A11C0; Fri, 27 Nov 2026 14:02:11 +0000 (UTC)
Date: Fri, 27 Nov 2026 14:02:11 +0000 (UTC)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: incidents@portal.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4E8F01C0.1795788131/mx.example.net"
Message-Id: <20261127140211.4F2A11C0@mx.example.net>

This is a MIME-encapsulated message.

--4E8F01C0.1795788131/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{to}>: host mail.example.com[192.0.2.25] said: 550 5.1.1
    <{to}>: Recipient address rejected: User unknown in virtual
    mailbox table (in reply to RCPT TO command)

--4E8F01C0.1795788131/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4E8F01C0
X-Postfix-Sender: rfc822; incidents@portal.example
Arrival-Date: Fri, 27 Nov 2026 14:02:10 +0000 (UTC)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address rejected:
    User unknown in virtual mailbox table

--4E8F01C0.1795788131/mx.example.net
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <incidents@portal.example>
To: {to}
Message-ID: {id}
Subject: [P1] Payroll: no timesheets

--4E8F01C0.1795788131/mx.example.net--
"""

# No MX: Postfix found it out by itself.
POSTFIX_NO_DOMAIN = (
    POSTFIX.replace("Status: 5.1.1", "Status: 5.4.4")
    .replace("Remote-MTA: dns; mail.example.com\n", "")
    .replace(
        "Diagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address rejected:\n"
        "    User unknown in virtual mailbox table\n",
        "Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error\n"
        "    for name=example.invalid type=AAAA: Host not found\n",
    )
)

POSTFIX_DELAYED = POSTFIX.replace("Action: failed\nStatus: 5.1.1", "Action: delayed\nStatus: 4.4.1")

# Tried for five days.
POSTFIX_EXPIRED = POSTFIX.replace("Status: 5.1.1", "Status: 4.4.1").replace(
    "smtp; 550 5.1.1 <{to}>: Recipient address rejected:\n    User unknown in virtual mailbox table",
    "smtp; 451 4.4.1 connect to mail.example.com: Connection timed out",
)

EXIM = """\
Return-path: <>
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: incidents@portal.example
References: {id}
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1tGa1b-0003Xz-2M@mx.example.net>
Date: Fri, 27 Nov 2026 14:02:11 +0000
Auto-Submitted: auto-replied
X-Failed-Recipients: {to}
Content-Type: multipart/report; report-type=delivery-status; boundary=1795788131-eximdsn-424242
MIME-Version: 1.0

--1795788131-eximdsn-424242
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    host mail.example.com [192.0.2.25]
    SMTP error from remote mail server after RCPT TO:<{to}>:
    550 5.2.1 The email account that you tried to reach is disabled.

--1795788131-eximdsn-424242
Content-type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Action: failed
Final-Recipient: rfc822;{to}
Status: 5.0.0
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.2.1 The email account that you tried to reach is disabled.

--1795788131-eximdsn-424242
Content-type: message/rfc822

Return-path: <incidents@portal.example>
To: {to}
Message-ID: {id}
Subject: [P1] Payroll: no timesheets
Content-Type: multipart/alternative; boundary="x"

--x
Content-Type: text/plain

Paper works.
--x--

--1795788131-eximdsn-424242--
"""

# Exim before it wrote reports: words, and the headers of the message below them.
EXIM_OLD = """\
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: incidents@portal.example
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1tGa1b-0003Xz-2M@mx.example.net>
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    550 5.1.1 Unknown user

------ This is a copy of the message, including all the headers. ------

Return-path: <incidents@portal.example>
To: {to}
Message-ID: {id}
Subject: [P1] Payroll: no timesheets
"""

EXCHANGE = """\
From: <postmaster@example.com>
To: <incidents@portal.example>
Date: Fri, 27 Nov 2026 14:02:12 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="a1b2c3d4-0000-4a4a-9f9f-112233445566"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-US
Message-ID: <00112233-aaaa-bbbb-cccc-000000000000@AS8PR01.prod.exchangelabs.example>
In-Reply-To: {id}
References: {id}
Subject: Undeliverable: [P1] Payroll: no timesheets
Auto-Submitted: auto-replied
MIME-Version: 1.0

--a1b2c3d4-0000-4a4a-9f9f-112233445566
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="b2c3"

--b2c3
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to {to} couldn't be delivered.

--b2c3
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<p>Your message to {to} couldn't be delivered.</p>

--b2c3--

--a1b2c3d4-0000-4a4a-9f9f-112233445566
Content-Type: message/delivery-status

Reporting-MTA: dns;AS8PR01.prod.exchangelabs.example
Received-From-MTA: dns;mx.example.net
Arrival-Date: Fri, 27 Nov 2026 14:02:11 +0000

Final-Recipient: rfc822;{to}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup
X-Display-Name: Anna

--a1b2c3d4-0000-4a4a-9f9f-112233445566
Content-Type: message/rfc822

Received: from mx.example.net (192.0.2.7) by AS8PR01.prod.exchangelabs.example
To: {to}
Message-ID: {id}
Subject: [P1] Payroll: no timesheets

Paper works.

--a1b2c3d4-0000-4a4a-9f9f-112233445566--
"""

GMAIL = """\
Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
To: incidents@portal.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {id}
In-Reply-To: {id}
X-Failed-Recipients: {to}
Message-ID: <674723e4.050a0220.1f2e3d.00a1.GMR@mx.googlemail.example>
Date: Fri, 27 Nov 2026 06:02:12 -0800 (PST)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="000000000000c0ffee"; report-type=delivery-status

--000000000000c0ffee
Content-Type: multipart/related; boundary="000000000000beef"

--000000000000beef
Content-Type: text/plain; charset="UTF-8"

** The recipient's inbox is out of storage space **

Your message couldn't be delivered to {to}.

--000000000000beef--

--000000000000c0ffee
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example
Arrival-Date: Fri, 27 Nov 2026 06:02:11 -0800 (PST)
X-Original-Message-ID: {id}

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.2.2
Remote-MTA: dns; gmail-smtp-in.l.example. (192.0.2.27, the server for the domain.)
Diagnostic-Code: smtp; 552-5.2.2 The recipient's inbox is out of storage space and inactive.
 552 5.2.2 Please direct the recipient elsewhere.
Last-Attempt-Date: Fri, 27 Nov 2026 06:02:12 -0800 (PST)

--000000000000c0ffee
Content-Type: message/rfc822

To: {to}
Message-ID: {id}
Subject: [P1] Payroll: no timesheets

--000000000000c0ffee--
"""

# One member of the list that we wrote to.
MEMBER = POSTFIX.replace("Final-Recipient: rfc822; {to}", "Final-Recipient: rfc822; member@elsewhere.example").replace(
    "Original-Recipient: rfc822;{to}\n", "Original-Recipient: rfc822;member@elsewhere.example\n"
)

# A feedback loop (RFC 5965).
COMPLAINT = """\
From: <abusedesk@example.com>
Date: Fri, 27 Nov 2026 14:02:12 +0000
Subject: FW: [P1] Payroll: no timesheets
To: <abuse@portal.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for a message received on Fri, 27 Nov 2026.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

To: {to}
Message-ID: {id}
Subject: [P1] Payroll: no timesheets

Paper works.

--part1_13d.2e68ed54_boundary--
"""

ORDINARY = """\
From: Anna <anna@example.com>
To: incidents@portal.example
Subject: Re: [P1] Payroll: no timesheets
In-Reply-To: {id}
Message-ID: <1@example.com>

Thank you.
"""


def mail(shape: str, *, to: str, copy: str) -> bytes:
    return shape.replace("{to}", to).replace("{id}", copy).encode()
