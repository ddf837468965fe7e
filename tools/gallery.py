"""Serves the component galleries under the portal's security policy, without a database: tools/gallery.py [port]."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.simple_server import make_server

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402
from django.conf import settings  # noqa: E402

POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'"

settings.configure(
    DEBUG=True,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="gallery",
    USE_TZ=True,
    TIME_ZONE="UTC",
    STATIC_URL="/static/",
    ROOT_URLCONF="tools_gallery",
    INSTALLED_APPS=["django.forms"],
    BASE_URL="http://127.0.0.1",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": [ROOT / "templates"],
            "OPTIONS": {"environment": "mim_portal.jinja2.environment"},
        },
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "APP_DIRS": True},
    ],
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.static import serve  # noqa: E402

from tests import gallery  # noqa: E402


def _asset(request: HttpRequest, name: str) -> HttpResponse:
    folder = "build" if (ROOT / "static" / "build" / name).is_file() else "img"
    return serve(request, name, document_root=str(ROOT / "static" / folder))


def _page(template: str, *, bound: bool = True) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, **_: str) -> HttpResponse:
        present = datetime.now(tz=UTC)
        answer = render(
            request,
            f"components/{template}",
            {
                **gallery.frame(present=present, clock=request.GET.get("clock", "ok")),
                **gallery.context(present=present, bound=bound and "clean" not in request.GET),
            },
        )
        answer["Content-Security-Policy"] = POLICY
        return answer

    return view


urlpatterns = [
    path("static/<path:name>", _asset),
    path("account/logout/", _page("gallery.html"), name="account_logout"),
    path("room/", _page("gallery_room.html")),
    path("", _page("gallery.html")),
]
sys.modules["tools_gallery"] = sys.modules[__name__]

if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8099
    print(f"http://127.0.0.1:{port}/ and /room/")
    make_server("127.0.0.1", port, get_wsgi_application()).serve_forever()
