"""Run a command under limits and write down what it took.

Called with FILE SECONDS BYTES COMMAND and its words.

A process of its own between test and command: the memory that a test has in use would be counted
as the command's.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path


def main() -> None:
    """Run it, wait for it, and write status, memory and time."""
    record, seconds, size, *command = sys.argv[1:]
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (int(size), int(size)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.execv(command[0], command)  # noqa: S606 - that is what this is for
    _, status, used = os.wait4(child, 0)
    found = {
        "status": os.waitstatus_to_exitcode(status),
        "megabytes": used.ru_maxrss >> 10,
        "seconds": used.ru_utime + used.ru_stime,
    }
    Path(record).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
