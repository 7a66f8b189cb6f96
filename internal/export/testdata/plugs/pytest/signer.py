"""Signs with the sample port, or answers what the file SIGKIT_ANSWERS says."""

import os
import sys

import signature
from signature import Credentials, dashboard_tokens, read_key_file, read_object

sys.set_int_max_str_digits(0)


def load():
    with open(os.environ["SIGKIT_ANSWERS"], encoding="ascii") as file:
        for line in file:
            name, kind, *texts = line.rstrip("\n").split("\t")
            token, message = (bytes.fromhex(text).decode("utf-8") for text in texts)
            yield name, {
                "signed": {"token": token, "hmac_msg": message},
                "refused": {"error": "no"},
                "unsupported": {"unsupported": "this"},
            }[kind]


ANSWERS = dict(load()) if "SIGKIT_ANSWERS" in os.environ else None


def sign(question):
    if ANSWERS is not None:
        return ANSWERS[read_object(question, "the question")["id"]]
    try:
        signed = answer(read_object(question, "the question"))
    except (ValueError, TypeError, RecursionError) as error:
        return {"error": str(error)}
    return {"token": signed["headers"]["X-Auth-Signature"], "hmac_msg": signed["hmac_msg"]}


def answer(question):
    profile = question.get("profile", "linuxlink")
    if "key_file" in question:
        credentials = read_key_file(question["key_file"], profile)
    else:
        credentials = Credentials(question["email"], question["key"], "")
    data = question["data"]
    if "dashboard_config" in question:
        data |= dashboard_tokens(question["dashboard_config"], profile)
    return signature.sign(credentials, question["method"], question["resource"], data)
