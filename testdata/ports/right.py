"""The port of wrong.py with its mistakes fixed. It conforms at level core."""
import base64, hashlib, hmac, json, sys


def read(text):
    members = json.loads(text).items()
    return {name: value.strip() for name, value in members if isinstance(value, str)}


def tokens(q):
    config = read(q.get("dashboard_config", "{}"))
    owner = {"product_token": config.get("product")}
    if q.get("profile") == "vigiles":
        owner = {"group_token": config.get("group", config.get("product"))}
    found = owner | {"folder_token": config.get("folder")}
    return {name: token for name, token in found.items() if token}


def sign(q):
    credentials = read(q["key_file"]) if "key_file" in q else q
    key = credentials.get("organization_key") or credentials["key"]
    data = q["data"] | tokens(q) | {"email": credentials["email"]}
    pairs = []
    for name in sorted(data):
        values = sorted(data[name]) if isinstance(data[name], list) else [data[name]]
        for value in values:
            pairs.append(f"{name}={value}")
    message = q["method"] + q["resource"] + "&".join(pairs)
    mac = hmac.new(key.encode(), message.encode(), hashlib.sha256)
    token = base64.b64encode(mac.digest()).decode()
    return {"id": q["id"], "hmac_msg": message, "headers": {"X-Auth-Signature": token}}


for line in sys.stdin:
    print(json.dumps(sign(json.loads(line))), flush=True)
