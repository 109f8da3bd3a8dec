"""Makes what lies in models/ and qa/calibration.json; not installed, run from the checkout with ``python -m``.

Calibration asks the questions that the evaluations ask, and those are scripts that import each other by name.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "evals"))
