"""Runs a command in a terminal of its own, and presses Ctrl-C as soon as it shows what is expected.

inTerminal.py EXPECTED COMMAND [ARGUMENT…] → one JSON document: the exit code and the end of what was shown.
"""

import json
import os
import pty
import re
import sys

expected, command = re.compile(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown, pressed = "", False
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:  # Linux says so of a terminal whose programs have ended.
        break
    if not piece:
        break
    shown += piece.decode("utf-8", "replace")
    if not pressed and expected.search(shown):
        pressed = True
        os.write(terminal, b"\x03")
_, status = os.waitpid(pid, 0)
print(json.dumps({"code": os.waitstatus_to_exitcode(status), "pressed": pressed, "shown": shown[-2000:]}))
