// Package signer computes the request signature of the LinuxLink / Vigiles API.
//
// It is the specification in code: one function or type for each step, small enough to check by
// eye. It knows nothing of test vectors. It needs only the standard library and a strict JSON
// tokenizer. The memory that signatures reuse is in fast.go.
//
// # The eight steps
//
// The words in parentheses are the rule ids of docs/SIGNATURE.md, which explains each rule.
//
//  1. Read the credentials from a key file: [ParseKeyFile] (key-file-json, key-file-members,
//     key-file-strip, key-bytes, organization-key, base-url). A dashboard config adds tokens to the
//     data: [ParseDashboardConfig] (dashboard-config).
//  2. Add the email to the data. It replaces an email of the caller: [WithEmail] (email-joins).
//  3. Sort list values by Python's rules: [SortList] (list-order, unorderable-list).
//  4. Sort the pairs by key, in the order of code points: [Pairs] (pair-order).
//  5. Write the values as Python's str() does: [AppendText], [AppendRepr] (text-string,
//     text-boolean, text-null, text-integer, text-float, list-pairs, object-keys, nested-repr).
//  6. Join the pairs without any escaping: [AppendPair] (pairs-join, no-escaping).
//  7. The message is method, resource and joined pairs, encoded as UTF-8: [Signer.Message]
//     (message-layout, method-case, resource-verbatim, message-utf8).
//  8. The token is base64 of the HMAC-SHA256 of the message. It is sent in the header that is named
//     [Header]: [Signer.Sign] (token-hmac, token-base64, header-name).
//
// [Signer.DryRun] returns all of it, with the request that the reference client then sends
// (wire-form, wire-query). [Rebuild] returns the message that a server can make from such a
// request. The two messages differ where the request has lost something.
//
// # Grammar
//
// The grammar of the message is given in ABNF (RFC 5234), by code point. It says which messages
// exist. The steps say which one belongs to a request.
//
//	message  = method resource [ pair *( "&" pair ) ]
//	method   = 1*%x41-5A                   ; A to Z
//	resource = *char                       ; as the caller wrote it
//	pair     = key "=" value
//	key      = *char                       ; not escaped: it may contain "&" and "="
//	value    = string / boolean / null / integer / float / repr
//	string   = *char                       ; not escaped
//	boolean  = %s"True" / %s"False"
//	null     = %s"None"
//	integer  = "0" / [ "-" ] nonzero *DIGIT
//	float    = [ "-" ] ( 1*DIGIT "." 1*DIGIT / 1*DIGIT [ "." 1*DIGIT ] exponent / %s"inf" )
//	exponent = %s"e" ( "+" / "-" ) 2*3DIGIT
//	nonzero  = %x31-39
//	char     = %x0-D7FF / %xE000-10FFFF    ; every code point but surrogates
//
// A repr is written only for a list or an object inside a list:
//
//	repr     = list / object
//	list     = "[" [ item *( ", " item ) ] "]"
//	object   = "{" [ member *( ", " member ) ] "}"
//	member   = quoted ": " item
//	item     = quoted / boolean / null / integer / float / repr
//	quoted   = "'" *( shown / escape ) "'" / DQUOTE *( shown / escape ) DQUOTE
//	shown    = char                        ; printable in Unicode 14; not the quote in use or "\"
//	escape   = "\" ( "\" / "'" / %s"n" / %s"r" / %s"t"
//	              / %s"x" 2hex / %s"u" 4hex / %s"U" 8hex )
//	hex      = DIGIT / %x61-66             ; 0 to 9 and a to f
//
// # Example
//
// The user user@example.com has the key "test-key" and sends GET /api/v1/x with the data
// {"ids": ["b c", "B"], "all": true}. These are the texts of steps 2 to 8 and the URL that is sent:
//
//	data     ids: ['b c', 'B']
//	data     all: True
//	data     email: 'user@example.com'
//	pair     all = True
//	pair     email = user@example.com
//	pair     ids = B
//	pair     ids = b c
//	joined   all=True&email=user@example.com&ids=B&ids=b c
//	message  GET/api/v1/xall=True&email=user@example.com&ids=B&ids=b c
//	token    /Wr1O5YE6qjEtCQyhChZHPHB+8VANIBdH35csAGFXkY=
//	URL      https://linuxlink.timesys.com/api/v1/x?all=True&email=user%40example.com&ids=b+c&ids=B
//
// The function Example computes them. The list is sorted in the message only: "B" comes before
// "b c" there, because U+0042 is less than U+0062. The URL keeps the caller's order.
//
// # Safety
//
// A [Key] never shows its bytes in the output of a format verb, a logger or an encoder. Every
// function returns an [*Error] for bad input, and none panics. The scheme has no timestamp and no
// nonce, so a captured request can be sent again. A client cannot prevent that.
package signer
