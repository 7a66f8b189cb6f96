#!/usr/bin/env python3
"""A port that answers with the dry run of one of the vendor's own clients.

    SIGKIT_VENDOR_CLIENTS=FOLDER[:FOLDER...] ./vendor.py linuxlink|vigiles

linuxlink is timesys-api-toolkit, vigiles is vigiles-cli. Both are the Python package `timesys`.
Each FOLDER contains that package, of one generation or the other; without the variable the
installed package is used. The client needs the package `requests`.

The generation is that of the client, whatever the profile of a question is.
"""

import importlib.util
import json
import os
import pathlib
import sys
import tempfile

# A module that only one generation has, and the token that its manifest upload sends.
GENERATIONS = {"linuxlink": ("products", "product_token"), "vigiles": ("groups", "group_token")}


class Unsupported(Exception):
    """The client cannot be asked this question."""


def import_client(generation):
    """Return the module `timesys` of a generation, or end with a message."""
    module, _ = GENERATIONS[generation]
    folders = [f for f in os.environ.get("SIGKIT_VENDOR_CLIENTS", "").split(os.pathsep) if f]
    for folder in folders:
        if pathlib.Path(folder, "timesys", "vigiles", module + ".py").exists():
            sys.path.insert(0, folder)
            break
    if importlib.util.find_spec("timesys") is None:
        sys.exit(f"the vendor's client for {generation} is not there: set SIGKIT_VENDOR_CLIENTS")
    import timesys
    if not hasattr(timesys.vigiles, module):
        sys.exit(f"{timesys.__file__} is not the vendor's client for {generation}")
    return timesys


def answer(question, timesys, token_name, folder):
    """Ask the client for a dry run."""
    client = configure(question, timesys, folder)
    data = question["data"]
    if not isinstance(data, dict):
        raise ValueError("'data' must be an object")
    for name in ("folder_token", token_name):  # as upload_manifest() does it
        if getattr(client, name):
            data[name] = getattr(client, name)
    call = getattr(client, question["method"], None)
    if call is None:
        raise Unsupported(f"the client has no method {question['method']}")
    dry_run = call(question["resource"], data)
    result = {
        "headers": {name: text(value) for name, value in dry_run["headers"].items()},
        "hmac_msg": text(dry_run["hmac_msg"]),
    }
    return result | sent(dry_run)


def configure(question, timesys, folder):
    """Return a client with the files and the server of a question."""
    options = {"dry_run": True, "log_level": "CRITICAL"}
    options["key_file_path"] = write(folder, "key.json", key_file(question))
    if "dashboard_config" in question:
        config = question["dashboard_config"]
        options["dashboard_config_path"] = write(folder, "dashboard.json", config)
    if "base_url" in question:
        options["url"] = question["base_url"]
    return timesys.core.LLAPI(**options)


def key_file(question):
    """Return the text of the key file: the client takes email and key from a file only."""
    if "key_file" in question:
        return question["key_file"]
    members = {name: question[name] for name in ("email", "key")}
    for name, value in members.items():
        if value != value.strip():
            raise Unsupported(f"the client strips '{name}', and takes it from a file only")
    return json.dumps(members)


def write(folder, name, content):
    """Write a file and return its path. Unpaired surrogates become bytes that are not UTF-8."""
    path = pathlib.Path(folder, name)
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    return str(path)


def sent(dry_run):
    """Return URL and body as the package requests makes them of the dry run."""
    import requests
    if "data" not in dry_run:
        return {"url": dry_run["url"]}
    prepared = requests.PreparedRequest()
    prepared.headers = {}
    try:
        prepared.prepare_body(dry_run["data"], None)
    except UnicodeEncodeError:  # it can be signed as an escape, but not sent
        return {"url": dry_run["url"]}
    return {"url": dry_run["url"], "body": text(prepared.body)}


def text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in GENERATIONS:
        sys.exit("usage: vendor.py linuxlink|vigiles")
    generation = sys.argv[1]
    timesys = import_client(generation)
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin.buffer:
            question = json.loads(line)
            result = {"id": question["id"]}
            try:
                result |= answer(question, timesys, GENERATIONS[generation][1], folder)
            except Unsupported as error:
                result["unsupported"] = str(error)
            except Exception as error:  # whatever stops the client is a refusal
                result["error"] = f"{type(error).__name__}: {error}"
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
