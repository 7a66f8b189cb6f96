#!/usr/bin/env python3
"""A port in Python: signs requests of the LinuxLink / Vigiles API.

One JSON question per line on standard input, one JSON answer per line on
standard output (docs/PROTOCOL.md). Names in backquotes are rules of
docs/SIGNATURE.md. Needs Python 3.11 or later, nothing else:

    ./port.py <<< '{"email":"a@b.c","key":"k","method":"GET","resource":"/x","data":{}}'

str(), repr() and sorted() are what the vendor's client uses, so the rules about spelling
and order (`text-float`, `nested-repr`, `list-order`, ...) need no code here.
"""

import base64
import hashlib
import hmac
import json
import sys
from urllib.parse import urlencode

SERVERS = {"linuxlink": "https://linuxlink.timesys.com", "vigiles": "https://vigiles.lynx.com"}


def answer(question):
    """Sign the request that the question describes."""
    vigiles = read_profile(question) == "vigiles"
    email, key, server = read_credentials(question, vigiles)
    method, resource = text_member(question, "method").upper(), text_member(question, "resource")

    data = question.get("data")
    if not isinstance(data, dict):
        raise ValueError("'data' must be an object")
    if "dashboard_config" in question:
        data.update(dashboard_tokens(question["dashboard_config"], vigiles))
    data["email"] = email  # `email-joins`: a dict keeps the place of a member it had

    message = method + resource + join_pairs(signed_pairs(data))
    result = {"headers": {"X-Auth-Signature": sign(key, message)}, "hmac_msg": message}
    return result | request(method, server + resource, data)


def read_profile(question):
    profile = question.get("profile", "linuxlink")
    if profile not in ("linuxlink", "vigiles"):
        raise ValueError(f"unknown profile {profile!r}")
    return profile


def read_credentials(question, vigiles):
    """Step 1: email, key and server."""
    server = SERVERS["vigiles" if vigiles else "linuxlink"]
    if "key_file" in question:
        file = read_object(question["key_file"], "the key file")
        key_name = "organization_key" if vigiles and "organization_key" in file else "key"
        if vigiles:
            file.setdefault("key", "")  # `organization-key`
        email, key = text_member(file, "email").strip(), text_member(file, key_name).strip()
        if vigiles and "server_url" in file:
            server = text_member(file, "server_url").strip().removesuffix("/")
    else:
        email, key = text_member(question, "email"), text_member(question, "key")
    return email, key, text_member({"base_url": server} | question, "base_url")


def dashboard_tokens(config_text, vigiles):
    """`dashboard-config`: what a manifest upload takes from a dashboard config."""
    config = read_object(config_text, "the dashboard config")
    name = "group" if vigiles and "group" in config else "product"
    token = text_member(config, name).strip()
    if vigiles and not token:
        raise ValueError(f"{name!r} in the dashboard config is empty")
    folder = text_member({"folder": ""} | config, "folder").strip()
    tokens = {"group_token" if vigiles else "product_token": token, "folder_token": folder}
    return {name: token for name, token in tokens.items() if token}


def signed_pairs(data):
    """Steps 3 to 5: lists sorted, pairs sorted by key, values as text."""
    for key in sorted(data):
        value = sorted(data[key]) if isinstance(data[key], list) else data[key]
        for element in spread(value):
            yield key, str(element)


def spread(value):
    """`list-pairs`, `object-keys`: elements of a list, keys of an object; else the value."""
    return value if isinstance(value, (list, dict)) else [value]


def join_pairs(pairs):
    """Step 6: `no-escaping`, whatever the text holds."""
    return "&".join(f"{key}={value}" for key, value in pairs)


def sign(key, message):
    """Steps 7 and 8. encode() refuses unpaired surrogates (`message-utf8`)."""
    mac = hmac.new(key.encode("utf-8"), message.encode("utf-8"), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode("ascii")


def request(method, url, data):
    """`wire-form`, `wire-query`: lists go out as they came, not sorted."""
    if method != "POST":
        return {"url": url + "?" + urlencode([(k, str(v)) for k in sorted(data) for v in spread(data[k])])}
    pairs = [(k, str(inner)) for k in data for v in spread(data[k]) if v is not None for inner in spread(v)]
    try:
        return {"url": url, "body": urlencode(pairs)}
    except UnicodeEncodeError:  # signed as repr, but has no form on the wire
        return {"url": url}


def read_object(text, name):
    value = json.loads(text)  # a dict: last value, first place of a member given twice
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a JSON object")
    return value


def text_member(members, name):
    if not isinstance(members.get(name), str):
        raise ValueError(f"{name!r} must be there and must be a string")
    return members[name]


def main():
    sys.set_int_max_str_digits(0)  # `text-integer`: of any size
    for line in sys.stdin.buffer:  # bytes: only b"\n" ends a line
        if not line.strip():
            continue
        result = {}
        try:
            question = read_object(line.decode("utf-8"), "the question")
            if "id" in question:
                result["id"] = question["id"]
            result |= answer(question)
        except (ValueError, TypeError, RecursionError) as error:
            result["error"] = str(error)
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
