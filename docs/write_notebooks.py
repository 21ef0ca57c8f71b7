"""Run the notebooks and keep what they show in them, so that they can be read where nothing runs.

.venv/bin/python docs/write_notebooks.py            run both and write what they show
.venv/bin/python docs/write_notebooks.py --check    only say whether they show what they would show now

A figure is the same if its finding is and hardly a dot differs: fonts are drawn a little differently elsewhere.
"""

import base64
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbclient import NotebookClient
from PIL import Image
from traitlets.config import Config

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS = 300
DOTS_THAT_MAY_DIFFER = 0.01
"""Share of a figure's dots that may differ visibly."""


def shown_now(path: Path, *, folder: Path) -> Any:
    """Return the notebook as it comes out of a fresh kernel in a folder; nothing is written."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    with tempfile.TemporaryDirectory() as sockets:
        # Sockets in a folder of one's own: nobody else on the machine can listen in.
        config = Config({"ConnectionFileMixin": {"transport": "ipc", "ip": f"{sockets}/kernel"}})
        client = NotebookClient(
            notebook, timeout=SECONDS, kernel_name="python3", resources=resources, config=config
        )
        client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number}"
        cell["metadata"] = {}
        for shown in cell.get("outputs", []):
            # A figure shows itself; the name of its class says nothing.
            if "image/png" in shown.get("data", {}):
                shown["data"].pop("text/plain", None)
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def differences(kept: Any, now: Any) -> list[str]:
    """Return what one run shows that the other doesn't, a line for each cell."""
    found = []
    for number, (old, new) in enumerate(zip(kept.cells, now.cells, strict=True), start=1):
        before, after = list(old.get("outputs", [])), list(new.get("outputs", []))
        if len(before) != len(after) or not all(map(is_same, before, after)):
            found.append(f"cell {number} shows something else")
    return found


def is_same(one: Any, other: Any) -> bool:
    """Say whether two outputs show the same."""
    pictures = [shown.get("data", {}).get("image/png") for shown in (one, other)]
    if None in pictures:
        return text_of(one) == text_of(other)
    dots = [np.asarray(Image.open(io.BytesIO(base64.b64decode(p))).convert("L"), dtype=int) for p in pictures]
    if dots[0].shape != dots[1].shape or one["metadata"] != other["metadata"]:
        return False
    return float(np.mean(abs(dots[0] - dots[1]) > 64)) <= DOTS_THAT_MAY_DIFFER


def text_of(shown: Any) -> Any:
    """Return what an output says, without the number of its cell."""
    return {key: value for key, value in shown.items() if key != "execution_count"}


def main(arguments: list[str]) -> int:
    """Run every notebook; write it, or say how it differs from what is kept."""
    stale = 0
    for path in NOTEBOOKS:
        now = shown_now(path, folder=path.parent)
        if "--check" not in arguments:
            path.write_text(nbformat.writes(now, indent=1) + "\n", encoding="utf-8")
            continue
        for difference in differences(nbformat.read(path, as_version=4), now):
            stale += 1
            sys.stderr.write(f"{path.name}: {difference}; run docs/write_notebooks.py\n")
    return min(stale, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
