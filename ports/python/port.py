#!/usr/bin/env python3
"""A port in Python: answers the questions of sigcheck with signature.py.

One JSON question per line on standard input, one JSON answer per line on standard output
(docs/PROTOCOL.md). With --send it also sends each request, with urllib.request:

    sigcheck run -- python3 port.py
    sigcheck run --capture -- python3 port.py --send
"""

import json
import sys
import urllib.error
import urllib.request

from signature import (
    SERVERS, Credentials, dashboard_tokens, read_key_file, read_object, sign, text_member
)


def answer(question):
    """Signs the request that the question describes."""
    profile = question.get("profile", "linuxlink")
    if profile not in SERVERS:
        raise ValueError(f"unknown profile {profile!r}")
    credentials = read_credentials(question, profile)
    data = question.get("data")
    if not isinstance(data, dict):
        raise ValueError("'data' must be an object")
    if "dashboard_config" in question:
        data |= dashboard_tokens(text_member(question, "dashboard_config"), profile)
    return sign(credentials, text_member(question, "method"), text_member(question, "resource"), data)


def read_credentials(question, profile):
    if "key_file" in question:
        credentials = read_key_file(text_member(question, "key_file"), profile)
    else:
        email, key = text_member(question, "email"), text_member(question, "key")
        credentials = Credentials(email, key, SERVERS[profile])
    if "base_url" in question:
        credentials = credentials._replace(server=text_member(question, "base_url"))
    return credentials


def send(method, signed):
    """Sends a signed request, and returns what the server said."""
    # The path may hold raw characters, which a request line may not; escapes stay as they are.
    url = urllib.request.quote(signed["url"], safe="%/:=&?~#+!$,;'@()*[]")
    body = signed["body"].encode("ascii") if "body" in signed else None
    request = urllib.request.Request(url, body, signed["headers"], method=method.upper())
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.read().decode("utf-8")
    except urllib.error.URLError as error:
        raise ValueError(f"sending to {url}: {error}") from error


def reply(line, sends):
    result = {}
    try:
        question = read_object(line.decode("utf-8"), "the question")
        if "id" in question:
            result["id"] = question["id"]
        signed = answer(question)
        result |= signed
        if sends:
            result["server"] = send(question["method"], signed)
    except (ValueError, TypeError, RecursionError) as error:
        result["error"] = str(error)
    return result


def main():
    sys.set_int_max_str_digits(0)  # `text-integer`: of any size
    for line in sys.stdin.buffer:  # bytes: only b"\n" ends a line
        if line.strip():
            print(json.dumps(reply(line, "--send" in sys.argv)), flush=True)


if __name__ == "__main__":
    main()
