"""What the pages say of files, counts and decisions is so."""

import math
import re
import tomllib
from functools import cache
from pathlib import Path

import optbench as ob
import pytest
from optbench.bench.plugins.discovery import COMMON
from optbench.kernels.presets import PRESETS
from optbench.kernels.schedule import SCHEDULES
from optbench.problems import registry as problems

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "results/README.md",
    ROOT / "examples/plugin/README.md",
    ROOT / "tests/data/README.md",
]
DECISIONS = sorted((ROOT / "docs/decisions").glob("0*.md"))
MAPS = ("README.md", "CONTRIBUTING.md", "docs/architecture.md")
"""The pages from which a newcomer finds files."""
NAMED = re.compile(
    r"(?<![\w/.*])(?:kernels|problems|bench|tests|docs|examples|\.ci|\.github)/[\w./-]*\w/?"
)
"""A path of the repository, wherever it stands in a text."""
MADE_UP = re.compile(r"NAME|KIND")
"""What stands in a path for a name of the reader's own."""
WORDS = {"five": 5, "seven": 7, "eight": 8}


def missing(text):
    """The paths in the text that aren't in the repository."""
    named = {path for path in NAMED.findall(text) if not MADE_UP.search(path)}
    return sorted(path for path in named if not (ROOT / path).exists())


@pytest.mark.parametrize("page", MAPS)
def test_every_file_that_a_map_names_exists(page):
    """The README, CONTRIBUTING and the architecture name no file or folder that isn't there."""
    text = (ROOT / page).read_text()

    assert len(NAMED.findall(text)) > 5
    assert missing(text) == []


def test_a_file_that_is_gone_is_seen():
    """A path of a file that isn't there is found in a link, in backticks and in a sentence."""
    text = "see `bench/gone.py`, [it](docs/gone.md) and kernels/loop.py, kernels/gone/loop.py."

    assert missing(text) == ["bench/gone.py", "docs/gone.md", "kernels/gone/loop.py"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    """A link to a file names one that is there, as seen from the page's folder."""
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())
    files = [link for link in links if "://" not in link]

    assert [link for link in files if not (page.parent / link).exists()] == []


def test_the_readme_is_short():
    """It has at most 150 lines, one figure, and leaves the rest to docs/."""
    text = (ROOT / "README.md").read_text()

    assert len(text.splitlines()) <= 150
    assert text.count("![") == 1


def test_the_readme_leads_to_every_page():
    """Each page of docs/ is linked from the README."""
    linked = set(re.findall(r"\((docs/\w+\.md)\)", (ROOT / "README.md").read_text()))

    assert linked == {str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md")}


def all_optimizers():
    """How many come with optbench, and not with a plugin."""
    return sum(
        ob.get_optimizer(name).owner.startswith("optbench.") for name in ob.list_optimizers()
    )


def all_problems():
    """How many come with optbench."""
    return sum(problems.registered()[name].ours for name in ob.list_problems())


def the_default_suite():
    """How many problems the default suite has."""
    return len(tomllib.loads((ROOT / "bench/sweep/suites.toml").read_text())["default"]["problems"])


@cache
def usual():
    """How many learning rates and seeds a sweep has that names none."""
    runs = ob.run(["quadratic"], ["sgd"], steps=1).runs
    return runs["lr"].nunique(), runs["seed"].nunique()


def choices(argument):
    """How many words `ob.dense_problem` knows for the argument, as its error lists them."""
    given = {"activation": "tanh", "loss": "huber", argument: "no_such_word"}
    with pytest.raises(ValueError, match="no_such_word") as error:
        ob.dense_problem(
            [1, 1], **given, inputs=[[0.0]], targets=[1.0], budget=1, source="", family="one"
        )
    return len(str(error.value).split("there are: ")[1].split(", "))


COUNTS = [
    (r"(\w+) optimizers, \d+ problems, the suites", all_optimizers),
    (r"\d+ optimizers, (\w+) problems, the suites", all_problems),
    (r"the (\w+) most common optimizers", lambda: len(COMMON)),
    (r"the (\w+) most common optimizers and all plugins", lambda: len(COMMON)),
    (r"optimizers on (\w+) problems, at", the_default_suite),
    (r"at (\w+) learning rates and", lambda: usual()[0]),
    (r"learning rates and (\w+) seeds", lambda: usual()[1]),
    (
        r"These are ([\d ]+) training runs",
        lambda: len(COMMON) * the_default_suite() * math.prod(usual()),
    ),
    (r"(\w+) presets, such as", lambda: len(PRESETS)),
    (r"lists (\w+) schedules", lambda: len(SCHEDULES)),
    (r"- (\w+) learning-rate schedules", lambda: len(SCHEDULES)),
    (r"- (\w+) optimizers: ", all_optimizers),
    (r"- (\w+) problems: ", all_problems),
    (r"(\w+) activations", lambda: choices("activation")),
    (r"(\w+) losses,", lambda: choices("loss")),
    (r"(\w+) initialisations", lambda: choices("init")),
]
"""What the README, the CHANGELOG and docs/ count, and how the package counts it."""


@pytest.mark.parametrize(("pattern", "count"), COUNTS, ids=[pattern for pattern, _ in COUNTS])
def test_counts_are_the_packages(pattern, count):
    """Each number in the pages is what the package has now."""
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    texts = [re.sub(r"\s+", " ", page.read_text()) for page in pages]
    found = [word for text in texts for word in re.findall(pattern, text)]

    assert found
    assert {int(WORDS.get(word, word.replace(" ", ""))) for word in found} == {count()}


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_every_decision_has_a_status(page):
    """The third line of a decision says whether it is in force, and since when."""
    status = page.read_text().split("\n\n")[1].replace("\n", " ")

    assert re.match(r"Status: (accepted|superseded by \d{4}|amended by \d{4})", status)
    assert re.search(r"\d{4}-\d\d-\d\d", status)


def test_the_index_lists_every_decision():
    """In order, with the status that the page has itself."""
    index = (ROOT / "docs/decisions/README.md").read_text()
    rows = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\) \| [^|]+ \| ([^|]+) \| [^|]+\. \|$", index, re.M)

    assert [file for _, file, _ in rows] == [page.name for page in DECISIONS]
    for (number, _, status), page in zip(rows, DECISIONS, strict=True):
        assert page.name.startswith(number)
        assert f"Status: {status.split(',')[0]}" in page.read_text()


def test_the_two_lists_of_common_optimizers_and_problems_have_one_home_each():
    """No second list of the eight common optimizers stands in bench/, beside that of the
    benchmarks, which can't import the package.
    """
    lists = [
        file
        for file in sorted((ROOT / "bench").rglob("*.py"))
        if all(f'"{name}"' in file.read_text() for name in COMMON)
    ]

    assert [str(file.relative_to(ROOT)) for file in lists] == [
        "bench/benchmarks/axes.py",
        "bench/plugins/discovery.py",
    ]


def test_the_citation_is_the_packages():
    """Title, version, abstract and licence of CITATION.cff are pyproject.toml's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "CITATION.cff").read_text().splitlines()
    cited = dict(line.split(": ", 1) for line in lines if ": " in line and line[0] not in " -")

    assert cited["title"] == project["name"]
    assert cited["version"] == project["version"]
    assert cited["abstract"] == project["description"]
    assert cited["license"] == project["license"]


def test_ci_calls_what_contributors_call():
    """The workflow runs .ci/run and has no list of checks of its own."""
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()

    assert "- run: bash .ci/run" in workflow
    assert "pytest" not in workflow
