"""Which commits the history blames: lines go along first parents, and what isn't on them is
counted.
"""

from asv_history import STEPS, TIME
from drawn_history import command, key, repository, steps
from git_repository import committed, git
from optbench.bench.history import asv_results
from optbench.bench.history import repository as commits
from optbench.bench.history.series import changes, series


def named(root, benchmark=STEPS):
    """{commit: optimizers} of the commits that the history blames."""
    frame = asv_results.read(root)
    own = frame[frame["benchmark"] == benchmark]
    found = changes(series(own, commits.first_parents(root), benchmark == TIME), 1.05)
    return {commit: [change.optimizer for change in changed] for commit, changed in found.items()}


def test_commits_that_changed_an_optimizer_are_named(drawn):
    """Adam's steps changed at the second commit, its times at the third; SGD's never."""
    root, names = drawn

    assert commits.first_parents(root) == names
    assert named(root) == {names[1]: ["adam"]}
    assert named(root, TIME) == {names[2]: ["adam"]}
    assert f"A  {names[2][:7]} a slower loop: adam × 2.00" in key(root)
    assert f"A  {names[1][:7]} Adam forgets its bias: adam × 2.00" in key(root)


def test_a_merged_branch_leaves_the_line_of_first_parents(tmp_path):
    """main halves Adam's steps while a branch, which left before, does nothing: neither the branch
    nor the merge is blamed.
    """
    folder = repository(tmp_path)
    first = committed(tmp_path, "the first")
    git(tmp_path, "checkout", "-q", "-b", "topic")
    topic = committed(tmp_path, "words alone")
    git(tmp_path, "checkout", "-q", "main")
    (tmp_path / "adam.py").write_text("better")
    better = committed(tmp_path, "Adam in half the steps")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge the words", "topic")
    merge = git(tmp_path, "rev-parse", "HEAD")
    for commit, value in ((first, 100), (topic, 100), (better, 50), (merge, 50)):
        steps(folder, commit, value)
    done = command(tmp_path, "plot")

    assert named(tmp_path) == {better: ["adam"]}
    assert "3 commits on vm, 2 optimizers; not drawn: 1 of branches that were merged" in done.stdout
    assert f"A  {better[:7]} Adam in half the steps: adam × 0.50" in key(tmp_path)


def test_what_a_merge_brings_may_be_any_of_its_commits(tmp_path):
    """Two commits of a branch and the merge lie between two measured ones: one of three is named,
    not the last for all.
    """
    folder = repository(tmp_path)
    first = committed(tmp_path, "the first")
    git(tmp_path, "checkout", "-q", "-b", "topic")
    for number in (1, 2):
        (tmp_path / "adam.py").write_text(f"{number}")
        committed(tmp_path, f"part {number}")
    git(tmp_path, "checkout", "-q", "main")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge Adam", "topic")
    merge = git(tmp_path, "rev-parse", "HEAD")
    steps(folder, first, 100)
    steps(folder, merge, 200)

    assert f"A  one of 3 commits up to {merge[:7]} Merge Adam: adam × 2.00" in key(tmp_path)


def test_measured_branches_alone_are_no_line(tmp_path):
    """Only a merged branch was measured: what to do is said."""
    folder = repository(tmp_path)
    committed(tmp_path, "the first")
    git(tmp_path, "checkout", "-q", "-b", "topic")
    steps(folder, committed(tmp_path, "a part"), 100)
    git(tmp_path, "checkout", "-q", "main")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge", "topic")
    done = command(tmp_path, "plot")

    assert done.returncode == 2
    assert (
        "1 commits were measured, all on branches that were merged: optbench history run measures"
        " HEAD" in done.stderr
    )


def test_squashed_commits_are_said(drawn):
    """A branch squashed into one commit takes its measured ones out of the history: that is the
    reason given.
    """
    root, _ = drawn
    git(root, "checkout", "-q", "--orphan", "squashed")
    last = committed(root, "all in one")
    done = command(root, "plot")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert (
        "3 commits were measured, none is an ancestor of HEAD (squashed or rebased?)" in done.stderr
    )

    steps(root / "results" / "asv", last, 100)
    assert (
        "1 commits on vm, 2 optimizers; not drawn: 3 that aren't ancestors of HEAD"
        in command(root, "plot").stdout
    )
