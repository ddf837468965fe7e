"""Templates that people write in the browser: plain data in, bounded text out, and no way to anything else.

Three walls, each of which would hold alone. The syntax is a short list: no calls, no arithmetic, no assignment, no
macro, nothing that loads another template; names and keys are known before anything runs. Values are copied into exact
str, int, float, bool, None, dict and list, and dots read keys of dicts only. Every render has a budget of steps, known
before a loop begins, and of characters; no operation can make a text longer than what went in.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

SOURCE: Final = 8_000  # characters of one template
OUTPUT: Final = 20_000  # characters of one rendered text
STEPS: Final = 20_000  # parts of the template that are worked out in one render
DEPTH: Final = 40
TEXT: Final = 4_000  # characters of one value; longer ones are cut
ITEMS: Final = 200

_MAY_STAND: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Filter,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
    nodes.CondExpr,
    nodes.List,
    nodes.Tuple,
)
_WORDS: Final = {
    "Call": "calling something",
    "Add": "“+”",
    "Sub": "“-”",
    "Mul": "“*”",
    "Div": "“/”",
    "FloorDiv": "“//”",
    "Mod": "“%”",
    "Pow": "“**”",
    "Concat": "“~”",
    "Assign": "“set”",
    "AssignBlock": "“set”",
    "Macro": "“macro”",
    "CallBlock": "“call”",
    "FilterBlock": "“filter”",
    "Include": "“include”",
    "Import": "“import”",
    "FromImport": "“import”",
    "Extends": "“extends”",
    "Block": "“block”",
    "With": "“with”",
    "Slice": "cutting with “:”",
    "Test": "“is”",
}
_LOOP: Final = frozenset({"index", "index0", "first", "last", "length"})
_BUDGET: Final = "_budget"
_COUNTED: Final = "_counted"


class TemplateFault(Exception):
    """What is wrong with a template, in words for its author, and at which of its lines."""

    def __init__(self, message: str, *, line: int | None = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = max(line or 1, 1)  # Jinja knows no line of some parts


@dataclass(slots=True)
class _Budget:
    """What one render may still spend."""

    steps: int
    characters: int

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise TemplateFault("This repeats too often: shorten the loops.")

    def write(self, length: int) -> None:
        self.characters -= length
        if self.characters < 0:
            raise TemplateFault(f"The text gets longer than {OUTPUT} characters.")


def render(source: str, values: Mapping[str, Any]) -> str:
    """The text of a template with these values; TemplateFault where it cannot be made.

    The values are plain data, the same names whatever the case: what is not known is an empty text, never missing.
    """
    template, weight = _compiled(source, _shape(values))
    budget = _Budget(steps=STEPS, characters=OUTPUT)
    budget.spend(weight)
    given = {name: plain(value) for name, value in values.items()} | {_BUDGET: budget}
    pieces = []
    try:
        for piece in template.generate(given):
            budget.write(len(piece))
            pieces.append(piece)
    except TemplateFault as fault:
        raise TemplateFault(fault.message, line=_line(fault)) from None
    except (TemplateError, TypeError, ValueError, LookupError, RecursionError, MemoryError) as error:
        raise TemplateFault(str(error)[:300] or "This cannot be worked out.", line=_line(error)) from None
    return "".join(pieces)


def check(source: str, values: Mapping[str, Any]) -> None:
    """TemplateFault where the template uses what there is not. Branches that these values do not reach count too."""
    _compiled(source, _shape(values))


def plain(value: Any) -> Any:
    """A copy of exact built-in values, long texts and lists cut; anything else is refused."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return "".join(value[:TEXT])
    if isinstance(value, (int, float)):
        return type(value)(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value[:ITEMS]]
    raise TypeError(f"{type(value).__name__} is not plain data")


class _Environment(ImmutableSandboxedEnvironment):
    """Dots and brackets read keys of dicts and places of lists, and nothing of any object."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if type(obj) is dict and type(argument) is str and argument in obj:
            return obj[argument]
        if type(obj) is list and type(argument) is int and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=argument)


@pass_context
def _shown(context: Context, value: Any) -> str:
    """What a value reads as in the text."""
    if isinstance(value, StrictUndefined):
        return str(value)  # raises
    if not (value is None or isinstance(value, (str, int, float))):
        raise TemplateFault("This is no single value: name one of its parts, or use “join”.")
    text = "" if value is None else str(value)
    context[_BUDGET].spend(1 + len(text) // 1000)
    return text


@pass_context
def _counted(context: Context, items: Any, weight: int) -> list[Any]:
    """A list to loop over, paid for before the first round."""
    if type(items) is not list:
        raise TemplateFault("Only lists can be looped over.")
    context[_BUDGET].spend(len(items) * weight)
    return items


def _texts(name: str, change: Callable[[str], str]) -> Callable[..., str]:
    @pass_context
    def changed(context: Context, value: Any) -> str:
        if type(value) is not str:
            raise TemplateFault(f"“{name}” works on texts.")
        context[_BUDGET].spend(1 + len(value) // 100)
        return change(value)

    return changed


@pass_context
def _join(context: Context, items: Any, between: Any = ", ") -> str:
    if type(items) is not list or type(between) is not str or not all(type(item) is str for item in items):
        raise TemplateFault("“join” works on lists of texts.")
    length = sum(map(len, items)) + len(between) * len(items)
    if length > TEXT:
        raise TemplateFault(f"The joined text gets longer than {TEXT} characters.")
    context[_BUDGET].spend(1 + length // 100)
    return between.join(items)


def _length(value: Any) -> int:
    if type(value) not in (str, list, dict):
        raise TemplateFault("“length” works on texts and lists.")
    return len(value)


def _default(value: Any, instead: Any = "") -> Any:
    return value if value not in (None, "") else instead


def _stop(text: str) -> str:
    """Ended as a sentence is."""
    words = text.strip()
    return words if not words or words[-1] in ".!?:…" else f"{words}."


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "upper": _texts("upper", str.upper),
    "lower": _texts("lower", str.lower),
    "capitalize": _texts("capitalize", lambda text: text[:1].upper() + text[1:]),
    "trim": _texts("trim", str.strip),
    "stop": _texts("stop", _stop),
    "join": _join,
    "length": _length,
    "default": _default,
}


def _environment() -> _Environment:
    env = _Environment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
        optimized=False,
        cache_size=0,
    )
    env.globals.clear()
    env.tests.clear()
    env.filters.clear()
    env.filters.update(FILTERS)
    env.filters[_COUNTED] = _counted
    return env


_ENVIRONMENT: Final = _environment()
# The shape of values: names with those below them. A leaf is an empty tuple.
Shape = tuple[tuple[str, Any], ...]


def _shape(value: Any) -> Shape:
    if not isinstance(value, Mapping):
        return ()
    return tuple((str(key), _shape(item)) for key, item in sorted(value.items()))


@lru_cache(maxsize=512)
def _compiled(source: str, shape: Shape) -> tuple[Template, int]:
    """The template ready to run, and how many steps it takes at least."""
    if len(source) > SOURCE:
        raise TemplateFault(f"Keep it under {SOURCE} characters; it has {len(source)}.")
    tree = _parsed(source)
    weight = _walk(tree, shape=dict(shape), names=frozenset(), depth=0)
    try:
        return _ENVIRONMENT.from_string(tree), weight
    except (TemplateError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise TemplateFault(str(error)[:300], line=getattr(error, "lineno", 1) or 1) from None


def _parsed(source: str) -> nodes.Template:
    try:
        return _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        raise TemplateFault(str(error.message)[:300], line=error.lineno) from None
    except (RecursionError, MemoryError):
        raise TemplateFault("This is nested too deeply.") from None
    except (TemplateError, ValueError, SyntaxError, OverflowError) as error:
        raise TemplateFault(str(error)[:300]) from None


def _walk(node: nodes.Node, *, shape: Mapping[str, Any], names: frozenset[str], depth: int) -> int:
    """Refuse what may not stand in a template, count what may, and make loops pay."""
    if depth > DEPTH:
        raise TemplateFault("This is nested too deeply.", line=node.lineno)
    kind = type(node)
    if kind not in _MAY_STAND:
        words = _WORDS.get(kind.__name__, f"“{kind.__name__.lower()}”")
        raise TemplateFault(f"Templates know values, “if” and “for”, but not {words}.", line=node.lineno)
    if isinstance(node, nodes.Name):
        _known(node, shape=shape, names=names)
    if isinstance(node, nodes.Getattr):
        _has_key(node, shape=shape, names=names)
    if isinstance(node, nodes.Filter) and (node.name not in FILTERS or node.kwargs or node.dyn_args or node.dyn_kwargs):
        raise TemplateFault(f"There is no filter “{node.name}”. There are: {', '.join(FILTERS)}.", line=node.lineno)
    if isinstance(node, nodes.For):
        return _walk_loop(node, shape=shape, names=names, depth=depth)
    below = (_walk(child, shape=shape, names=names, depth=depth + 1) for child in node.iter_child_nodes())
    return 1 + sum(below)


def _walk_loop(node: nodes.For, *, shape: Mapping[str, Any], names: frozenset[str], depth: int) -> int:
    if node.recursive or not isinstance(node.target, nodes.Name):
        raise TemplateFault("Loop with “for one in values”, with one name.", line=node.lineno)
    listed = _walk(node.iter, shape=shape, names=names, depth=depth + 1)
    inside = names | {node.target.name, "loop"}
    if node.target.name.startswith("_") or node.target.name in (*shape, "loop"):
        raise TemplateFault(f"Call it otherwise than “{node.target.name}”.", line=node.lineno)
    each = [*node.body, *([node.test] if node.test else [])]
    weight = 1 + sum(_walk(child, shape=shape, names=inside, depth=depth + 1) for child in each)
    otherwise = sum(_walk(child, shape=shape, names=names, depth=depth + 1) for child in node.else_)
    counted = nodes.Filter(node.iter, _COUNTED, [nodes.Const(weight)], [], None, None)
    node.iter = counted.set_lineno(node.lineno).set_environment(_ENVIRONMENT)
    return 1 + listed + weight + otherwise


def _known(node: nodes.Name, *, shape: Mapping[str, Any], names: frozenset[str]) -> None:
    if node.name not in names and node.name not in shape:
        raise TemplateFault(f"There is no value “{node.name}”.", line=node.lineno)


def _has_key(node: nodes.Getattr, *, shape: Mapping[str, Any], names: frozenset[str]) -> None:
    """A dotted name is one of those there are; what hangs on a loop's own name is only known when it runs."""
    path = [node.attr]
    inner: nodes.Node = node.node
    while isinstance(inner, nodes.Getattr):
        path.append(inner.attr)
        inner = inner.node
    if not isinstance(inner, nodes.Name) or inner.name in names or inner.name not in shape:
        return
    level: Any = dict(shape[inner.name])
    for attr in reversed(path):
        if attr not in level:
            raise TemplateFault(f"“{inner.name}” has no “{attr}”.", line=node.lineno)
        level = dict(level[attr])


def _line(error: BaseException) -> int:
    """The line of the template in which the innermost frame stands."""
    found = 1
    for frame_line in _frames(error):
        found = frame_line
    return found


def _frames(error: BaseException) -> Iterator[int]:
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            yield trace.tb_lineno
        trace = trace.tb_next
