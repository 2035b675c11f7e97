"""The distribution holds the plugins, whole, and nothing of the host."""

import subprocess
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ("extranet", "forums", "events")


def test_wheel_holds_the_plugins_whole_and_nothing_else(wheel):
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard", *PLUGINS], cwd=ROOT, capture_output=True, check=False
    )
    source = listed.stdout.decode().split("\0")[:-1] if listed.returncode == 0 else files_of_plugins()
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name and not name.endswith("/")}
    assert names == {name for name in source if (ROOT / name).is_file()}


def test_wheel_carries_its_licence(wheel):
    with zipfile.ZipFile(wheel) as archive:
        licences = [name for name in archive.namelist() if name.endswith(".dist-info/licenses/LICENSE")]
    assert len(licences) == 1


def files_of_plugins():
    """What a copy without git holds."""
    return [
        str(file.relative_to(ROOT))
        for plugin in PLUGINS
        for file in (ROOT / plugin).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    ]
