# L’extranet, en quelques commandes. « make » seul les énumère.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
BIN = $(VENV)/bin
MANAGE = $(BIN)/python site/manage.py
PYTEST = $(BIN)/python -m pytest
# Un processeur par groupe de tests ; PYTEST_ARGS="-k inscription -n0" pour n’en lancer que quelques-uns.
WORKERS ?= auto
CODE = site extranet forums events tests .ci

.DEFAULT_GOAL := help
.PHONY: help env env-dev demo test suite lint format bench pins wheel clean

help:  ## énumère les commandes
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 16

env:  ## prépare l’environnement Python (.venv), aux versions épinglées
	@$(PYTHON) site/environment.py run $(VENV)

env-dev:
	@$(PYTHON) site/environment.py dev $(VENV)

demo:  ## démonstration sur http://127.0.0.1:8000 (PORT=8001 : autre port, RESET=1 : repartir de zéro)
	@$(PYTHON) site/serve.py $(PORT) --check
	@$(MAKE) --no-print-directory env
	@BASE_URL=http://127.0.0.1:$(PORT) $(MANAGE) demo $(if $(filter-out 0,$(RESET)),--reset)
	@$(BIN)/python site/serve.py $(PORT)

test: lint suite  ## toutes les vérifications, puis tous les tests (DATABASE_URL et REDIS_URL choisissent les moteurs)

suite: env-dev
	@$(PYTEST) -n $(WORKERS) $(PYTEST_ARGS)

# La base en mémoire : ni une base absente ni une vieille démonstration ne changent la réponse.
lint: env-dev  ## style, couches, gabarits, migrations, réglages
	@echo "Style du code…" && $(BIN)/ruff check --quiet $(CODE) && $(BIN)/ruff format --quiet --check $(CODE)
	@echo "Couches…" && layers=$$(PYTHONPATH=. $(BIN)/lint-imports --no-cache 2>&1) || { echo "$$layers"; exit 1; }
	@echo "Gabarits…" && $(BIN)/djlint --quiet --lint site extranet forums events
	@echo "Migrations et réglages…" && export DJANGO_SETTINGS_MODULE=config.settings.test DATABASE_URL=sqlite://:memory: && \
	  $(MANAGE) makemigrations --check --dry-run && $(MANAGE) check --fail-level WARNING

format: env-dev  ## met le code en forme
	@$(BIN)/ruff check --fix --quiet $(CODE); $(BIN)/ruff format $(CODE)

bench: env-dev  ## mesures, avec leurs rapports (DATABASE_URL et REDIS_URL choisissent les moteurs)
	@$(BIN)/python -m tests.bench

pins:  ## recalcule les versions épinglées et leurs empreintes (UPGRADE=1 : prend les plus récentes)
	@$(PYTHON) site/environment.py pin $(if $(filter-out 0,$(UPGRADE)),--upgrade)

wheel: env-dev  ## construit la distribution dans dist/
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/uv build --quiet --wheel --no-build-isolation --python $(BIN)/python && ls dist/*.whl

clean:  ## efface l’environnement et ce qui se recalcule ; garde site/var
	@rm -rf $(VENV) .boot dist .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
