"""Jupyter's own Python kernel, inside the box: it talks through sockets in the box's folder, and to nobody else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def serve(connection: dict[str, Any]) -> None:
    """Serve this connection until the kernel is shut down. Never returns before."""
    from ipykernel import kernelapp
    from IPython.core.interactiveshell import InteractiveShell

    class WithoutPort(kernelapp.IOPubThread):
        """Opens no port on which child processes would hand over their output: there is no network to open it on."""

        def __init__(self, socket: Any, pipe: bool = False, **more: Any) -> None:
            super().__init__(socket, pipe=False, **more)

    kernelapp.IOPubThread = WithoutPort
    InteractiveShell.clear_instance()  # the template's own, which knows no kernel
    file = Path("connection.json").absolute()
    file.write_text(json.dumps(connection), encoding="utf-8")
    kernelapp.IPKernelApp.launch_instance(["-f", str(file), "--HistoryManager.enabled=False"])
