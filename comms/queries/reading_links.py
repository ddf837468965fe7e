"""Reading links that hold, and how often the four lines were opened by links, as counts."""

from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet, Sum

from comms.models import ReadingCount, ReadingLink


def holding(*, now: datetime) -> QuerySet[ReadingLink]:
    """Those that open something, the newest first."""
    rows = ReadingLink.objects.filter(revoked_at=None, expires_at__gt=now).exclude(incident__is_private=True)
    return rows.select_related("reader", "incident", "made_by").order_by("-made_at", "-id")


def opened(*, now: datetime) -> dict[str, int]:
    """Today, and in seven days with today."""
    today = now.astimezone(UTC).date()
    week = ReadingCount.objects.filter(day__gt=today - timedelta(days=7)).aggregate(found=Sum("opened"))["found"]
    on_day = ReadingCount.objects.filter(day=today).values_list("opened", flat=True).first()
    return {"today": on_day or 0, "week": week or 0}
