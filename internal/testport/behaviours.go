package testport

import (
	"maps"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// behaviour is what a port does: start before the first question, answer for each question.
type behaviour struct{ start, answer func(*Port) }

// behaviours returns all behaviours, by name.
func behaviours() map[string]behaviour {
	all := right()
	maps.Copy(all, wrong())
	maps.Copy(all, faulty())
	maps.Copy(all, alwaysFaulty())
	maps.Copy(all, clients())
	return all
}

func ignoreTerm(*Port) { signal.Ignore(syscall.SIGTERM, os.Interrupt) }

// right are ports that conform, at least in one mode.
func right() map[string]behaviour {
	wait := func(d time.Duration) func(*Port) { return func(*Port) { time.Sleep(d) } }
	slowly := func(p *Port) { time.Sleep(20 * time.Millisecond); answer(p) }
	return map[string]behaviour{
		"right":              {answer: answer},
		"lower-header":       {answer: lowerHeader},
		"header-lines":       {answer: headerLines},
		"chatty":             {answer: withBlanks},
		"no-id":              {answer: printing(`"id":`, `"ignored":`)},
		"extra-headers":      {answer: printing(`"Accept":`, `"X-Trace":"1","Accept":`)},
		"extra-members":      {answer: printing(`"id":`, `"took":1.5,"debug":{"a":[null]},"id":`)},
		"slow-start":         {start: wait(300 * time.Millisecond), answer: answer},
		"slow-each":          {answer: slowly},
		"slow-family":        {start: startFamily, answer: slowly},
		"floods-stderr":      {start: func(*Port) { go floodStderr() }, answer: answer},
		"ignores-term":       {start: ignoreTerm, answer: answer},
		"grandchild":         {start: func(*Port) { leaveChild(false) }, answer: answer},
		"escaped-grandchild": {start: func(*Port) { leaveChild(true) }, answer: answer},
		"sleeper":            {start: wait(time.Hour)},
		"one-shot":           {answer: func(p *Port) { answer(p); os.Exit(0) }},
		"unflushed":          {answer: unflushed},
	}
}

// wrong are ports that answer, but not rightly.
func wrong() map[string]behaviour {
	files := []string{"folders-archive", "folder-create"}
	return map[string]behaviour{
		"refuses":              {answer: say(`{"error":"no"}`)},
		"one-token":            {answer: say(sameAnswer)},
		"unsupported":          {answer: say(`{"unsupported":"everything"}`)},
		"no-header":            {answer: say(`{"headers":{"Authorization":"x"}}`)},
		"two-headers":          {answer: printing(`"Accept":`, `"x-auth-signature":"x","Accept":`)},
		"answers-before-asked": {start: say(sameAnswer), answer: answer},
		"floods-lines":         {answer: floodLines},
		"huge-token":           {answer: hugeToken},
		"locale-bound":         {answer: when((*Port).inTurkish, replaceAll("I", "ı"))},
		"memorised":            {answer: byHeart(`{"unsupported":"never heard of it"}`)},
		"memorised-crashing":   {answer: byHeart("")},
		"memorised-guessing":   {answer: byHeart(sameAnswer)},

		"wrong-for-three":  {answer: wrongFor(append(files, "manifest-download")...)},
		"wrong-for-two":    {answer: wrongFor(files...)},
		"lower-booleans":   {answer: lowerBooleans},
		"email-last":       {answer: emailLast},
		"wrong-everywhere": {answer: replaceAll("=", "9")},
		"changes":          {answer: when((*Port).everyTen, replaceAll("=", "9"))},
	}
}

// faulty are ports that answer rightly, except for some questions.
func faulty() map[string]behaviour {
	marked := func(fault func(*Port)) behaviour {
		return behaviour{answer: when((*Port).marked, fault)}
	}
	return map[string]behaviour{
		// For questions whose id ends in x.
		"hangs":     marked(hang),
		"exit-7":    marked(exit(7)),
		"panics":    marked(func(*Port) { panic("testport") }),
		"garbage":   marked(say("hello")),
		"not-utf8":  marked(say("{\"hmac_msg\":\"\xff\"}")),
		"array":     marked(say("[1]")),
		"half-line": marked(func(p *Port) { p.printPart(); os.Exit(0) }),
		"wrong-id":  marked(say(otherAnswer)),
		"floods":    marked(floodLine),

		// For others.
		"signal-every-ten":   {answer: when((*Port).tenth, die)},
		"crashes-on-refusal": {answer: when((*Port).refusing, exit(7))},
		"exits-1-on-refusal": {answer: when((*Port).refusing, exit(1))},
		"hangs-on-lists":     {answer: when((*Port).hasTokens, hang)},
		"hangs-after-some":   {answer: when((*Port).afterFive, hang)},
		"signal-after-some":  {answer: when((*Port).afterFive, die)},
	}
}

// alwaysFaulty are ports that never give an answer that can be used, at least in one mode.
func alwaysFaulty() map[string]behaviour {
	return map[string]behaviour{
		"silent":                {start: exit(0)},
		"syntax-error":          {start: syntaxError},
		"banner":                {start: say("My port 1.0, ready"), answer: answer},
		"mixed-faults":          {answer: mixedFaults},
		"closes-stdin":          {start: func(p *Port) { os.Stdin.Close(); hang(p) }},
		"signal-at-once":        {start: die},
		"always-hangs":          {answer: hang},
		"joins-parent":          {start: joinParent, answer: hang},
		"becomes-root":          {start: becomeRoot, answer: hang},
		"always-exit-1":         {answer: exit(1)},
		"always-exit-7":         {answer: failLoudly},
		"floods-line":           {answer: floodLine},
		"always-garbage":        {answer: say("hello")},
		"always-not-utf8":       {answer: say("\xff\xfe\xed\xa0\x80")},
		"deep":                  {answer: deep("")},
		"deep-member":           {answer: deep(`{"x":`)},
		"always-wrong-id":       {answer: say(otherAnswer)},
		"answers-twice":         {answer: func(p *Port) { answer(p); answer(p) }},
		"always-half-line":      {answer: (*Port).printPart},
		"half-line-and-exit":    {answer: func(p *Port) { p.printPart(); os.Exit(0) }},
		"huge-header":           {answer: hugeHeader},
		"null":                  {answer: say("null")},
		"number":                {answer: say("17")},
		"always-array":          {answer: func(p *Port) { p.print("[" + p.rightAnswer() + "]") }},
		"reversed":              {answer: reversed},
		"closes-stdout":         {answer: func(p *Port) { os.Stdout.Close(); hang(p) }},
		"answers-and-crashes":   {answer: func(p *Port) { answer(p); os.Exit(7) }},
		"stays-after-answer":    {answer: func(p *Port) { answer(p); hang(p) }},
		"answers-and-prints-on": {answer: func(p *Port) { answer(p); p.flood("more\n", 1) }},
	}
}
