"""Signs requests of the LinuxLink / Vigiles API.

Needs Python 3.11 or later, nothing else. Names in backquotes are rules of docs/SIGNATURE.md.

    credentials = read_key_file(text)
    signed = sign(credentials, "GET", "/api/v1/x", {"all": True})

str(), repr() and sorted() are what the vendor's client uses, so the rules about spelling
and order (`text-float`, `nested-repr`, `list-order`, ...) need little code here.
"""

import base64
import hashlib
import hmac
import json
from typing import NamedTuple
from urllib.parse import urlencode

SERVERS = {"linuxlink": "https://linuxlink.timesys.com", "vigiles": "https://vigiles.lynx.com"}


class Credentials(NamedTuple):
    email: str
    key: str
    server: str


def read_key_file(text, profile="linuxlink"):
    """Step 1. Raises ValueError if the file is not as `key-file-json`, `key-file-members` say."""
    file, server = read_object(text, "the key file"), SERVERS[profile]
    key_name = "key"
    if profile == "vigiles":
        file = {"key": "", "server_url": server} | file
        key_name = "organization_key" if "organization_key" in file else "key"
        server = strip(text_member(file, "server_url")).removesuffix("/")  # `base-url`
    return Credentials(strip(text_member(file, "email")), strip(text_member(file, key_name)), server)


def dashboard_tokens(text, profile="linuxlink"):
    """`dashboard-config`: what a manifest upload adds to its data."""
    config, vigiles = read_object(text, "the dashboard config"), profile == "vigiles"
    name = "group" if vigiles and "group" in config else "product"
    token = strip(text_member(config, name))
    if vigiles and not token:
        raise ValueError(f"{name!r} in the dashboard config is empty")
    folder = strip(text_member({"folder": ""} | config, "folder"))
    tokens = {"group_token" if vigiles else "product_token": token, "folder_token": folder}
    return {name: token for name, token in tokens.items() if token}


def sign(credentials, method, resource, data):
    """Signs a request: what to send, and the message that was signed."""
    method, data = method.upper(), join_email(data, credentials.email)
    message = build_message(method, resource, join_pairs(signed_pairs(data)))
    signed = {"headers": {"X-Auth-Signature": token(credentials.key, message)}, "hmac_msg": message}
    return signed | request(method, credentials.server + resource, data)


def strip(text):
    # begin key-file-strip: return text
    return text.strip()
    # end


def join_email(data, email):
    """Step 2."""
    # begin email-joins: return data
    return data | {"email": email}  # a dict keeps the place of a member it had
    # end


def sort_list(values):
    """Step 3."""
    # begin list-order: return values
    return sorted(values)  # TypeError if `unorderable-list`
    # end


def sort_keys(keys):
    """Step 4."""
    # begin pair-order: return list(keys)
    return sorted(keys)
    # end


def to_text(value):
    """Step 5."""
    # begin text-boolean: return value if isinstance(value, str) else json.dumps(value)
    return str(value)
    # end


def spread(value):
    """`list-pairs`, `object-keys`: elements of a list, keys of an object; else the value."""
    # begin list-pairs: return [value]
    return value if isinstance(value, (list, dict)) else [value]
    # end


def signed_pairs(data):
    for key in sort_keys(data):
        value = sort_list(data[key]) if isinstance(data[key], list) else data[key]
        for element in spread(value):
            yield key, to_text(element)


def join_pairs(pairs):
    """Step 6: `no-escaping`, whatever the text holds."""
    # begin pairs-join: return ""
    return "&".join(f"{key}={value}" for key, value in pairs)
    # end


def build_message(method, resource, joined):
    """Step 7."""
    # begin message-layout: return joined
    return method + resource + joined
    # end


def token(key, message):
    """Step 8. encode() refuses unpaired surrogates (`message-utf8`)."""
    # begin token-hmac: return ""
    mac = hmac.new(key.encode("utf-8"), message.encode("utf-8"), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode("ascii")
    # end


def request(method, url, data):
    """What to send: lists go out as they came, not sorted."""
    # begin wire-form: return {"url": url}
    if method != "POST":  # `wire-query`
        pairs = [(key, to_text(v)) for key in sort_keys(data) for v in spread(data[key])]
        return {"url": url + "?" + urlencode(pairs)}
    values = [(key, v) for key in data for v in spread(data[key]) if v is not None]
    pairs = [(key, to_text(inner)) for key, v in values for inner in spread(v)]
    try:
        return {"url": url, "body": urlencode(pairs)}
    except UnicodeEncodeError:  # signed as repr, but has no form on the wire
        return {"url": url}
    # end


def read_object(text, name):
    value = json.loads(text)  # a dict: last value, first place of a member given twice
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a JSON object")
    return value


def text_member(members, name):
    if not isinstance(members.get(name), str):
        raise ValueError(f"{name!r} must be there and must be a string")
    return members[name]
