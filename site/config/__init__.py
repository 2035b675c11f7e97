"""The site that hosts the extranet."""

import importlib.util
import sys
from pathlib import Path

# In a checkout the plugins stand beside site/; in production they come from the wheel.
if importlib.util.find_spec("extranet") is None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
