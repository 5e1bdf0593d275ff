"""Throw-away histories for tests: files as asv 0.6.6 writes them."""

import json

STEPS = "convergence.Convergence.track_steps_to_target"
TIME = "speed.Speed.track_step_time"
RELATIVE = "speed.Speed.track_relative_step_time"
KNOWN = {
    STEPS: {"version": "1", "param_names": ["problem", "optimizer", "lr"]},
    TIME: {"version": "2", "param_names": ["problem", "optimizer"]},
    RELATIVE: {"version": "1", "param_names": ["problem", "optimizer"]},
}
ENVIRONMENT = "virtualenv-py3.11-numba0.68.1-numpy2.4.6"


def listed(folder, known=KNOWN):
    """asv's list of benchmarks in a folder of results, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks.json").write_text(json.dumps({**known, "version": 2}))


def stored(folder, commit, results, machine="vm", environment=ENVIRONMENT):
    """A commit's file: values in the order of the parameters' product, trailing nulls left away;
    the file.

    results : {benchmark: (values, parameters of each axis, version, half the interval as a share of
    the value)}; without the last it has no samples.
    """
    columns = [
        "result",
        "params",
        "version",
        "started_at",
        "duration",
        "stats_ci_99_a",
        "stats_ci_99_b",
    ]
    entries = {}
    for name, (values, axes, version, *half) in results.items():
        ends = (
            [[value * (1 + sign * half[0]) for value in values] for sign in (-1, 1)] if half else []
        )
        entries[name] = [
            values,
            [[repr(word) for word in axis] for axis in axes],
            version,
            *([1, 1.0, *ends] if half else []),
        ]
    document = {
        "commit_hash": commit,
        "env_name": environment,
        "params": {"machine": machine},
        "result_columns": columns,
        "results": entries,
        "version": 2,
    }
    (folder / machine).mkdir(exist_ok=True)
    (folder / machine / "machine.json").write_text(json.dumps({"machine": machine, "version": 1}))
    file = folder / machine / f"{commit[:8]}-{environment}.json"
    file.write_text(json.dumps(document))
    return file
