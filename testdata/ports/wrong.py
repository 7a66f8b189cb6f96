#!/usr/bin/env python3
"""A first attempt at a port, with two mistakes that are made often. README shows what sigcheck says of it."""
import base64, hashlib, hmac, json, sys

for line in sys.stdin:
    q = json.loads(line)
    if "key_file" in q:
        credentials = json.loads(q["key_file"])
    else:
        credentials = q
    data = dict(q["data"], email=credentials["email"])
    pairs = []
    for name in sorted(data):
        value = data[name]
        for element in value if isinstance(value, list) else [value]:
            text = element if isinstance(element, str) else json.dumps(element)
            pairs.append(f"{name}={text}")
    message = q["method"] + q["resource"] + "&".join(pairs)
    key = credentials.get("organization_key") or credentials["key"]
    mac = hmac.new(key.encode(), message.encode(), hashlib.sha256)
    token = base64.b64encode(mac.digest()).decode()
    print(json.dumps({"id": q["id"], "hmac_msg": message, "headers": {"X-Auth-Signature": token}}), flush=True)
