// Package signer computes the request signature of the LinuxLink / Vigiles API.
//
// It is the specification in code: one function or type per step, each step small enough to check by eye. It knows nothing of test vectors, and it
// needs nothing beyond the standard library and a strict JSON tokenizer.
//
// A request is signed in eight steps. Words in parentheses are the rule ids of docs/SIGNATURE.md, which says the same in prose.
//
//  1. Credentials are read from a key file: [ParseKeyFile] (key-file-json, key-file-members, key-file-strip, key-bytes, organization-key,
//     base-url). A dashboard config adds tokens to the data: [ParseDashboardConfig] (dashboard-config).
//  2. The email joins the data, over anything the caller put there: [WithEmail] (email-joins).
//  3. List values are sorted by Python's rules: [SortList] (list-order, unorderable-list).
//  4. Pairs are sorted by key, by code point: [Pairs] (pair-order).
//  5. Values become text as Python's str() writes them: [AppendText], [AppendRepr] (text-string, text-boolean, text-null, text-integer, text-float,
//     list-pairs, object-keys, nested-repr).
//  6. Pairs are joined, raw: [AppendPair] (pairs-join, no-escaping).
//  7. The message is method, resource and joined pairs as UTF-8: [Signer.Message] (message-layout, method-case, resource-verbatim, message-utf8).
//  8. The token is base64 of HMAC-SHA256 over the message, and travels in the header named [Header]: [Signer.Sign] (token-hmac, token-base64,
//     header-name).
//
// [Signer.DryRun] shows all of it with the request that the reference client then sends (wire-form, wire-query). [Rebuild] goes the other way, from what arrived to the message a
// server can make of it; the two differ where the wire form has lost something.
//
// # Safety
//
// A [Key] never shows its bytes, whatever verb, logger or encoder it is given to. Every function returns a typed [*Error] for bad input and none
// panics. The scheme has neither timestamp nor nonce, so a captured request can be replayed; nothing in a client can mend that.
package signer
