"""Lets Jupyter start its kernels in the sandbox: a provisioner, under jupyter_client's entry point.

Whatever runs a notebook with the kernel `course-sandbox` (stock nbgrader's Execute, formgrader, nbclient, a trainer who
opens a learner's notebook) gets a kernel that is forked from the warm template, behind the same walls as code that is
graded. The kernel is reached through sockets in its own folder, for it has no network.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import Any

from jupyter_client.provisioning import KernelProvisionerBase

from grading.sandbox import box, walls
from grading.sandbox.limits import Limits

#: In place of ports: each channel's socket is a file that ends with its number.
CHANNELS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


class SandboxProvisioner(KernelProvisionerBase):
    """A kernel in a box. Raises sandbox.Unavailable where no box can be made: it is never started bare."""

    #: What the kernel may use; how long a cell may take is for whoever runs the notebook to say.
    limits = Limits()

    _first: int | None = None

    @property
    def has_process(self) -> bool:
        return self._first is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Nothing is prepared: the kernel's command and environment are the template's."""
        kwargs.pop("extra_arguments", None)
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Start the kernel, and return where it is reached."""
        self._template = await asyncio.to_thread(box.warm)
        connection = {
            **{channel: number for number, channel in enumerate(CHANNELS, start=1)},
            "transport": "ipc",
            "key": self.parent.session.key.decode(),
            "signature_scheme": self.parent.session.signature_scheme,
            "kernel_name": self.parent.kernel_name,
        }
        inside = {**connection, "ip": f"{walls.home()}/kernel"}
        nothing = os.open(os.devnull, os.O_RDWR)
        self._fate, fate = os.pipe()  # while this end is open, the box goes on
        try:
            handles = [nothing, nothing, fate]
            self._first = await asyncio.to_thread(self._template.order, "kernel", inside, self.limits, None, handles)
        finally:
            os.close(nothing)
            os.close(fate)
        self.pid = box.pid_of(self._first)
        folder = f"/proc/{await self._kernel()}/root{walls.home()}"
        self.connection_info = {**connection, "key": self.parent.session.key, "ip": f"{folder}/kernel"}
        return self.connection_info

    async def _kernel(self) -> int:
        """The kernel's own process, as soon as it is there: the child of the box's first one."""
        for _ in range(500):
            if len(family := box.family_of(self.pid)) > 1:
                return family[1]
            await asyncio.sleep(0.01)
        raise box.Unavailable("the kernel did not start in its box")

    async def poll(self) -> int | None:
        """None while the kernel runs. One that takes more than it may is ended here."""
        if self._first is None or not box.pid_of(self._first) or box.has_ended(self._first):
            return 0
        if self._template.over(self.pid, self.limits):
            await self.kill()
        return None

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.02)
        if self._first is not None:
            os.close(self._first)
            os.close(self._fate)
            self._first = None
        return 0

    async def send_signal(self, signum: int) -> None:
        """Signal the learner's process, which is the first one's child; the first one itself hears nothing but this."""
        if signum == signal.SIGKILL:
            return await self.kill()
        for process in box.family_of(self.pid)[1:2]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signum)

    async def kill(self, restart: bool = False) -> None:
        if self._first is not None:
            box.kill(self._first)

    async def terminate(self, restart: bool = False) -> None:
        await self.kill()

    async def cleanup(self, restart: bool = False) -> None:
        """Nothing is left: the box's folder went with it."""
