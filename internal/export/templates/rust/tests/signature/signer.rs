//! Plug your client in here. `vecgen export` writes this file once and never changes it again.

use crate::Answer;

/// Answers one question: a line of JSON with the members key_file, or email and key; method,
/// resource, data (an object); sometimes profile, dashboard_config, base_url.
/// `sigcheck docs protocol` describes them.
///
/// `Answer::Unsupported` is skipped above level core and fails there. A panic fails the vector.
pub fn sign(question: &str) -> Answer {
    todo!("signer.rs: call your client here, with {question}")
}
