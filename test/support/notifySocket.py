"""The socket that systemd gives to a service of Type=notify: prints each message as a line of JSON."""

import json
import socket
import sys

receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print(json.dumps("listens"), flush=True)
while True:
    message = receiver.recv(4096).decode()
    # systemd-notify asks with it whether what it said before was read.
    if message != "BARRIER=1":
        print(json.dumps(message), flush=True)
