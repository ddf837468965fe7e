"""status-pages/: what people read without asking, for whom, how it looks and which services it shows."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import PageKind, PageLanguage
from comms.models import StatusPage
from comms.queries.pages import pages as queries
from comms.rules import numbers, subscriptions
from comms.rules.page_looks import Listed
from comms.services.pages import logos, pages
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.etags import etag, expected_tag
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many
from mim_portal.api.permissions import Access
from mim_portal.lib import addresses, uploads
from teams.api.base import signed_in
from teams.rules import roles

ADMINISTRATION = Access("admin", roles.ADMINISTRATORS)
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)
TAGS = ["status pages"]


class ListedShape(serializers.Serializer[Listed]):
    """One service of a page: its heading, and the name that readers know it by where that is another one."""

    service = serializers.CharField(max_length=50)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    group = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class PageShape(serializers.Serializer[StatusPage]):
    """A status page as it is listed."""

    slug = serializers.CharField()
    url = serializers.SerializerMethodField()
    name = serializers.CharField()
    kind = serializers.SerializerMethodField()
    audience = serializers.CharField(source="audience.code")
    intro = serializers.CharField()
    footer = serializers.CharField()
    accent = serializers.CharField()
    accent_dark = serializers.CharField()
    time_zone = serializers.CharField()
    language = serializers.CharField()
    other_languages = serializers.ListField(child=serializers.CharField())
    takes_sms = serializers.BooleanField(help_text="readers may subscribe by SMS")
    sms_a_day = serializers.IntegerField(help_text="first messages to numbers that somebody typed")
    sms_countries = serializers.ListField(child=serializers.CharField(), help_text="calling codes; empty means any")
    has_logo = serializers.BooleanField()
    retired_at = serializers.DateTimeField(allow_null=True)

    def get_url(self, page: StatusPage) -> str:
        return addresses.absolute(addresses.status_page(page.slug))

    def get_kind(self, page: StatusPage) -> str:
        return queries.kind(page).value


class WholePageShape(PageShape):
    """A status page with its services in their order, and the addresses that it had before."""

    services = serializers.SerializerMethodField()
    former_slugs = serializers.SerializerMethodField()

    def get_services(self, page: StatusPage) -> list[dict[str, str]]:
        return [{"service": row.service, "name": row.name, "group": row.group} for row in queries.services(page)]

    def get_former_slugs(self, page: StatusPage) -> list[str]:
        return list(page.former_addresses.order_by("slug").values_list("slug", flat=True))


class PageInput(serializers.Serializer[Any]):
    """What is changed; whatever is not sent stays. Another `slug` renames the page."""

    slug = serializers.CharField(max_length=50, required=False)
    name = serializers.CharField(max_length=120, required=False)
    kind = serializers.ChoiceField(choices=PageKind.choices, required=False)
    audience = serializers.CharField(max_length=50, required=False)
    intro = serializers.CharField(max_length=300, required=False, allow_blank=True)
    footer = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    accent = serializers.CharField(max_length=7, required=False, allow_blank=True)
    accent_dark = serializers.CharField(max_length=7, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=64, required=False)
    language = serializers.ChoiceField(choices=PageLanguage.choices, required=False)
    other_languages = serializers.ListField(
        child=serializers.ChoiceField(choices=PageLanguage.choices), required=False, max_length=len(PageLanguage)
    )
    takes_sms = serializers.BooleanField(required=False)
    sms_a_day = serializers.IntegerField(required=False, min_value=1, max_value=subscriptions.MOST_SMS_A_DAY)
    sms_countries = serializers.ListField(
        child=serializers.CharField(max_length=6), required=False, max_length=numbers.MOST_COUNTRIES
    )


class PageNew(PageInput):
    slug = serializers.CharField(max_length=50)
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=PageKind.choices)
    audience = serializers.CharField(max_length=50)


class ServicesInput(serializers.Serializer[Any]):
    """Every service that the page shows, in order."""

    services = ListedShape(many=True)


class LogoInput(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True, max_length=None)


class StatusPageList(IdempotentView):
    """Every page, retired ones last."""

    access = {"read": ADMINISTRATION, "POST": ADMINISTRATION}

    @extend_schema(tags=TAGS, responses=PageShape(many=True))
    def get(self, request: Request) -> Response:
        return Response({"next": None, "previous": None, "results": many(PageShape, queries.pages())})

    @extend_schema(tags=TAGS, request=PageNew, responses={201: WholePageShape})
    def post(self, request: Request) -> Response:
        values = validated(PageNew(data=request.data))
        made = pages.add(values=values, by=signed_in(request), now=timezone.now())
        return _answer(made.slug, status=201)


class StatusPageDetail(IdempotentView):
    """One page. Its former addresses lead to the present one."""

    access = {"read": ADMINISTRATION, "PATCH": ADMINISTRATION}

    @extend_schema(tags=TAGS, responses=WholePageShape)
    def get(self, request: Request, slug: str) -> Response:
        return _answer(slug)

    @extend_schema(tags=TAGS, request=PageInput, responses=WholePageShape, parameters=[IF_MATCH])
    def patch(self, request: Request, slug: str) -> Response:
        changes = validated(PageInput(data=request.data))
        made = pages.change(
            slug=slug, changes=changes, by=signed_in(request), now=timezone.now(), version=expected_tag(request)
        )
        return _answer(made.slug)


class StatusPageServices(IdempotentView):
    """The services that the page shows, whole: those that are not sent leave it."""

    access = {"PUT": ADMINISTRATION}

    @extend_schema(tags=TAGS, request=ServicesInput, responses=WholePageShape)
    def put(self, request: Request, slug: str) -> Response:
        rows = [Listed(**row) for row in validated(ServicesInput(data=request.data))["services"]]
        pages.arrange(slug=slug, services=rows, by=signed_in(request), now=timezone.now())
        return _answer(slug)


class StatusPageLogo(IdempotentView):
    """The picture in the head: POST another one as multipart/form-data, DELETE it."""

    access = {"POST": ADMINISTRATION, "DELETE": ADMINISTRATION}
    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(tags=TAGS, request={"multipart/form-data": LogoInput}, responses=WholePageShape)
    def post(self, request: Request, slug: str) -> Response:
        if uploads.too_large(request._request):
            raise logos.refusal("too_large")
        content = validated(LogoInput(data=request.data))["file"].read()
        logos.put(slug=slug, content=content, by=signed_in(request))
        return _answer(slug)

    @extend_schema(tags=TAGS, responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        logos.remove(slug=slug, by=signed_in(request))
        return Response(status=204)


class RetireStatusPage(IdempotentView):
    """Nobody reads the page any more; its address answers 410."""

    access = {"POST": ADMINISTRATION}

    @extend_schema(tags=TAGS, request=None, responses=WholePageShape)
    def post(self, request: Request, slug: str) -> Response:
        bodies.nothing(request)
        pages.retire(slug=slug, by=signed_in(request), now=timezone.now())
        return _answer(slug)


class BringBackStatusPage(IdempotentView):
    """The page is read again, as things are now."""

    access = {"POST": ADMINISTRATION}

    @extend_schema(tags=TAGS, request=None, responses=WholePageShape)
    def post(self, request: Request, slug: str) -> Response:
        bodies.nothing(request)
        pages.bring_back(slug=slug, by=signed_in(request), now=timezone.now())
        return _answer(slug)


def _answer(slug: str, *, status: int = 200) -> Response:
    found = queries.one(slug)
    if found is None:
        raise pages.Unknown(f"There is no status page {slug}.")
    return Response(WholePageShape(found).data, status=status, headers={"ETag": etag(queries.version(found))})
