"""The page that `asv publish` makes of results/asv, opened in a browser: a convergence graph has a
line for every optimizer.
"""

import functools
import http.server
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest
from optbench.bench.history import asv_results

ROOT = Path(__file__).resolve().parents[3]
GRAPH = "#convergence.Convergence.track_steps_to_target?p-problem='rosenbrock'&p-lr='1.0e-02'"
SCRIPTS = {
    "jquery-3.3.1.min.js": ("jquery@3.3.1", "dist/jquery.min.js"),
    "jquery.flot.min.js": ("flot@0.8.3", "jquery.flot.js"),
    "jquery.flot.time.min.js": ("flot@0.8.3", "jquery.flot.time.js"),
    "jquery.flot.selection.min.js": ("flot@0.8.3", "jquery.flot.selection.js"),
    "jquery.flot.categories.min.js": ("flot@0.8.3", "jquery.flot.categories.js"),
    "jquery.flot.orderBars.js": ("flot-orderbars@1.0.0", "js/jquery.flot.orderBars.js"),
    "stupidtable.min.js": ("stupid-table-plugin@1.1.3", "stupidtable.js"),
    "md5.min.js": ("blueimp-md5@2.19.0", "js/md5.min.js"),
    "bootstrap.min.js": ("bootstrap@3.1.1", "dist/js/bootstrap.min.js"),
    "bootstrap.min.css": ("bootstrap@3.1.1", "dist/css/bootstrap.min.css"),
}
"""What the page loads from the web, and where npm's packages have it: a test needs nothing beyond
the registries.
"""


def needed(*programs):
    """Skip where a program isn't installed; in CI, where all are, fail."""
    for program in programs:
        if shutil.which(program) is None:
            assert "CI" not in os.environ, f"{program} isn't installed"
            pytest.skip(f"{program} isn't installed")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The address of the published page, served on loopback with local copies of its scripts."""
    pytest.importorskip("asv")
    needed("npm", "git")
    folder, packages = tmp_path_factory.mktemp("html"), tmp_path_factory.mktemp("npm")
    html = folder / "page"
    # asv reads its list of benchmarks, which reading makes where a clone hasn't got it
    asv_results.read(ROOT)
    published = subprocess.run(
        [sys.executable, "-m", "asv", "publish", "--no-pull", "--html-dir", str(html)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert published.returncode == 0, published.stdout + published.stderr
    names = sorted({package for package, _ in SCRIPTS.values()})
    packed = subprocess.run(
        ["npm", "pack", "--json", *names], cwd=packages, capture_output=True, text=True, check=True
    )
    files = {
        f"{entry['name']}@{entry['version']}": packages / entry["filename"]
        for entry in json.loads(packed.stdout)
    }
    for script, (package, inside) in SCRIPTS.items():
        with tarfile.open(files[package]) as archive:
            content = archive.extractfile(f"package/{inside}")
            assert content is not None
            (html / script).write_bytes(content.read())
    index = html / "index.html"
    local = re.sub(
        r'(src|href)="https://[^"]*/([^"/]+\.(?:js|css))" integrity="[^"]*"',
        r'\1="\2"',
        index.read_text(),
    )
    assert not re.search(r'<(script|link)[^>]*"https://', local)
    index.write_text(local)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(html))
    handler.log_message = lambda *_: None  # pyright: ignore[reportFunctionMemberAccess]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def browser(tmp_path):
    """A headless Chromium."""
    webdriver = pytest.importorskip("selenium.webdriver")
    needed("chromium", "chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    quiet = [
        "headless",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
    ]
    for word in [
        *quiet,
        "disable-component-update",
        "disable-sync",
        "window-size=1400,1000",
        f"user-data-dir={tmp_path}/data",
    ]:
        options.add_argument(f"--{word}")
    driver = webdriver.Chrome(
        options=options, service=webdriver.ChromeService(shutil.which("chromedriver"))
    )
    yield driver
    driver.quit()


@pytest.mark.slow
def test_a_graph_of_convergence_has_a_line_for_every_optimizer(page, browser):
    """Steps to Rosenbrock's target at one learning rate: eight lines, named, each with a point for
    every measured commit.
    """
    wait = pytest.importorskip("selenium.webdriver.support.ui").WebDriverWait(browser, 60)
    browser.get(page + GRAPH)
    lines = wait.until(
        lambda driver: driver.execute_script(
            "var plot = window.jQuery && $('#main-graph').data('plot');return plot &&"
            " plot.getData().map(s => [s.label, s.data.filter(p => p[1] !== null).length]);"
        )
    )
    frame = asv_results.read(ROOT)
    own = frame[
        frame["benchmark"].str.endswith("track_steps_to_target")
        & (frame["problem"] == "rosenbrock")
    ]
    own = own[own["lr"] == "1.0e-02"]
    shown = os.environ.get("OPTBENCH_SCREENSHOT")
    if shown:
        Path(shown).write_bytes(io.BytesIO(browser.get_screenshot_as_png()).getvalue())

    expected = {
        optimizer: len(commits) for optimizer, commits in own.groupby("optimizer")["commit"]
    }
    assert len(expected) == 8
    assert len(lines) == 8
    for optimizer, commits in expected.items():
        (found,) = [points for label, points in lines if re.search(rf"\b{optimizer}\b", label)]
        assert found == commits
