//! A port in Rust: answers the questions of sigcheck with signature.rs.
//!
//! One JSON question per line on standard input, one JSON answer per line on standard output
//! (docs/PROTOCOL.md):
//!
//! ```text
//! cargo build
//! sigcheck run -- target/debug/port
//! ```

mod signature;

use std::io::{self, BufRead, Write};

use serde_json::{json, Value};
use signature::{
    dashboard_tokens, read_key_file, read_object, sign, text_member, Credentials, Error, Object,
    Profile, Result, Signed,
};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if !line.trim().is_empty() {
            writeln!(out, "{}", reply(&line))?;
            out.flush()?;
        }
    }
    Ok(())
}

fn reply(line: &str) -> Value {
    // The id comes first in a question, and is wanted even where serde_json cannot read the rest.
    let id = line
        .strip_prefix("{\"id\":\"")
        .and_then(|rest| rest.split('"').next());
    let answer = read_object(line).and_then(|question| answer(&question));
    let mut result = match answer {
        Ok(signed) => json!({
            "headers": {"X-Auth-Signature": signed.token},
            "hmac_msg": signed.message,
            "url": signed.url,
            "body": signed.body,
        }),
        Err(Error::Invalid(why)) => json!({ "error": why }),
        Err(Error::Unsupported(what)) => json!({ "unsupported": what }),
    };
    result["id"] = id.into();
    if let Value::Object(members) = &mut result {
        members.retain(|_, value| !value.is_null());
    }
    result
}

/// Signs the request that the question describes.
fn answer(question: &Object) -> Result<Signed> {
    let profile = match text_member(question, "profile", Some("linuxlink"))? {
        "linuxlink" => Profile::LinuxLink,
        "vigiles" => Profile::Vigiles,
        other => return Err(Error::Invalid(format!("unknown profile {other}"))),
    };
    let credentials = read_credentials(question, profile)?;
    let Some(Value::Object(data)) = question.get("data") else {
        return Err(Error::Invalid("data must be an object".into()));
    };
    let mut data = data.clone();
    if question.contains_key("dashboard_config") {
        let config = text_member(question, "dashboard_config", None)?;
        for (name, token) in dashboard_tokens(config, profile)? {
            data.insert(name.into(), token.into());
        }
    }
    let method = text_member(question, "method", None)?;
    sign(
        &credentials,
        method,
        text_member(question, "resource", None)?,
        data,
    )
}

fn read_credentials(question: &Object, profile: Profile) -> Result<Credentials> {
    let mut credentials = if question.contains_key("key_file") {
        read_key_file(text_member(question, "key_file", None)?, profile)?
    } else {
        Credentials {
            email: text_member(question, "email", None)?.into(),
            key: text_member(question, "key", None)?.into(),
            server: profile.server().into(),
        }
    };
    credentials.server = text_member(question, "base_url", Some(&credentials.server))?.into();
    Ok(credentials)
}
