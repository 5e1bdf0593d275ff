"""The regression check as a command: what is accepted, what it says of dependencies and of
wrong options, and that it ends.
"""

import re

import pytest
from git_repository import committed, git
from history_command import history

CASES = ["-p", "quadratic", "-o", "adam"]
ADAM = "kernels/update/adam.py"
BIAS = (ADAM, "m_hat = m / (1 - beta1**t)", "m_hat = m / (1 - beta1**(t + 1))")


@pytest.mark.slow
def test_a_change_that_is_meant_passes_once(check, repository, kept):
    """An entry with a reason lets the change pass that it comes with, and not a second one
    later.
    """
    entry = '[[accepted]]\noptimizer = "adam"\nreason = "a test of this file"\n'
    status, output, _ = check([BIAS], *CASES, "--no-times", accept=entry)
    assert status == 0, output
    assert "accepted: a test of this file" in output

    git(repository, "checkout", "-q", "-b", "merged")
    committed(repository)
    (repository / ADAM).write_text(
        (repository / ADAM).read_text().replace("beta2=0.999,", "beta2=0.99,")
    )
    done = history(repository, "check", "merged", ".", *CASES, "--no-times", kept=kept)
    git(repository, "reset", "-q", "--hard")
    git(repository, "checkout", "-q", "main")

    assert done.returncode == 1
    assert re.search(r"^adam: \d+ of \d+ moved", done.stdout, re.MULTILINE)
    assert "accepted:" not in done.stdout


@pytest.mark.slow
def test_a_dependency_that_changes_is_reported(check):
    """Both commits run in this Python: what HEAD asks for, and that it wasn't judged, is in the
    output.
    """
    bump = ("pyproject.toml", '"numba>=0.68"', '"numba>=0.68,!=0.68.0"')
    status, output, report = check([bump], "-p", "booth", "-o", "sgd", "--no-times")

    assert status == 0, output
    assert "numba: HEAD asks for numba>=0.68,!=0.68.0, BASE for numba>=0.68; here runs" in output
    assert any("--environments" in note for note in report["notes"])


@pytest.mark.slow
def test_output_in_ascii_loses_nothing(check):
    """Where the output takes no other characters, the table is in plain ones, and the files are
    there.
    """
    status, output, report = check(
        [BIAS], "-p", "booth", "-o", "adam", "--no-times", PYTHONIOENCODING="ascii", LC_ALL="C"
    )

    assert status == 1, output
    assert re.search(r"booth[ |]+adam[ |]+1\.0e-02[ |]+converges", output)
    assert "->" in output
    assert "→" in report["findings"][0]["change"]


@pytest.mark.slow
def test_a_check_has_an_end(check):
    """With --timeout it ends by then: status 3 where curves weren't done, and nothing stays
    behind.
    """
    status, output, _ = check([BIAS], "--timeout", "5s")

    assert status == 3
    assert output.splitlines()[-1] == "optbench: the check's time is over"


@pytest.mark.slow
def test_words_that_mean_nothing_end_in_a_line(check):
    """An unknown commit, a wrong entry, a file that can't be written and a wrong time: status 2 and
    one line that says what.
    """
    for options, accept, message in (
        ([], '[[accepted]]\noptimizer = "adam"\n', "needs a reason"),
        ([], "accepted = 3", "[[accepted]]"),
        (["--json", "no/such/folder.json"], None, "its folder is missing"),
        (["--timeout", "soon"], None, "'soon' is no time"),
    ):
        status, output, _ = check([], *options, accept=accept)
        assert (status, output.count("\n")) == (2, 1)
        assert message in output


@pytest.mark.slow
def test_a_slip_in_a_name_is_an_error(check):
    """Also where there is nothing to compare: neither commit has such a rule, and the near ones are
    named.
    """
    status, output, _ = check([], "-o", "adamm")

    assert status == 2, output
    assert "unknown optimizer 'adamm'; did you mean" in output


def test_equal_commits_are_noticed_at_once(check):
    """The tree without a change has the same files as the commit; a name that the suite tracks is
    no slip.
    """
    for options in ([], ["-o", "adam"]):
        status, output, report = check([], *options)

        assert status == 0, output
        assert "main" in output
        assert "the working tree have the same files" in output
        assert report["passed"] is True


@pytest.mark.slow
def test_a_change_outside_of_the_package_needs_no_measuring(check, repository):
    """A page of documentation moves no curve: what would be installed is the same."""
    (repository / "NOTES.md").write_text("nothing")
    status, output, _ = check([])

    assert status == 0, output
    assert "their packages have the same files" in output


def test_a_folder_without_history_is_an_error(tmp_path):
    """Outside a repository, and in one without asv.conf.json, the command says what is missing."""
    alone = {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    outside = history(tmp_path, "check", "HEAD", **alone)
    git(tmp_path, "init", "-q")
    bare = history(tmp_path, "check", "HEAD")

    assert (outside.returncode, bare.returncode) == (2, 2)
    assert "no Git repository" in outside.stderr
    assert "asv.conf.json" in bare.stderr
