package mistake

import (
	"errors"
	"reflect"
	"slices"

	"sigkit/signer"
)

// Steps is the signing and the sending of a request with every step exchangeable.
//
// A [Mistake] sets only the fields that it changes; all others are zero. [Set.Steps] lays the
// fields of some mistakes over those of the reference, see [reference]. Two mistakes that set the
// same field exclude each other.
type Steps struct {
	// Step 1: credentials and dashboard configs, from the texts of files.
	Generation    func(signer.Profile) signer.Profile
	FileText      func(text string) string // before it is read
	NonFinite     func(text string) string // of a file that cannot be read as it is
	RepairFile    func(text string) string // of a file that cannot be read in this way, either
	ReadMembers   func(text string) (signer.Object, error)
	CheckFile     func(file signer.Object) error
	MemberName    func(string) string
	RefuseMember  func(v signer.Value) bool // that is an email or a key
	MemberText    func(s *Steps, v signer.Value) (string, error)
	MissingMember func() (string, error)
	KeyNames      func(p signer.Profile) []string        // members that may be the key
	CountsAsKey   func(name string, v signer.Value) bool // else the member counts as missing
	MissingKey    func(s *Steps, p signer.Profile) (string, error)
	CheckMembers  func(file signer.Object) error
	CheckServer   func(v signer.Value, explicit bool) error // server_url
	InvalidKey    func(key string) (string, error)          // one with an unpaired surrogate
	StripEmail    func(string) string
	StripKey      func(string) string
	StripOther    func(string) string // of a file: what is no email and no key
	// RefuseStripped is about a key file. It is told whether the file has a key.
	RefuseStripped func(email, key string, keyGiven bool) bool

	FileEmail     func(string) string          // an email from a file, stripped
	FileKey       func(string) string          // a key from a file, stripped
	RefuseGiven   func(email, key string) bool // without a file
	RefuseEmail   func(string) bool            // from a file or given directly
	RefuseKey     func(string) bool            // from a file or given directly
	ChangeEmail   func(string) string          // from a file or given directly
	KeyBytes      func(key string) ([]byte, error)
	StripToken    func(s *Steps, token string) string // of a dashboard config
	AddTokens     func(s *Steps, q *Question) (signer.Object, error)
	JoinTokens    func(data, tokens signer.Object) signer.Object
	GroupCounts   func(file signer.Object) bool // else a config counts as without it
	MainTokens    func(p signer.Profile, file signer.Object) []TokenName
	TokenNames    func(name string) []string             // the names of the token that has this name
	FolderToken   func(p signer.Profile) string          // the name of the folder's token, or ""
	TokenMembers  func(file signer.Object) signer.Object // of a dashboard config
	TokenText     func(s *Steps, v signer.Value) (string, error)
	MissingToken  func(p signer.Profile) error // no product or group
	EmptyToken    func(p signer.Profile) error // an empty one
	MissingFolder func(p signer.Profile) error
	AbsentToken   func() string                           // the text of a token that is not given
	KeepToken     func(text, raw string, given bool) bool // raw is not stripped

	// Step 2: the email joins the data. MinusZero is the JSON that stands for the integer -0.
	MinusZero  string
	Repeated   func(written, merged signer.Object) (signer.Object, error) // data with a repeated key
	CheckData  func(data signer.Object) error
	KeepName   func(string) bool // else the parameter is left out
	RefuseName func(string) bool // the key of a parameter
	RefuseText func(string) bool // a string, also in a list
	AddEmail   func(data signer.Object, email string) signer.Object

	// Steps 3 and 5: values become pairs of text. The steps for strings run in the order given here.
	KeepElement  func(signer.Value) bool
	Unorderable  func(s *Steps, list signer.List) (signer.List, error) // Python cannot order it
	SortList     func(list, sorted signer.List) signer.List            // sorted as the reference does
	ListPairs    func(s *Signing, key string, list signer.List) error
	ObjectPairs  func(s *Signing, key string, object signer.Object) error
	TrimString   func(string) string
	Normalize    func(string) string
	LineEnds     func(string) string
	ChangeCase   func(string) string
	GuessType    func(string) string
	DropControls func(string) string
	CutString    func(string) string
	OmitString   func(text string) bool
	EscapeString func(string) string
	Boolean      func(bool) (text string, keep bool)
	Null         func() (text string, keep bool)
	Integer      func(signer.Int) (string, error)
	Float        func(q *Question, f signer.Float) (string, error)
	NestedText   func(signer.Value) (string, error)

	// Steps 4 and 6: pairs become one text.
	ChangeKey   func(string) string
	EscapeKey   func(string) string
	EscapeValue func(string) string
	EscapeEmail func(string) string // the value of the email, escaped as all values are
	SortPairs   func([]Pair) []Pair
	OrderPairs  func([]Pair) []Pair // that are sorted
	EmailPlace  Place               // where the email stands if it takes no part in the sorting
	PairText    func(key, value string) string
	JoinPairs   func([]string) string
	FinishPairs func(joined string) string

	// Step 7: the message.
	CheckMethod    func(string) (string, error)
	SignedMethod   func(string) string
	Resource       func(s *Steps, q *Question, resource string) string
	Parameters     func(s *Signing, data signer.Object, joined string) (string, error)
	RefuseResource func(string) bool
	RefuseMessage  func(string) bool
	Layout         func(method, resource, parameters string) string
	ChangeMessage  func(string) string
	Encode         func(message string) ([]byte, error)
	ChangeBytes    func([]byte) []byte

	// Step 8: the token.
	MAC         func(key, message []byte) []byte
	EncodeToken func([]byte) string
	ChangeToken func(string) string
	HeaderName  string

	// Sending. Names of these fields start with Send.
	SendReadsServer func(p signer.Profile, explicit bool) bool        // from the key file
	SendServerURL   func(file signer.Object) (url string, given bool) // of a key file
	SendStripServer func(s *Steps, url string) string                 // that URL
	SendServerEnd   func(url string) string                           // that URL, stripped
	SendDefault     func(signer.Profile) string                       // the server if none is given
	SendExplicit    func(base string) string                          // a base URL that is given
	SendBase        func(base string) string                          // any base URL
	SendURL         func(base, resource string) string                // without the query of the data
	SendList        func(list signer.List) (signer.List, error)       // a list that is not empty
	SendEmptyList   func() signer.List                                // what is sent for an empty list
	SendText        func(string) string                               // a string, before it is escaped
	SendOmit        func(text string) bool                            // a string that is not sent
	SendListKey     func(key string, index int) string                // the key of a list element
	SendNull        func(inBody bool) (text string, keep bool)
	SendBoolean     func(bool) (text string, keep bool)
	SendInteger     func(signer.Int) (string, error)
	SendFloat       func(q *Question, f signer.Float) (string, error)
	SendNested      func(v signer.Value) (string, error) // a list or an object inside a list
	SendFlattened   func(list signer.List) signer.List   // a list that is sent in a body
	SendObject      func(s *Signing, key string, object signer.Object) error
	SendEmail       func(data signer.Object) signer.Object // the data with the email
	SendEscapeKey   func(string) string
	SendEscape      func(string) string // values
	SendEscapeEmail func(string) string // the value of the email
	SendBody        func(data signer.Object, form string) string
	SendInBody      func(method string) bool      // else in the query
	SendInBoth      func(method string) bool      // in body and query
	SendForm        func(method string) bool      // false: the data is not sent at all
	SendQuery       func(url, form string) string // the URL with the data behind it
	SendSigned      bool                          // the pairs that are signed are sent

	changes changes // set by Set.Steps
}

// TokenName says which member of a dashboard config is added to the data, and under which name.
type TokenName struct{ Member, Name string }

// changes says which parts of the signing differ from the reference's.
type changes struct{ credentials, message, token, encoding bool }

// Place says where the email stands among the pairs.
type Place int

// The places of the email. The reference sorts it with all other pairs.
const (
	Sorted Place = iota
	First
	Last
	Absent
)

// Pair is one pair of the message. Sort is the key by which it is sorted.
type Pair struct {
	Sort, Key, Value string
	Blank            bool // nothing is written for it, but the separators beside it are
}

// ErrRefused is the error of a step that cannot go on: the port refuses the input.
var ErrRefused = errors.New("refused")

// changed returns the indexes of the fields that are set.
func (s *Steps) changed() (fields []int) {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() && !v.Field(i).IsZero() {
			fields = append(fields, i)
		}
	}
	return fields
}

// overlay copies some fields of other.
func (s *Steps) overlay(other *Steps, fields []int) {
	to, from := reflect.ValueOf(s).Elem(), reflect.ValueOf(other).Elem()
	for _, i := range fields {
		to.Field(i).Set(from.Field(i))
	}
}

// fieldNames are the names of the fields of Steps, in order.
var fieldNames = func() (names []string) {
	t := reflect.TypeFor[Steps]()
	for field := range t.Fields() {
		names = append(names, field.Name)
	}
	return names
}()

// fieldName returns the name of a field of Steps.
func fieldName(i int) string { return fieldNames[i] }

// fieldIndex returns the place of a field of Steps.
func fieldIndex(name string) int { return slices.Index(fieldNames, name) }
