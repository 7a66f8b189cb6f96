#!/usr/bin/env python3
"""A client in Python that really sends its requests, for `sigcheck run --capture`.

It signs as port.py does, and sends each request to the question's `base_url` with
urllib.request. sigcheck stands in for the server there, and judges what arrives:

    sigcheck run --capture -- python3 client.py

Needs Python 3.11 or later, and port.py beside it.
"""

import json
import sys
import urllib.error
import urllib.request

import port


def send(question):
    """Sign the request, send it, and answer with what the server said."""
    signed = port.answer(question)
    body = signed["body"].encode("ascii") if "body" in signed else None
    # The path may hold raw characters, which a request line may not; escapes stay as they are.
    url = urllib.request.quote(signed["url"], safe="%/:=&?~#+!$,;'@()*[]")
    request = urllib.request.Request(url, data=body, headers=signed["headers"], method=question["method"].upper())
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return {"hmac_msg": signed["hmac_msg"], "server": response.read().decode("utf-8")}
    except urllib.error.URLError as error:
        return {"error": f"sending to {url}: {error}"}


def main():
    sys.set_int_max_str_digits(0)
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        try:
            result = send(port.read_object(line.decode("utf-8"), "the question"))
        except (ValueError, TypeError, RecursionError) as error:
            result = {"error": str(error)}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
