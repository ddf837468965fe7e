"""Settings fail loudly: production refuses what is unsafe, in one line that says what to do."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
KEY = "k3y-of-this-test-that-is-long-enough-to-be-a-secret-key-0123456789"


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "DATABASE_URL": settings.DATABASE_URL,
        "MIM_ENV": "production",
        "MIM_SECRET_KEY": KEY,
        "ALLOWED_HOSTS": "portal.example.org",
        **environment,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_check_deploy_is_clean_in_production() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


def test_production_refuses_a_short_key() -> None:
    done = manage("check", MIM_SECRET_KEY="short")
    assert done.returncode != 0
    assert "Set MIM_SECRET_KEY" in done.stderr


def test_production_refuses_a_generated_key() -> None:
    done = manage("check", MIM_SECRET_KEY="generated-" + KEY)
    assert done.returncode != 0
    assert "Set MIM_SECRET_KEY" in done.stderr


def test_production_without_a_key_does_not_start() -> None:
    done = manage("check", MIM_SECRET_KEY="")
    assert done.returncode != 0
    assert "Set MIM_SECRET_KEY" in done.stderr


def test_an_unknown_environment_is_named() -> None:
    done = manage("check", MIM_ENV="staging")
    assert "MIM_ENV is 'staging'" in done.stderr


def test_without_a_database_the_way_out_is_said(tmp_path: Path) -> None:
    done = manage("check", DATABASE_URL="", VAR_DIR=str(tmp_path))
    assert done.returncode != 0
    assert "make run" in done.stderr


def test_the_demo_is_refused_in_production() -> None:
    done = manage("demo")
    assert done.returncode != 0
    assert "refused in production" in done.stderr


def test_cookies_and_policy_are_strict() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert "'unsafe-inline'" not in str(directives)
    assert "'unsafe-eval'" not in str(directives)
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
