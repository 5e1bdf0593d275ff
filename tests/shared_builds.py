"""What the checks of a test session install and compile, kept for the next of them.

Most checks compare the same commit with a changed one. Users' checks find nothing that others
installed or compiled; where that is what a test asks, it doesn't share.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path

from optbench.bench.history import installing, measuring


def share(folder):
    """Let the checks of this process take packages and kernels from `folder`, and leave theirs.

    Packages are the same where all their files are. Kernels lie in optbench's cache, where those of
    other code have other digests.
    """
    folder = Path(folder)
    own_environment, own_install = measuring.Package.environment.fget, installing.install
    assert own_environment is not None

    def environment(package):
        places = {"OPTBENCH_CACHE_DIR": "kernels", "NUMBA_CACHE_DIR": "numba"}
        kept = {name: str(folder / place) for name, place in places.items()}
        return {**own_environment(package), **kept}

    def install(source, *arguments):
        built = folder / "installed" / _digest(source)
        if not built.is_dir():
            place = own_install(source, *arguments)
            built.parent.mkdir(parents=True, exist_ok=True)
            copy = Path(tempfile.mkdtemp(dir=folder), "copy")
            shutil.copytree(place, copy)
            # another process may have been faster
            if not built.is_dir():
                copy.rename(built)
            return place
        place = source.parents[1] / "installed" / source.name
        shutil.copytree(built, place)
        return place

    measuring.Package.environment = property(environment)
    installing.install = install


def _digest(source):
    """Of the names and contents of all files below `source`."""
    found = hashlib.sha256()
    for file in sorted(source.rglob("*")):
        if file.is_file():
            found.update(f"{file.relative_to(source)}\0".encode())
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:32]
