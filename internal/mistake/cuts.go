package mistake

import "fmt"

// The ids of the mistakes whose length the diagnosis measures, by asking.
const (
	CutString  = "string-cut"
	CutMessage = "message-cut"
	CutKey     = "key-cut"
)

// Cut returns the mistake of an id as a port makes it that cuts after some bytes.
func Cut(id string, length int) *Mistake {
	m := cut(id, length)
	m.prepare()
	return &m
}

func cut(id string, length int) Mistake {
	const fix = "Sign the whole text, however long it is."
	if id == CutKey {
		return keyChanged(id, fmt.Sprintf("The key is cut after %d bytes.", length),
			"Use the whole key, however long it is.",
			func(key string) []byte { return []byte(key[:min(length, len(key))]) })
	}
	if id == CutMessage {
		return Mistake{
			ID:   id,
			Rule: "message-utf8",
			What: fmt.Sprintf("The message is cut after %d bytes.", length),
			Fix:  fix,
			steps: Steps{
				ChangeBytes: func(b []byte) []byte { return b[:min(length, len(b))] },
			},
		}
	}
	return Mistake{
		ID:    id,
		Rule:  "text-string",
		What:  fmt.Sprintf("A string is cut after %d bytes.", length),
		Fix:   fix,
		steps: Steps{CutString: cutAt(length)},
	}
}

// cutMistakes are those of a port with a buffer of usual size. The diagnosis puts the length that
// it measures in its place.
func cutMistakes() []Mistake {
	return []Mistake{cut(CutString, 500), cut(CutMessage, 4095), cut(CutKey, 128)}
}
