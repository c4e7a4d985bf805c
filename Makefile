# A thin front: Meson builds (meson.build), scripts/ does the rest, `make` with no target gives build/liuxiao.
MAKEFLAGS += --no-builtin-rules --no-print-directory
.PHONY: build build-asan build-tsan setup web demo test bench install format lint rows clean kill-loop overload fuzz

LISTEN ?= 127.0.0.1:8080

build: web
	@scripts/build plain

build-asan: web
	@scripts/build asan

build-tsan: web
	@scripts/build tsan

setup:
	@scripts/setup

# The web apps lie in web/dist, and from there in the program.
WEB := $(shell test ! -f web/vite.config.ts || \
	find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/test/*')
web: $(if $(WEB),build/web.stamp)
build/web.stamp: $(WEB)
	@mkdir -p build
	cd web && ../scripts/with-node npm ci --no-audit --no-fund && ../scripts/with-node npm run build
	@touch $@

# A committee with a year and a half of work behind it, on this machine alone. The program says where and who.
demo:
	@scripts/setup build run
	@$(MAKE) build
	@test -d demo-data || build/liuxiao demo --data demo-data || { rm -rf demo-data; exit 1; }
	@exec build/liuxiao serve --data demo-data --listen $(LISTEN)

test:
	@scripts/setup
	@$(MAKE) build
	@$(MAKE) build-asan
	@$(MAKE) build-tsan
	@scripts/build fuzz
	@tests/run

# What the short forms in `make test` do, longer. All on SQLite and a throw-away PostgreSQL.
ROUNDS ?= 100
FOR ?= 30
TIME ?= 600
kill-loop: build
	@scripts/setup
	@ROUNDS=$(ROUNDS) tests/run fault:kill_loop

overload: build
	@scripts/setup
	@FOR=$(FOR) tests/run fault:overload

# New inputs for each fuzz target, TIME seconds each; NAME=request for one of them.
fuzz: build
	@scripts/setup
	@scripts/build fuzz
	@tests/fuzz/run.py --seconds $(TIME) --merge $(NAME)

# Every speed beside its limit (docs/performance.md). Two hours, on a machine that has nothing else to do.
bench:
	@scripts/setup build run
	@$(MAKE) build
	@bench/run

install: build
	meson install -C build --no-rebuild

format:
	@find src tests bench -name '*.[ch]' -exec clang-format -i {} +

lint:
	@scripts/setup build test
	@$(MAKE) build
	@scripts/lint/all

rows:
	@scripts/rows

clean:
	rm -rf build web/dist
