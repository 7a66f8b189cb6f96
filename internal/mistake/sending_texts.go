package mistake

import (
	"slices"
	"strings"
)

// sentTextMistakes are the mistakes in the texts of values, made in what is sent. Most clients have
// one function for both texts, but not all.
func sentTextMistakes() (all []Mistake) {
	for _, m := range slices.Concat(textMistakes(), objectMistakes(), nestedMistakes()) {
		steps := m.steps.sentTexts()
		if len(steps.changed()) == 0 || slices.Contains(sentOtherwise, m.ID) {
			continue
		}
		sent := Mistake{
			ID:    "sent-" + m.ID,
			Rule:  "wire-form",
			What:  "In what is sent, " + inSentence(sendNotSign.Replace(m.What)),
			Fix:   sendNotSign.Replace(m.Fix),
			steps: steps,

			idiomsOf: m.Rule,
		}
		if steps.SendNull != nil {
			sent.Fix = fixSentNull
		}
		if m.VariantOf != "" {
			sent.VariantOf = "sent-" + m.VariantOf
		}
		all = append(all, sent)
	}
	return all
}

var sendNotSign = strings.NewReplacer("Sign ", "Send ", "sign ", "send ", "signed", "sent")

// inSentence returns a sentence as it stands behind a comma. Abbreviations keep their capitals.
func inSentence(sentence string) string {
	if second := sentence[1]; second >= 'A' && second <= 'Z' {
		return sentence
	}
	return strings.ToLower(sentence[:1]) + sentence[1:]
}

// sentOtherwise are the ids of mistakes in texts for which the sending has mistakes with names and
// sentences of their own, or which a port cannot make in what it sends alone.
var sentOtherwise = strings.Fields(`
	boolean-lower-case boolean-lower-case-everywhere boolean-as-digit boolean-yes-no
	null-as-null null-as-null-everywhere null-as-empty null-dropped
	integer-over-64-bits-refused float-infinite-refused object-refused nested-refused nested-ascii
	string-line-ends-to-crlf`)

// sentTexts returns the steps of sending that write texts as these steps sign them.
func (s *Steps) sentTexts() (sent Steps) {
	sent.SendBoolean, sent.SendInteger, sent.SendFloat = s.Boolean, s.Integer, s.Float
	sent.SendObject, sent.SendOmit, sent.SendNested = s.ObjectPairs, s.OmitString, s.NestedText
	if s.Null != nil {
		sent.SendNull = func(bool) (string, bool) { return s.Null() }
	}
	for _, change := range []func(string) string{s.TrimString, s.Normalize, s.LineEnds, s.ChangeCase} {
		if change != nil {
			sent.SendText = change
		}
	}
	return sent
}
