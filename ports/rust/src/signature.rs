//! Signs requests of the LinuxLink / Vigiles API.
//!
//! Names in backquotes are rules of docs/SIGNATURE.md. It lacks what serde_json cannot read
//! (unpaired surrogates, NaN in files) and `nested-repr` (a list or an object inside a list), and
//! says so.
//!
//! ```ignore
//! let credentials = read_key_file(text, Profile::LinuxLink)?;
//! let signed = sign(&credentials, "GET", "/api/v1/x", data)?;
//! ```

use std::cmp::Ordering;

use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha2::Sha256;

/// serde_json needs its features `preserve_order` and `arbitrary_precision`.
pub type Object = Map<String, Value>;

#[derive(Debug)]
pub enum Error {
    Invalid(String),
    Unsupported(&'static str),
}

pub type Result<T> = std::result::Result<T, Error>;

fn invalid<T>(why: impl Into<String>) -> Result<T> {
    Err(Error::Invalid(why.into()))
}

#[derive(Clone, Copy, PartialEq)]
pub enum Profile {
    LinuxLink,
    Vigiles,
}

impl Profile {
    pub fn server(self) -> &'static str {
        match self {
            Profile::LinuxLink => "https://linuxlink.timesys.com",
            Profile::Vigiles => "https://vigiles.lynx.com",
        }
    }
}

pub struct Credentials {
    pub email: String,
    pub key: String,
    pub server: String,
}

/// What to send, and the message that was signed.
pub struct Signed {
    pub token: String,
    pub message: String,
    pub url: String,
    pub body: Option<String>,
}

/// Step 1.
pub fn read_key_file(text: &str, profile: Profile) -> Result<Credentials> {
    let file = read_object(text)?;
    let email = strip(text_member(&file, "email", None)?);
    if profile == Profile::LinuxLink {
        let key = strip(text_member(&file, "key", None)?);
        return Ok(Credentials {
            email,
            key,
            server: profile.server().into(),
        });
    }
    let name = if file.contains_key("organization_key") {
        "organization_key"
    } else {
        "key"
    };
    let key = strip(text_member(&file, name, Some(""))?);
    let server = strip(text_member(&file, "server_url", Some(profile.server()))?);
    let server = server.strip_suffix('/').unwrap_or(&server).into(); // `base-url`
    Ok(Credentials { email, key, server })
}

/// `dashboard-config`: what a manifest upload adds to its data.
pub fn dashboard_tokens(text: &str, profile: Profile) -> Result<Vec<(&'static str, String)>> {
    let config = read_object(text)?;
    let vigiles = profile == Profile::Vigiles;
    let name = if vigiles && config.contains_key("group") {
        "group"
    } else {
        "product"
    };
    let token = strip(text_member(&config, name, None)?);
    if vigiles && token.is_empty() {
        return invalid(format!("{name} in the dashboard config is empty"));
    }
    let folder = strip(text_member(&config, "folder", Some(""))?);
    let token_name = if vigiles {
        "group_token"
    } else {
        "product_token"
    };
    let mut tokens = vec![(token_name, token), ("folder_token", folder)];
    tokens.retain(|(_, token)| !token.is_empty());
    Ok(tokens)
}

/// Signs a request.
pub fn sign(
    credentials: &Credentials,
    method: &str,
    resource: &str,
    data: Object,
) -> Result<Signed> {
    let method = method.to_uppercase();
    let data = join_email(data, &credentials.email);
    let keys = sort_keys(data.keys().collect());
    let mut pairs = Vec::new();
    for key in &keys {
        let mut values = spread(&data[*key]);
        if data[*key].is_array() {
            values = sort_list(values)?;
        }
        for value in values {
            pairs.push(format!("{key}={}", to_text(&value)?));
        }
    }
    let message = build_message(&method, resource, &join_pairs(&pairs));
    let token = token(&credentials.key, &message);
    let mut url = format!("{}{resource}", credentials.server);
    let mut body = None;
    if method == "POST" {
        body = Some(form(&data, data.keys().collect(), true)?);
    } else {
        url = format!("{url}?{}", form(&data, keys, false)?); // `wire-query`
    }
    Ok(Signed {
        token,
        message,
        url,
        body,
    })
}

fn strip(text: &str) -> String {
    // begin key-file-strip: text.to_string()
    text.trim_matches(|c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c))
        .into()
    // end
}

/// Step 2.
fn join_email(mut data: Object, email: &str) -> Object {
    // begin email-joins: data
    data.insert("email".into(), email.into()); // keeps the place of a member it had
    data
    // end
}

/// Step 3: strings by code point, numbers and booleans by exact value, never mixed.
fn sort_list(mut values: Vec<Value>) -> Result<Vec<Value>> {
    // begin list-order: Ok(values)
    if values.len() < 2 || values.iter().all(Value::is_string) {
        values.sort_by(|a, b| a.as_str().cmp(&b.as_str())); // by byte, which is by code point
    } else if values.iter().all(|v| v.is_number() || v.is_boolean()) {
        values.sort_by(|a, b| compare_numbers(&digits(a), &digits(b)));
    } else if values.iter().all(Value::is_array) {
        return Err(Error::Unsupported("lists in a list"));
    } else {
        return invalid("this list has no order");
    }
    Ok(values)
    // end
}

// begin:
fn digits(value: &Value) -> String {
    match value {
        Value::Bool(b) => u8::from(*b).to_string(),
        _ => value.to_string(),
    }
}

fn is_float(digits: &str) -> bool {
    digits.contains(['.', 'e', 'E'])
}

fn compare_numbers(a: &str, b: &str) -> Ordering {
    match (is_float(a), is_float(b)) {
        (false, false) => compare_integers(a, b),
        (true, false) => compare_numbers(b, a).reverse(),
        (true, true) => float(a).partial_cmp(&float(b)).unwrap_or(Ordering::Equal),
        (false, true) => match float(b) {
            f if f.is_infinite() => 0.0.partial_cmp(&f).unwrap_or(Ordering::Equal),
            f => compare_integers(a, &format!("{:.0}", f.floor()))
                .then(f.floor().partial_cmp(&f).unwrap_or(Ordering::Equal)),
        },
    }
}

fn float(digits: &str) -> f64 {
    digits.parse().expect("serde_json read it as a number") // too large is an infinity
}

/// Compares integers of any size by their digits.
fn compare_integers(a: &str, b: &str) -> Ordering {
    fn parts(s: &str) -> (bool, &str) {
        match s.strip_prefix('-') {
            Some(digits) => (digits != "0", digits),
            None => (false, s),
        }
    }
    let by_size = |a: &str, b: &str| (a.len(), a).cmp(&(b.len(), b));
    match (parts(a), parts(b)) {
        ((false, a), (false, b)) => by_size(a, b),
        ((true, a), (true, b)) => by_size(b, a),
        ((true, _), _) => Ordering::Less,
        _ => Ordering::Greater,
    }
}

// end
/// Step 4.
fn sort_keys(mut keys: Vec<&String>) -> Vec<&String> {
    // begin pair-order: keys
    keys.sort(); // by byte, which is by code point
    keys
    // end
}

/// Step 5.
fn to_text(value: &Value) -> Result<String> {
    // begin text-boolean: Ok(value.as_str().map_or_else(|| value.to_string(), str::to_string))
    Ok(match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::String(s) => s.clone(),
        Value::Number(n) if is_float(&n.to_string()) => float_text(float(&n.to_string())),
        Value::Number(n) if n.to_string() == "-0" => "0".into(),
        Value::Number(n) => n.to_string(),
        _ => return Err(Error::Unsupported("lists or objects in a list")),
    })
    // end
}

// begin:
/// `text-float`: as Rust writes it, but for the exponent.
fn float_text(f: f64) -> String {
    let text = format!("{f:?}");
    match text.split_once('e') {
        None => text,
        Some((digits, exponent)) => {
            let sign = if exponent.starts_with('-') { '-' } else { '+' };
            format!("{digits}e{sign}{:0>2}", exponent.trim_start_matches('-'))
        }
    }
}

// end
/// `list-pairs`, `object-keys`: elements of a list, keys of an object; else the value.
fn spread(value: &Value) -> Vec<Value> {
    // begin list-pairs: vec![value.clone()]
    match value {
        Value::Array(list) => list.clone(),
        Value::Object(object) => object.keys().map(|key| key.as_str().into()).collect(),
        _ => vec![value.clone()],
    }
    // end
}

/// Step 6: `no-escaping`, whatever the text holds.
fn join_pairs(pairs: &[String]) -> String {
    // begin pairs-join: String::new()
    pairs.join("&")
    // end
}

/// Step 7.
fn build_message(method: &str, resource: &str, joined: &str) -> String {
    // begin message-layout: joined.to_string()
    format!("{method}{resource}{joined}")
    // end
}

/// Step 8.
fn token(key: &str, message: &str) -> String {
    // begin token-hmac: String::new()
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key of any length");
    mac.update(message.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
    // end
}

/// What to send: lists go out as they came, not sorted.
fn form(data: &Object, keys: Vec<&String>, without_null: bool) -> Result<String> {
    // begin wire-form: Ok(String::new())
    let mut form = form_urlencoded::Serializer::new(String::new());
    for key in keys {
        for value in spread(&data[key]) {
            if !value.is_null() || !without_null {
                form.append_pair(key, &to_text(&value)?);
            }
        }
    }
    Ok(form.finish())
    // end
}

/// Reads a JSON object. If a member is given twice, the last value counts, at the first place.
pub fn read_object(text: &str) -> Result<Object> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => invalid("this is no JSON object"),
        Err(e) if e.to_string().contains("hex escape") => {
            Err(Error::Unsupported("unpaired surrogates"))
        }
        Err(e) if e.to_string().contains("recursion limit") => Err(Error::Unsupported(
            "data that is nested more than 127 levels deep",
        )),
        Err(_) if text.contains("NaN") => Err(Error::Unsupported("NaN in a file")),
        Err(e) => invalid(e.to_string()),
    }
}

pub fn text_member<'a>(
    members: &'a Object,
    name: &str,
    fallback: Option<&'a str>,
) -> Result<&'a str> {
    match (members.get(name), fallback) {
        (Some(Value::String(text)), _) => Ok(text),
        (None, Some(text)) => Ok(text),
        _ => invalid(format!("{name} must be there and must be a string")),
    }
}
