# Each target makes what it needs: Python 3.11.5 or newer and make are enough.
PYTHON ?= python3
# processes of the tests: one more than cores, because tests of a browser, of backups and of kills wait
WORKERS ?= $(shell cores=$$(nproc 2>/dev/null) && echo $$((cores + 1)) || echo auto)
BIN := .venv/bin
INSTALL = $(PYTHON) -m venv --clear .venv && if command -v uv >/dev/null; \
	then uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi

# servers and workers start again and again: each would compile all modules anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-fast soak check fix figures bench lock audit

demo: .venv/core
	@$(BIN)/flask demo

test: .venv/dev
	@$(BIN)/python -m tests.support.browser
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations=25

# on SQLite, without the browser and without what kills and loads: for the inner loop
test-fast: .venv/dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not browser and not soak and not postgresql"

# histories of answers, completion and seats that may never go wrong
HISTORIES = tests/quizzes/test_saves.py tests/quizzes/test_later.py tests/quizzes/test_answer_sums.py \
	tests/learning/test_completion_properties.py tests/coordination/test_late_rules.py \
	tests/coordination/test_completion_rules.py tests/workshops/test_allocation.py tests/workshops/test_seats.py

# what authors and countries send, and how it is written again
PROPERTIES = $(addprefix tests/catalogue/test_,course_reader.py documents.py folder.py item_writer.py references_texts.py \
	references_treaties.py scenario_writer.py) tests/competence/test_replay.py tests/intake/test_reading.py \
	tests/studio/exchange $(addprefix tests/studio/test_,bank_text.py pictures.py question_fields.py question_use.py two_people.py)

# 1,000 examples of each history and property, each journey in all its views;
# 1,000 kills of the web server and its workers, 50 of PostgreSQL: some hours
soak: .venv/dev
	@SOAK=full $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(HISTORIES) $(PROPERTIES) tests/journeys
	@SOAK=full $(BIN)/python -m pytest -n 0 -v tests/soak/test_kills.py tests/soak/test_database_kills.py \
		tests/soak/test_two_nodes.py tests/soak/test_upgrade_under_load.py tests/soak/test_restore_drill.py \
		tests/backup/test_kills.py tests/backup/test_upgrades.py

check: .venv/dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/djangofmt --quiet --check app && $(BIN)/mypy && $(BIN)/lint-imports
	@$(BIN)/python -m tests.check

fix: .venv/dev
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . ; $(BIN)/djangofmt --quiet app
	@$(BIN)/python -m tests.architecture.measures --lower

figures: .venv/dev
	@$(BIN)/python -m tests.architecture.measures

bench: .venv/dev
	@$(BIN)/python -m tests.bench

lock: .venv/dev
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11.5 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11.5 --generate-hashes --no-header --no-annotate pyproject.toml --extra postgres --extra s3 -o deploy/container/requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11.5 --generate-hashes --no-header --no-annotate pyproject.toml --group dev -o requirements-dev.txt

audit: .venv/dev
	@$(BIN)/python -m pip install --quiet pip-audit
	@$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements.txt

.venv/core: requirements.txt
	@echo "Making .venv (about half a minute) ..."
	@test -e .venv/dev || ($(call INSTALL,requirements.txt))
	@touch $@

.venv/dev: requirements-dev.txt tests/credentials/schemas.txt
	@echo "Making .venv with what tests need (about a minute) ..."
	@$(call INSTALL,requirements-dev.txt)
	@$(BIN)/python -m tests.support.badge_schemas
	@touch .venv/core $@
