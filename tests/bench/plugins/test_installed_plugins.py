"""Plugins that other distributions offer by entry points, and what is said of a broken one."""

import optbench as ob
import pytest
from optbench.bench.plugins import discovery
from optbench.bench.terminal.notices import Notice


class Entry:
    """An entry point of another distribution."""

    def __init__(self, group, name, value, load):
        self.group, self.name, self.value, self.load = group, name, value, load


@pytest.fixture
def installed(monkeypatch):
    """Pretend that a distribution with this entry point is installed, and discover anew."""

    def _installed(entry):
        monkeypatch.setattr(
            discovery, "entry_points", lambda *, group: [entry] if group == entry.group else []
        )
        discovery.discover.cache_clear()

    yield _installed
    discovery.discover.cache_clear()


def test_an_installed_plugin_is_found(installed):
    """An optimizer that an installed distribution's entry point brings is listed."""

    def load():
        def entering(x, g, lr=0.1):
            return x - lr * g

        return ob.optimizer(entering)

    installed(Entry("optbench.optimizers", "entering", "their_package.rules", load))

    assert "entering" in ob.list_optimizers()


@pytest.mark.parametrize("group", ["optbench.optimizers", "optbench.problems"])
def test_a_broken_installed_plugin_is_left_out(installed, group):
    """An entry point that can't be loaded is one warning of a line: plugin, entry point, group,
    reason. The rest goes on.
    """

    def load():
        raise ModuleNotFoundError("No module named 'their_dependency'\nor so")

    installed(Entry(group, "their_rules", "their_package.rules", load))
    with pytest.warns(Notice) as caught:
        names = ob.list_optimizers()

    (said,) = [str(one.message) for one in caught]
    assert {"adam", "sgd"} <= set(names)
    assert all(
        word in said
        for word in (
            "their_package.rules",
            "their_rules",
            group,
            "ModuleNotFoundError",
            "their_dependency",
        )
    )
    assert "\n" not in said
    with pytest.raises(
        ValueError,
        match=r"unknown optimizer 'theirs'.*'their_package\.rules' can't be imported: ModuleNot",
    ):
        ob.get_optimizer("theirs")
    with pytest.raises(ValueError, match="unknown setting of adam") as caught:
        ob.get_optimizer("adam", gamma=1.0)
    assert "their_package" not in str(caught.value)


def test_an_installed_plugin_that_takes_a_name_is_named(installed):
    """An entry point that takes a name of ours is left out, with a warning that names both
    owners.
    """

    def load():
        def adam(x, g, lr=0.1):
            return x - lr * g

        adam.__module__ = "their_package.rules"
        return ob.optimizer(adam)

    installed(Entry("optbench.optimizers", "adam", "their_package.rules", load))

    with pytest.warns(Notice, match=r"optbench\.kernels\.update\.adam and by their_package\.rules"):
        assert ob.get_optimizer("adam").owner == "optbench.kernels.update.adam"
