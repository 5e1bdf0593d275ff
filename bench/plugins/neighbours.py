"""A plugin file imports files that lie beside it, as a script does, while it is loaded.

`import helpers` in my_rule.py finds helpers.py or a package helpers in my_rule.py's folder. Two
plugins may each have a `helpers` of their own: such a module is kept under a name made of its path,
and the plain name is gone after the load. Nothing of the standard library is hidden, and no import
of anyone else's: whose import it is shows in the calling frame.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, ModuleType

from ...kernels.digests import digest
from ..terminal.typed import as_typed

PREFIX = "optbench_plugin_"
_brought_by: dict[str, Path] = {}
"""Of modules that were found beside a plugin file: that file."""


def module_name(file: Path) -> str:
    """The name under which a plugin's file, or one beside it, is a module: two files may share a
    stem.
    """
    stem = file.parent.name if file.name == "__init__.py" else file.stem
    return f"{PREFIX}{as_typed(stem)}_{digest(os.fsencode(file))}"


def plugin_file(module: str) -> Path | None:
    """The plugin file whose load brought this module, where it was found beside one."""
    return _brought_by.get(module.partition(".")[0])


class Source(importlib.machinery.SourceFileLoader):
    """Reads the file itself: bytecode left behind is stale for edits within a second, and litters
    the author's folder.
    """

    def get_code(self, fullname: str) -> CodeType:
        """The code of the file's text."""
        return self.source_to_code(self.get_data(self.path), self.path)


def execute(name: str, file: Path) -> ModuleType:
    """The file as a module of that name, read as it is now and known to sys.modules before it runs.

    A folder without __init__.py is a package of nothing but its files.
    """
    search = (
        [str(file if file.is_dir() else file.parent)]
        if file.is_dir() or file.name == "__init__.py"
        else None
    )
    loader = None if file.is_dir() else Source(name, str(file))
    spec = importlib.machinery.ModuleSpec(
        name, loader, origin=str(file), is_package=search is not None
    )
    spec.submodule_search_locations, spec.has_location = search, loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if loader is None:
        return module
    spec._initializing = True  # type: ignore[attr-defined]  # as an import statement has it: what is registered twice shows
    try:
        loader.exec_module(module)
    finally:
        spec._initializing = False  # type: ignore[attr-defined]
    return module


@contextmanager
def importable(plugin: Path) -> Iterator[dict[str, str]]:
    """Let the plugin file, and what it imports, import from its folder while the context lasts.

    Yields what was found there: plain name -> the name under which it is kept.
    """
    finder = _Finder(plugin)
    sys.meta_path.insert(0, finder)
    try:
        yield finder.loaded
    except BaseException:
        for name in finder.loaded.values():
            sys.modules.pop(name, None)
        raise
    finally:
        sys.meta_path.remove(finder)
        for name in finder.loaded:
            sys.modules.pop(name, None)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds what a file of one folder imports by the name of another file of it. loaded : plain
    name -> name kept.
    """

    def __init__(self, plugin: Path):
        self.plugin, self.folder = plugin, plugin.parent
        self.loaded: dict[str, str] = {}
        self.begun: set[str] = set()

    def find_spec(
        self, fullname: str, path=None, target=None
    ) -> importlib.machinery.ModuleSpec | None:
        top, _, inside = fullname.partition(".")
        if inside:  # of a package beside the plugin, by its plain name
            kept = self.loaded.get(top)
            return (
                importlib.machinery.ModuleSpec(fullname, _Loader(self, f"{kept}.{inside}", None))
                if kept
                else None
            )
        folder = self.folder / fullname
        places = [
            folder / "__init__.py",
            folder.with_suffix(".py"),
            *([folder] if any(folder.glob("*.py")) else []),
        ]
        file = next(filter(Path.exists, places), None)
        if file is None or top in sys.stdlib_module_names or not self._asked_from_here():
            return None
        return importlib.machinery.ModuleSpec(fullname, _Loader(self, module_name(file), file))

    def _asked_from_here(self) -> bool:
        """Whether the import stands in a file of the folder."""
        frame = sys._getframe(1)
        while frame is not None and _is_machinery(frame.f_code):
            frame = frame.f_back
        file = Path(frame.f_code.co_filename) if frame else Path()
        return self.folder in file.parents and "site-packages" not in file.parts


def _is_machinery(code: CodeType) -> bool:
    return code.co_filename in (__file__, importlib.__file__) or code.co_filename.startswith(
        "<frozen importlib."
    )


class _Loader(importlib.abc.Loader):
    """Brings a module under the name it is kept by; the import that asked for it gets the same
    module by the plain name.
    """

    def __init__(self, finder: _Finder, kept: str, file: Path | None):
        self._finder, self._kept, self._file = finder, kept, file

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        self._finder.loaded[spec.name] = self._kept
        if self._file is None:
            module = importlib.import_module(self._kept)
        elif self._kept in self._finder.begun:  # a circle of imports: as far as it has got
            module = sys.modules[self._kept]
        else:
            module = self._executed(self._file)
        self._own = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._own  # the import machinery has put the plain name's in its place

    def _executed(self, file: Path) -> ModuleType:
        """The file as a module, anew at each load of its plugin: it counts as it is now."""
        for name in [
            name for name in sys.modules if name == self._kept or name.startswith(f"{self._kept}.")
        ]:
            del sys.modules[name]
        self._finder.begun.add(self._kept)
        _brought_by[self._kept] = self._finder.plugin
        return execute(self._kept, file)
