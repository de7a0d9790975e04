# Seven verbs. `make help` lists them; what they do is in the files they call.
PYTHON ?= python3
BIN    := .venv/bin
UV     := $(BIN)/uv
STATIC := stream_server/web/static
WORKER := ar_assets/worker/dist/worker.cjs

.DEFAULT_GOAL := help
.PHONY: run test check e2e e2e-long fmt help lock screenshots soak soak-avatar demo-media train-translation fuzz-native fuzz-gate

run: .venv/serve $(STATIC)/.built $(WORKER) ## install, build and serve the demo shop at http://localhost:8080
	@$(BIN)/python -m stream_server demo

test: .venv/dev $(STATIC)/.built $(WORKER) ## install what tests need and run all of them
	@$(BIN)/python scripts/test_environment.py
	@$(BIN)/python -m pytest -n 2 -m "not alone"
	@$(BIN)/python -m pytest -m alone --durations=20
	@scripts/node npm --prefix client_web test

check: .venv/dev client_web/node_modules/.installed ar_assets/worker/node_modules/.installed ## lint, types, import rules, generated files
	@scripts/check

e2e: .venv/dev $(STATIC)/.built $(WORKER) ## the stories in a real browser only
	@$(BIN)/python scripts/test_environment.py
	@$(BIN)/python -m pytest tests/e2e

e2e-long: .venv/dev $(STATIC)/.built $(WORKER) ## (long) a brand's three uploads, from the files to try-on
	@$(BIN)/python scripts/test_environment.py
	@VITRINE_LONG=1 $(BIN)/python -m pytest tests/e2e/test_brand_uploads.py

bench-%: .venv/dev $(STATIC)/.built $(WORKER) ## run one benchmark, e.g. make bench-first_frame
	@$(BIN)/python -m benchmarks.$*

fmt: .venv/dev client_web/node_modules/.installed ## format everything
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet . ; scripts/node npm --prefix client_web run fmt

help: ## this list
	@grep -hE '^[a-z%0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

lock: .venv/dev ## (rare) resolve dependencies again into the two lock files
	@$(UV) pip compile -q pyproject.toml --universal -p 3.11 --extra pg --extra s3 --extra ar --extra avatar --extra translation --extra listening --generate-hashes --no-header --no-annotate -o requirements-serve.lock
	@$(UV) pip compile -q pyproject.toml --universal -p 3.11 --extra pg --extra s3 --extra ar --extra avatar --extra translation --extra listening --group dev --generate-hashes --no-header --no-annotate -c requirements-serve.lock -o requirements-dev.lock

screenshots: .venv/dev $(STATIC)/.built $(WORKER) ## (rare) render every page into docs/screenshots
	@$(BIN)/python scripts/test_environment.py
	@$(BIN)/python scripts/screenshots.py

soak: .venv/dev $(STATIC)/.built ## (long) 100 viewers for ten minutes
	@$(BIN)/python -m benchmarks.soak

soak-avatar: .venv/dev $(STATIC)/.built $(WORKER) ## (long) the AI host with 20 viewers and a busy chat, MINUTES=30
	@$(BIN)/python -m benchmarks.avatar_soak --minutes $(or $(MINUTES),30)

train-translation: .venv/dev ## (long) both translation models from sentence pairs, some three CPU hours, DATA=../shared/data/parallel
	@$(UV) pip install -q --python $(BIN)/python "transformers>=5.23,<6" "torch>=2.6"
	@$(BIN)/python -m avatar.translation.training all --data $(or $(DATA),../shared/data/parallel) --work build/translation --out avatar/translation/weights

fuzz-gate: .venv/dev ## (long) the gate for 3D uploads with arbitrary input, SECONDS=60
	@$(BIN)/python scripts/fuzz_gate.py $(or $(SECONDS),60)

fuzz-native: .venv/dev ## (long) the native egress under sanitizers with arbitrary input, SECONDS=60
	@$(BIN)/python scripts/fuzz_native.py $(or $(SECONDS),60)

demo-media: .venv/dev ## (rare) draw the demo shop's pictures and host video again
	@$(UV) pip install -q --python $(BIN)/python --group drawing
	@nice -n 10 $(BIN)/python scripts/draw_demo.py

.venv/bin/uv:
	@echo "Creating the virtual environment in .venv …"
	@$(PYTHON) -c 'import sys; sys.exit("Vitrine needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==0.13.9"

NATIVE := hatch_build.py $(wildcard stream_server/media/native/*)

.venv/serve: .venv/bin/uv requirements-serve.lock pyproject.toml $(NATIVE)
	@echo "Installing the server …"
	@$(UV) pip install -q --python $(BIN)/python -r requirements-serve.lock
	@$(UV) pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

.venv/dev: .venv/bin/uv requirements-dev.lock pyproject.toml $(NATIVE)
	@echo "Installing the server and its development tools …"
	@$(UV) pip install -q --python $(BIN)/python -r requirements-dev.lock
	@$(UV) pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@ .venv/serve

client_web/node_modules/.installed: client_web/package.json client_web/package-lock.json | .venv/bin/uv
	@echo "Installing the web client's packages …"
	@# `npm ci` fails where an index lacks the optional binary of any other platform; this keeps to the lock as well
	@scripts/node npm --prefix client_web install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

ar_assets/worker/node_modules/.installed: ar_assets/worker/package.json ar_assets/worker/package-lock.json | .venv/bin/uv
	@echo "Installing the asset worker's packages …"
	@scripts/node npm --prefix ar_assets/worker install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

$(WORKER): ar_assets/worker/node_modules/.installed $(shell find ar_assets/worker/src ar_assets/worker/*.mjs ar_assets/worker/*.json -type f 2>/dev/null)
	@echo "Building the asset worker …"
	@scripts/node npm --prefix ar_assets/worker run build --silent
	@touch $@

$(STATIC)/.built: client_web/node_modules/.installed $(shell find client_web/src client_web/public client_web/*.html client_web/*.ts client_web/*.json -type f -not -path '*/node_modules/*' 2>/dev/null)
	@echo "Building the web client …"
	@scripts/node npm --prefix client_web run build --silent
	@touch $@
