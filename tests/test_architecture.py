"""The structure is a feature: ladders, relations, addresses in templates and sizes are held by machine."""

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
LADDER = ("mim_portal", "teams", "incidents", "comms", "reviews")  # bottom to top; pages of mim_portal stand above all
PACKAGES = ("mim_portal", "teams", "incidents", "comms", "reviews")
FILE_BUDGET = 400
FUNCTION_BUDGET = 60


def run(*command: str) -> str:
    """The output of a tool, failing the test with it where the tool complains."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-6000:]}{done.stderr[-3000:]}"
    return done.stdout


def tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def sources(*patterns: str) -> Iterator[Path]:
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns)
    return (ROOT / line for line in listed.splitlines() if (ROOT / line).is_file())


def test_ladders_hold() -> None:
    run(tool("lint-imports"), "--no-cache")


def test_no_import_cycles() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None, exclude_type_checking_imports=True)
    order = graphlib.TopologicalSorter(
        {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    )
    order.prepare()


def test_ruff() -> None:
    run(tool("ruff"), "check", ".")
    run(tool("ruff"), "format", "--check", ".")


def test_mypy_strict() -> None:
    run(tool("mypy"), *PACKAGES, "tests")


def test_djlint() -> None:
    run(tool("djlint"), "templates", "--lint", "--quiet")


def test_no_migration_is_missing() -> None:
    run(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")


def test_relations_point_down_and_are_hidden() -> None:
    """A model refers only to its own app or to a lower one, and a lower app cannot see who refers to it."""
    wrong = []
    for model in apps.get_models():
        app = model._meta.app_label
        if app not in LADDER:
            continue
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            relation = field.remote_field
            target = relation.model if relation else None
            if relation is None or target is None or isinstance(target, str) or target._meta.app_label == app:
                continue
            is_user = target._meta.label == settings.AUTH_USER_MODEL
            label = target._meta.app_label
            if label in LADDER and LADDER.index(label) > LADDER.index(app) and not is_user:
                wrong.append(f"{model.__name__}.{field.name} points up to {label}")
            if label in LADDER and not relation.hidden:
                wrong.append(f"{model.__name__}.{field.name} is visible from {label}: related_name='+'")
    assert wrong == []


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every URL name with the module of its view."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern, space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}", pattern.callback.__module__


def test_url_names_in_templates_point_down() -> None:
    """A template of an app links by name to its own app or a lower one; further up by mim_portal.lib.addresses."""
    modules = dict(addresses(get_resolver()))
    wrong = []
    for path in sources("templates/*.html"):
        folder = path.relative_to(ROOT / "templates").parts[0]
        owner = {"ledger": "reviews", "metrics": "reviews", "status": "comms", "messages": "comms"}.get(folder, folder)
        for name in re.findall(r"""\burl\(\s*['"]([\w:-]+)['"]""", path.read_text(encoding="utf-8")):
            if name not in modules:
                wrong.append(f"{path.name}: {name} does not exist")
                continue
            app = modules[name].split(".")[0]
            if owner in LADDER[1:] and app in LADDER[1:] and LADDER.index(app) > LADDER.index(owner):
                wrong.append(f"{path.name}: {name} points up to {app}")
    assert wrong == []


def statements(tree: ast.Module) -> Iterator[ast.AST]:
    """The module and every statement in it, however deep; not the expressions, which are ten times as many."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, part, ())


def test_files_stay_within_their_budget() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in sources("*.py", "*.html", "*.js", "*.css")
        if "/migrations/" not in str(path)
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_BUDGET
    ]
    assert long == []


def test_functions_stay_within_their_budget() -> None:
    long = []
    for path in sources("*.py"):
        if "/migrations/" in str(path):
            continue
        for node in statements(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_BUDGET:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines")
    assert long == []


@pytest.mark.parametrize("app", LADDER[1:])
def test_the_clock_is_read_only_at_the_edges(app: str) -> None:
    """Rules, queries and services are told the time; the database's clock (lib.dbtime) is theirs after the lock."""
    inner = ("rules", "queries", "services", "reactions", "consumers", "rendering", "forms", "models")
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources(f"{app}/*.py")
        if path.relative_to(ROOT).parts[1].removesuffix(".py") in inner
        and re.search(r"timezone\.now\(|datetime\.now\(|utcnow\(", path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


STRINGS_AND_COMMENTS = re.compile(
    r"""(?s:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\#[^\n]*"""
)


def code_lines(path: Path) -> int:
    """Lines that hold code: without blank lines, comments and docstrings."""
    source = path.read_text(encoding="utf-8")
    bare = STRINGS_AND_COMMENTS.sub(
        lambda found: "" if found[0].startswith("#") else found[0].replace("\n", "_\n_"), source
    )
    lines = {number for number, line in enumerate(bare.split("\n"), start=1) if line.strip()}
    for node in statements(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            docstring = node.body[0]
            lines.difference_update(range(docstring.lineno, (docstring.end_lineno or docstring.lineno) + 1))
    return len(lines)


def test_tests_keep_pace_with_the_code() -> None:
    """Nine lines of test for ten lines of code at the least; the aim is one for one (docs/decisions/0033)."""

    def lines(*patterns: str) -> int:
        return sum(code_lines(path) for path in sources(*patterns) if "/migrations/" not in str(path))

    code = lines(*(f"{package}/*.py" for package in PACKAGES))
    tests = lines("tests/*.py")
    assert tests >= 0.89 * code, f"{tests} lines of tests for {code} lines of code"
