"""A first attempt at a port. README.md shows what sigcheck says about it."""
import base64, hashlib, hmac, json, sys


def sign(q):
    credentials = json.loads(q["key_file"]) if "key_file" in q else q
    key = credentials.get("organization_key") or credentials["key"]
    data = q["data"] | {"email": credentials["email"]}
    pairs = []
    for name in sorted(data):
        values = data[name] if isinstance(data[name], list) else [data[name]]
        for value in values:
            text = value if isinstance(value, str) else json.dumps(value)
            pairs.append(f"{name}={text}")
    message = q["method"] + q["resource"] + "&".join(pairs)
    mac = hmac.new(key.encode(), message.encode(), hashlib.sha256)
    token = base64.b64encode(mac.digest()).decode()
    return {"id": q["id"], "hmac_msg": message, "headers": {"X-Auth-Signature": token}}


for line in sys.stdin:
    print(json.dumps(sign(json.loads(line))), flush=True)
