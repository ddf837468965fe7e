# Two commands matter: `make run` and `make test`. The rest is for those who change the portal.
PYTHON ?= python3
ENGINE = .venv/bin/python -m mim_portal.embedded --with-parent
JOBS ?= 2
RULES = --cov=teams.rules --cov=incidents.rules --cov=comms.rules --cov=reviews.rules \
	--cov-report=term-missing:skip-covered --cov-fail-under=100

# The portal is many processes: each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint faults bench install

# Servers and portal until Ctrl-C. PORT, LIVE_PORT and VAR_DIR choose where.
run: install
	@exec $(ENGINE) run

# Everything, or with ARGS what you name: make test ARGS="tests/comms -k publish -n0".
test: install
	@exec $(ENGINE) test -- $(if $(ARGS),$(ARGS),-n $(JOBS) --dist loadgroup $(RULES))

lint: install
	.venv/bin/ruff check .
	MIM_ENV=test DATABASE_URL=postgres:///none .venv/bin/mypy .
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet

# Real servers killed, stopped and frozen, in a VAR_DIR of their own: the long form of what `make test` has in short.
faults: install
	@MIM_FAULTS=all exec $(ENGINE) test -- $(or $(ARGS),tests/faults)

# Measured work, as JSON: make bench BENCH=status_page; one module of bench/ a question; BENCH=all prints one table.
bench: install
	@exec $(ENGINE) with --durable -- .venv/bin/python -m bench.$(or $(BENCH),deadlines) $(ARGS)

install:
	@$(PYTHON) tools/install.py
