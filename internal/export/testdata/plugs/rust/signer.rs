//! Signs with the sample port, or answers what the file SIGKIT_ANSWERS says.

#[allow(dead_code)]
#[path = "../../src/signature.rs"]
mod signature;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::Answer;
use serde_json::Value;
use signature::*;

type Answers = HashMap<String, String>;

pub fn sign(question: &str) -> Answer {
    static ANSWERS: OnceLock<Option<Answers>> = OnceLock::new();
    if let Some(answers) = ANSWERS.get_or_init(recorded) {
        let id = question.split('"').nth(3).expect("an id");
        return parse(&answers[id]);
    }
    match read_object(question).and_then(|question| answer(&question)) {
        Ok(signed) => Answer::Signed {
            token: signed.token,
            message: Some(signed.message),
        },
        Err(Error::Invalid(why)) => Answer::Refused(why),
        Err(Error::Unsupported(what)) => Answer::Unsupported(what.into()),
    }
}

fn answer(question: &Object) -> Result<Signed> {
    let profile = match text_member(question, "profile", Some("linuxlink"))? {
        "vigiles" => Profile::Vigiles,
        _ => Profile::LinuxLink,
    };
    let credentials = match question.contains_key("key_file") {
        true => read_key_file(text_member(question, "key_file", None)?, profile)?,
        false => Credentials {
            email: text_member(question, "email", None)?.into(),
            key: text_member(question, "key", None)?.into(),
            server: String::new(),
        },
    };
    let Value::Object(mut data) = question["data"].clone() else {
        return Err(Error::Invalid("data must be an object".into()));
    };
    if question.contains_key("dashboard_config") {
        let config = text_member(question, "dashboard_config", None)?;
        for (name, token) in dashboard_tokens(config, profile)? {
            data.insert(name.into(), token.into());
        }
    }
    let method = text_member(question, "method", None)?;
    let resource = text_member(question, "resource", None)?;
    signature::sign(&credentials, method, resource, data)
}

fn recorded() -> Option<Answers> {
    let text = std::fs::read_to_string(std::env::var("SIGKIT_ANSWERS").ok()?).ok()?;
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    Some(lines.map(|(id, rest)| (id.into(), rest.into())).collect())
}

fn parse(answer: &str) -> Answer {
    let parts: Vec<&str> = answer.split('\t').collect();
    match parts[0] {
        "refused" => Answer::Refused("no".into()),
        "unsupported" => Answer::Unsupported("this".into()),
        _ => Answer::Signed {
            token: unhex(parts[1]),
            message: Some(unhex(parts[2])),
        },
    }
}

fn unhex(digits: &str) -> String {
    let byte = |i| u8::from_str_radix(&digits[i..i + 2], 16).expect("digits");
    let bytes = (0..digits.len()).step_by(2).map(byte).collect();
    String::from_utf8(bytes).expect("UTF-8")
}
