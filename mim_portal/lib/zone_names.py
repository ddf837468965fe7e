"""Short names of time zones: those that mean one offset wherever they are written, and those that mean several."""

from datetime import timedelta, timezone
from typing import Final

# Hours from UTC.
ONE_OFFSET: Final = {
    "HST": -10, "AKST": -9, "AKDT": -8, "COT": -5, "PET": -5, "ECT": -5, "BOT": -4, "VET": -4, "CLT": -4, "CLST":
    -3, "NST": -3.5, "NDT": -2.5, "ART": -3, "BRT": -3, "UYT": -3, "BRST": -2, "WET": 0, "WEST": 1, "WAT": 1, "CET":
    1, "CEST": 2, "CAT": 2, "EET": 2, "SAST": 2, "EEST": 3, "EAT": 3, "IDT": 3, "TRT": 3, "MSK": 3, "IRST": 3.5,
    "GST": 4, "AFT": 4.5, "PKT": 5, "UZT": 5, "NPT": 5.75, "MMT": 6.5, "ICT": 7, "WIB": 7, "AWST": 8, "HKT": 8,
    "MYT": 8, "PHT": 8, "SGT": 8, "WITA": 8, "JST": 9, "KST": 9, "WIT": 9, "ACST": 9.5, "AEST": 10, "ChST": 10,
    "ACDT": 10.5, "AEDT": 11, "NZST": 12, "FJT": 12, "NZDT": 13,
}  # fmt: skip
# Summer time of London or of Bougainville, India or Ireland, China or Chicago: only a writer's own zone says which.
SEVERAL: Final = ("BST", "IST", "CST", "EST", "EDT", "CDT", "PST", "PDT", "MST", "MDT", "AST", "ADT")
EVERY: Final = (*SEVERAL, *ONE_OFFSET)
# What some are called in full, which means one offset or the writer's own.
IN_FULL: Final = {
    "Gulf Standard Time": "GST", "East Africa Time": "EAT", "West Africa Time": "WAT", "Central Africa Time": "CAT",
    "South Africa Standard Time": "SAST", "South African Standard Time": "SAST", "Central European Time": "CET",
    "Central European Summer Time": "CEST", "Eastern European Time": "EET", "Eastern European Summer Time": "EEST",
    "Singapore Time": "SGT", "Hong Kong Time": "HKT", "Japan Standard Time": "JST", "Korea Standard Time": "KST",
    "Australian Eastern Standard Time": "AEST", "Australian Eastern Daylight Time": "AEDT",
    "Australian Western Standard Time": "AWST", "Australian Central Standard Time": "ACST",
    "New Zealand Standard Time": "NZST", "New Zealand Daylight Time": "NZDT", "Pakistan Standard Time": "PKT",
    "Indian Standard Time": "IST", "India Standard Time": "IST", "Irish Standard Time": "IST",
    "British Summer Time": "BST", "Eastern Standard Time": "EST", "Eastern Daylight Time": "EDT",
    "Central Standard Time": "CST", "Central Daylight Time": "CDT", "Mountain Standard Time": "MST",
    "Mountain Daylight Time": "MDT", "Pacific Standard Time": "PST", "Pacific Daylight Time": "PDT",
}  # fmt: skip


def fixed(name: str) -> timezone | None:
    """The zone of a name that means one offset; None for any other name."""
    return timezone(timedelta(hours=ONE_OFFSET[name])) if name in ONE_OFFSET else None
