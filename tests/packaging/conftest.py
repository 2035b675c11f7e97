import os
import shutil
import sys
from pathlib import Path

import pytest
import uv_build

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The distribution, built from a copy of what it is made of: no network, nothing written into the checkout."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("extranet", "forums", "events", "site", "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "var"))
    target = tmp_path_factory.mktemp("dist")
    before, path = Path.cwd(), os.environ["PATH"]
    os.chdir(source)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"  # where the backend's program stands
    try:
        return target / uv_build.build_wheel(str(target))
    finally:
        os.chdir(before)
        os.environ["PATH"] = path
