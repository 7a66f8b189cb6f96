package mistake

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// mask says that some mistakes hide others from every vector, and why this is right. Both lists
// contain ids of mistakes and names of [Steps]. A step stands for all mistakes that change it.
type mask struct{ reason, by, hides string }

const (
	// pairSteps are the steps that make one text of the data.
	pairSteps = `SortList ListPairs ObjectPairs TrimString Normalize LineEnds ChangeCase GuessType
		DropControls CutString EscapeString OmitString Boolean Null Integer Float NestedText
		ChangeKey EscapeKey EscapeValue EscapeEmail SortPairs OrderPairs PairText JoinPairs FinishPairs`
	// formEncoders are the mistakes that leave no control character and no character beyond ASCII
	// in keys and values.
	formEncoders = `escaped-php-urlencode escaped-quote escaped-quote-plus escaped-quote-plus-lower
		escaped-rfc-3986 escaped-twice escaped-uri escaped-uri-component escaped-url-search-params`
	// jsonBodies are the mistakes that sign the data as JSON.
	jsonBodies = `body-as-json body-as-json-php body-as-json-sorted body-as-json-spaced `
	surrogates = `message-surrogates-replaced message-surrogates-question-mark
		message-surrogates-dropped
		message-surrogates-kept`
)

var masks = []mask{
	// A step is left out.
	{
		"the parameters are not signed", "layout-without-parameters",
		`AddEmail JoinTokens TokenNames FolderToken KeepToken ChangeEmail StripEmail FileEmail
		Parameters data-first-of-two MinusZero KeepName ` + pairSteps,
	},
	{
		"the parameters are made from the data, not from the pairs",
		jsonBodies + "body-as-sent parameters-query-or-json", pairSteps,
	},
	{
		"JavaScript writes both zeros as 0", "body-as-json body-as-json-sorted",
		"integer-minus-zero-as-float",
	},
	{
		"the message is never long",
		"layout-without-parameters parameters-hashed-md5 parameters-hashed-sha-256",
		"message-long-refused",
	},
	{"the resource is not signed", "layout-without-resource layout-parameters-only", "Resource"},
	{"the method is not signed", "layout-without-method layout-parameters-only", "SignedMethod"},
	{
		"the key is not used", "hash-without-key",
		"KeyBytes StripKey FileKey organization-key-if-not-empty",
	},
	{
		"white space in the key is skipped",
		"key-base64-decoded-by-node key-base64-decoded-skipping",
		"key-not-stripped key-strip-end-only key-strip-newline-only key-strip-unicode-only strip-inside",
	},
	{
		"the tokens of the config are not used", "dashboard-ignored",
		`TokenMembers TokenText MissingToken EmptyToken MissingFolder KeepToken JoinTokens
		MainTokens TokenNames FolderToken dashboard-not-stripped`,
	},
	{
		"a product is used whatever the group is, or a group needs no product",
		`dashboard-ignored dashboard-group-ignored dashboard-names-of-file
		dashboard-product-and-group dashboard-product-beside-group dashboard-product-first`,
		"dashboard-group-if-not-empty",
	},
	{
		"the tokens have names that no caller gives", "dashboard-names-of-file",
		"dashboard-caller-wins",
	},
	{
		"white space around the list is skipped, too",
		"key-file-list-unwrapped", "key-file-trimmed",
	},
	{
		"what the file gives is stripped later", "given-credentials-stripped",
		`email-not-stripped key-not-stripped key-strip-end-only key-strip-newline-only
		key-strip-unicode-only`,
	},
	{
		"the folder is not looked at", "dashboard-folder-dropped",
		"dashboard-folder-required dashboard-folder-required-in-vigiles",
	},
	{
		"there is always another token, or never a folder without one",
		`dashboard-empty-tokens-added dashboard-missing-tokens-added dashboard-folder-dropped
		dashboard-missing-tokens-as-none dashboard-missing-tokens-as-undefined
		dashboard-folder-vigiles-only`,
		"dashboard-folder-with-token-only",
	},
	{
		"all tokens are always there",
		`dashboard-missing-tokens-added dashboard-missing-tokens-as-none
		dashboard-missing-tokens-as-undefined`,
		"dashboard-needs-both",
	},
	{
		"the server_url is not looked at", "base-url-profile-only",
		`base-url-server-url-in-both base-url-server-url-not-stripped
		base-url-server-url-slash-kept base-url-server-url-slashes-cut
		base-url-server-url-wins`,
	},
	{
		"a blank token is not empty, or an empty one is not signed",
		`dashboard-not-stripped nothing-stripped strip-newline-only string-blank-dropped
		string-empty-dropped`,
		"dashboard-blank-tokens-added",
	},
	{
		"slashes between base URL and resource are made right", "sent-url-joined",
		`base-url-slash-doubled base-url-slash-trimmed base-url-server-url-slash-kept
		base-url-server-url-slashes-cut`,
	},
	{"what quote() makes is quoted", "escaped-quote", "parameters-of-get-quote"},
	{"no request is signed as a GET", "method-always-post", "layout-question-mark-in-get"},
	{"nothing is stripped, tokens neither", "nothing-stripped", "dashboard-not-stripped"},
	{
		"what is signed is sent", "sent-as-signed", "sent-email-unescaped",
	},
	{
		"a body of JSON has the data as it is", "sent-body-as-json",
		"sent-string-line-ends-to-lf sent-integer-of-20-digits-as-perl sent-nested-as-text",
	},
	{"nested values are written as text in a query only", "sent-query-missing", "SendNested"},
	{
		"an empty text is not sent", "sent-string-empty-dropped sent-string-blank-dropped",
		"sent-empty-lists-as-empty",
	},
	{"all newlines are removed", "string-newlines-dropped", "string-newlines-at-end-dropped"},
	{"nothing stands between pairs", "separator-missing", "list-empty-leaves-separator"},
	{
		"organization_key is not looked at if there is a key",
		"key-before-organization-key organization-key-ignored",
		`organization-key-if-not-empty organization-key-other-type-as-missing
		organization-key-if-truthy organization-key-null-as-missing organization-key-if-text`,
	},
	{"the JSON is sorted by key", "body-as-json-sorted", "email-first email-last"},
	{
		"the email is not signed", "email-missing",
		"ChangeEmail StripEmail FileEmail email-percent-encoded",
	},
	{"white space of the email is left out", "email-characters", "email-not-stripped"},
	{"lists are not signed", "list-dropped", "SortList NestedText"},
	{"all lists are the same word", "list-as-php-array", "SortList"},
	{
		"a list has no elements that are written on their own",
		`list-as-go list-as-java list-as-json list-as-json-ascii list-as-json-php list-as-json-spaced
		list-as-rust
		list-as-php-array list-as-repr list-as-ruby nested-flattened vendor-older-plugin`,
		"NestedText",
	},
	{
		"keys are not signed", "pairs-values-only",
		`ChangeKey list-brackets-in-key list-index-in-key list-index-after-dot
		escaped-characters-in-keys`,
	},

	// The other mistake is about one generation, and the port is of the other.
	{
		"only questions of profile vigiles show the other mistake", "generation-linuxlink-always",
		`server-url-empty-refused dashboard-product-token-always organization-key-if-not-empty
		organization-key-ignored key-before-organization-key organization-key-required
		organization-key-other-type-as-missing dashboard-empty-accepted dashboard-group-alone
		dashboard-group-if-not-empty dashboard-product-beside-group dashboard-group-ignored
		dashboard-product-first
		dashboard-folder-required-in-vigiles organization-key-if-truthy organization-key-if-text
		organization-key-null-as-missing`,
	},
	{
		"only questions of profile linuxlink show the other mistake", "generation-vigiles-always",
		`organization-key-always dashboard-group-token-always dashboard-folder-vigiles-only
		dashboard-missing-product-accepted
		dashboard-group-in-both`,
	},

	// The order is made again, or there is none.
	{
		"pairs with the same key are sorted again, by value",
		`pairs-sorted-as-text pairs-sorted-as-text-utf-16 pairs-sorted-by-value
		pairs-sorted-by-value-alone`,
		"SortList object-keys-sorted",
	},
	{
		"one element of a list is signed, so it does not matter that equal ones are dropped",
		"list-first-only list-last-only pairs-one-per-key", "list-deduplicated",
	},
	{"only the last pair of a list is signed anyway", "pairs-one-per-key", "list-last-only"},
	{
		"no key has two pairs", "list-as-php-array vendor-older-plugin",
		"pairs-equal-keys-reversed pairs-one-per-key pairs-sorted-by-value",
	},
	{
		"integers in lists lose their digits anyway",
		"integer-through-double-python", "list-sorted-as-doubles",
	},

	{"whole numbers come first, by value, anyway", "pairs-digit-keys-first", "pairs-sorted-as-php"},

	// What the other mistake changes is gone.
	{
		"all of the message is turned into lower case", "message-lower-cased",
		`boolean-lower-case boolean-upper-case boolean-lower-case-everywhere
		string-booleans-guessed method-lower-case method-title-case resource-lower-cased
		email-lower-cased key-file-email-lower-cased keys-lower-cased keys-upper-cased
		string-lower-cased`,
	},
	{
		"the email is a string, too", "string-lower-cased",
		"email-lower-cased key-file-email-lower-cased",
	},
	{
		"every email is changed to lower case", "email-lower-cased", "key-file-email-lower-cased",
	},
	{"the email is a string, too", "string-trimmed", "email-not-stripped"},
	{"line ends are white space, too", "string-blanks-folded", "LineEnds"},
	{"the message is normalised again", "message-composed", "string-composed string-decomposed"},
	{
		"no & is left in a value, and no key has an entity", "escaped-json-html", "decoded-html",
	},
	{
		"the parameters are ASCII, or not signed, and all resources are ASCII",
		`layout-without-parameters body-as-json-php body-as-json-spaced body-as-sent
		escaped-non-ascii ` + formEncoders,
		"message-cesu-8 message-three-byte-utf-8 message-composed",
	},
	{
		"only a GET has keys with characters that are not ASCII",
		"parameters-not-of-get parameters-of-get-email-only parameters-of-post-only",
		"pairs-sorted-by-signed-bytes",
	},
	{
		"a GET is encoded in the same way", "escaped-rfc-3986",
		"parameters-of-get-percent",
	},
	{
		"the message is ASCII, or only the resource is not",
		`body-as-json-php body-as-json-spaced body-as-sent escaped-non-ascii layout-oauth
		layout-without-parameters parameters-hashed-md5 parameters-hashed-sha-256 ` + formEncoders,
		"message-latin-1-if-possible",
	},
	{
		"a GET is encoded in the same way", "escaped-quote-plus", "parameters-of-get-quote-plus",
	},
	{
		"no unpaired surrogate is left",
		"layout-without-parameters parameters-query-or-json " + jsonBodies, surrogates,
	},
	{
		"NUL is escaped, dropped, or not signed",
		`nul-dropped layout-without-parameters body-as-sent parameters-query-or-json escaped-json
		escaped-characters escaped-json-html escaped-json-quoted escaped-python-repr
		escaped-values-only string-controls-dropped string-cut-at-nul ` + jsonBodies + formEncoders,
		"message-cut-at-nul",
	},
	{
		"white space is escaped, trimmed, or not signed",
		`layout-without-parameters body-as-sent parameters-query-or-json escaped-values-only
		escaped-characters TrimString ` + jsonBodies + formEncoders,
		"message-trimmed",
	},
	{
		"the message ends with a quote, & or }, not with a value",
		`escaped-bytes escaped-json-quoted escaped-python-repr separator-at-end`,
		"message-trimmed",
	},
	{
		"the message ends with the method or the resource",
		"layout-method-last layout-parameters-first layout-resource-last",
		"message-trimmed",
	},
	{
		"the last byte of the message is 0, no white space",
		"message-utf-16 message-utf-16-bom", "message-trimmed",
	},
	{
		"the whole message is percent-encoded: ASCII without white space and NUL", "layout-oauth",
		`message-ascii message-ascii-dropped message-ascii-refused message-cesu-8
		message-composed message-cut-at-nul message-latin-1 message-latin-1-refused
		message-low-bytes message-three-byte-utf-8 message-trimmed message-utf-8-twice`,
	},
	{
		"the parameters are some hex digits, and all resources are short and ASCII",
		"parameters-hashed-md5 parameters-hashed-sha-256",
		`message-cesu-8 message-composed message-cut message-cut-at-1024 message-cut-at-4096
		message-cut-at-nul message-three-byte-utf-8 message-trimmed`,
	},
	{"the newline is trimmed", "message-trimmed", "layout-newline-at-end"},
	{
		"the message is short", "layout-without-parameters",
		"message-cut message-cut-at-1024 message-cut-at-4096",
	},
	{
		"no empty string is signed, or there are quotes around it",
		"OmitString escaped-bytes escaped-json-quoted escaped-python-repr",
		"equals-left-out-if-empty",
	},
	{"48 bytes need no padding", "hash-sha-384", "token-base64-unpadded"},
	{
		"the token has no character to encode",
		"token-hex token-hex-upper-case token-base64-url-unpadded", "token-percent-encoded",
	},
	{"the token is in lower case", "token-hex", "token-lower-cased"},

	// Sending.
	{"there is no query", "sent-query-missing", "sent-null-left-out"},
	{
		"there is no query, or the resource has no ?",
		"sent-query-missing sent-in-body-always sent-resource-quoted",
		"sent-query-behind-ampersand sent-query-instead",
	},
	{
		"there is no query", "sent-query-missing sent-in-body-always", "sent-email-missing-in-query",
	},
	{"there is no form body", "sent-body-as-json", "sent-null-as-none"},
	{
		"there is no body", "sent-post-in-query", "sent-body-as-json sent-email-missing-in-body",
	},
	{
		"no DELETE has a query", "sent-in-body-of-put-patch-delete sent-in-body-of-put-delete",
		"sent-delete-without-data",
	},
	{
		"the email is not sent", "sent-email-missing",
		"sent-email-unescaped sent-email-missing-in-body sent-email-missing-in-query",
	},
}

// isAmong reports whether a list of ids and steps names the mistake.
func (m *Mistake) isAmong(idsAndSteps string) bool {
	names := strings.Fields(idsAndSteps)
	return slices.Contains(names, m.ID) || m.Changes(names...)
}

// masked reports whether the table says that one mistake hides another.
func masked(hider, hidden *Mistake) bool {
	return slices.ContainsFunc(masks, func(m mask) bool {
		return hider.isAmong(m.by) && hidden.isAmong(m.hides)
	})
}

// Every mistake and every step in the table of masks hides something, or is hidden.
func TestMasksAreNeeded(t *testing.T) {
	e := builtIn()
	for _, row := range masks {
		for by := range strings.FieldsSeq(row.by) {
			assert.True(t, e.hidesAny(by, row.hides), "%s: %s hides nothing", row.reason, by)
		}
		for hidden := range strings.FieldsSeq(row.hides) {
			assert.True(t, e.hidesAny(row.by, hidden), "%s: nothing hides %s", row.reason, hidden)
		}
	}
}

// hidesAny reports whether one of some mistakes hides one of some others.
func (e *effects) hidesAny(by, hidden string) bool {
	for _, hider := range Catalogue() {
		if hider.isAmong(by) && slices.ContainsFunc(Catalogue(), func(m *Mistake) bool {
			return m.isAmong(hidden) && compatible(hider, m) && e.hides(hider, m)
		}) {
			return true
		}
	}
	return false
}
