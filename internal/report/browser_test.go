package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/browser"
	"sigkit/internal/check"
	"sigkit/internal/diagnose"
	"sigkit/internal/port"
	"sigkit/internal/testport"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// attempt is the run of a port that writes booleans as JSON does.
func attempt() *check.Run {
	var all []check.Result
	var wrong []string
	for i := range vectors.All() {
		v := &vectors.All()[i]
		if v.Level != vectors.Core || v.Expect.Error != "" {
			continue
		}
		answer := &port.Answer{HMACMsg: new(strings.NewReplacer("=True", "=true",
			"=False", "=false").Replace(v.Expect.HMACMsg))}
		token := v.Expect.Token
		if *answer.HMACMsg != v.Expect.HMACMsg {
			token = "AAAA"
			wrong = append(wrong, v.ID)
		}
		answer.Headers = []wire.Header{{Name: signer.Header, Value: token}}
		r := check.Judge(v, port.Reply{Answer: answer})
		r.Digest = check.Digest(v)
		all = append(all, r)
	}
	return withDiagnosis(newRun(all...), diagnose.Diagnosis{
		Explained: len(wrong),
		Signed:    len(wrong),
		Complete:  true,
		Findings:  []diagnose.Finding{finding(wrong, lowerCase)},
	})
}

// pageOf writes the page of a run into a file.
func pageOf(t testing.TB, run *check.Run) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, HTML(&out, run, Options{}))
	return pageFileOf(t, out.Bytes())
}

func pageFileOf(t testing.TB, page []byte) string {
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, page, 0o600))
	return file
}

// assertQuiet asserts that a page has asked for nothing but itself, and that nothing went wrong.
func assertQuiet(t testing.TB, p *browser.Page) {
	t.Helper()
	assert.Len(t, p.Requests(), 1, p.Name)
	assert.Empty(t, p.Problems(), p.Name)
}

// Every run has a page that asks for nothing, runs no script of others and fits a phone.
func TestPagesInABrowser(t *testing.T) {
	testport.TakesLong(t)
	b := browser.Start(t)
	all := runs()
	all["attempt"], all["hostile"] = attempt(), hostileRun()
	for name, run := range all {
		t.Run(name, func(t *testing.T) {
			p := b.Open(t, pageOf(t, run), browser.Options{Width: 390, Height: 800})
			assert.LessOrEqual(t, browser.Eval[int](p, "document.documentElement.scrollWidth"), 390)
			browser.Eval[bool](p, "document.querySelectorAll('details').forEach(d => d.open = true), true")
			assert.LessOrEqual(t, browser.Eval[int](p, "document.documentElement.scrollWidth"), 390)
			assert.Equal(t, 1, browser.Eval[int](p, "document.scripts.length"))
			assertQuiet(t, p)
		})
	}
}

// Everybody can use the page: axe-core finds nothing.
func TestAccessibility(t *testing.T) {
	testport.TakesLong(t)
	b := browser.Start(t)
	var matrix bytes.Buffer
	require.NoError(t, MatrixHTML(&matrix, matrixRuns(), Options{}))
	run := pageOf(t, attempt())
	for name, file := range map[string]string{
		"run": run, "baseline": pageOf(t, baseline()), "matrix": pageFileOf(t, matrix.Bytes()),
	} {
		for _, dark := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s dark %t", name, dark), func(t *testing.T) {
				p := b.Open(t, file, browser.Options{Dark: dark})
				browser.Eval[bool](p, `[...document.querySelectorAll("details")].slice(0, 40).
					forEach((d) => { d.open = true; }), true`)
				assert.Empty(t, p.Accessibility())
			})
		}
	}
}

// Pages of 10,000 vectors can be used. The times are logged, and not judged.
func TestLargePage(t *testing.T) {
	testport.TakesLong(t)
	b := browser.Start(t)
	for name, every := range map[string]int{"one in ten fails": 10, "all fail": 1} {
		t.Run(name, func(t *testing.T) {
			page := pageOf(t, large(every))
			stat, err := os.Stat(page)
			require.NoError(t, err)
			p := b.Open(t, page, browser.Options{})
			paint := browser.Eval[float64](p, `new Promise((r) => setTimeout(() =>
				r(performance.getEntriesByName("first-contentful-paint")[0].startTime), 1000))`)
			filter := browser.Eval[[]float64](p, timed(5, `change("number-77")`, `change("")`))
			change(p, "_text", "number-77")
			assert.Equal(t, 111, browser.Eval[int](p, shown))
			t.Logf("%d bytes, first paint after %.0f ms; to filter and to reset takes %.0f ms",
				stat.Size(), paint, filter)
			assertQuiet(t, p)
		})
	}
}

// timed is an expression that does some things in turn, a number of times, and takes the time in
// milliseconds until each is painted.
func timed(count int, things ...string) string {
	var script strings.Builder
	script.WriteString(`(async () => {
		const times = [];
		const change = (value) => {
			const field = document.getElementById("_text");
			field.value = value;
			field.dispatchEvent(new Event("input"));
		};
		const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
		let began;
`)
	for range count {
		for _, thing := range things {
			script.WriteString("began = performance.now(); " + thing +
				"; await painted(); times.push(performance.now() - began);\n")
		}
	}
	return script.String() + "return times; })()"
}

// large is a run of 10,000 vectors of 100 rules, of which some fail.
func large(every int) *check.Run {
	const message = "GET/api/v1/vigiles/xall=True&email=user@example.com&name=%d&tags=a&tags=b"
	var all []check.Result
	for i := range 10_000 {
		r := passed(fmt.Sprintf("group/number-%d", i), fmt.Sprintf("rule-%d", i%100))
		if i%every == 0 {
			want := fmt.Sprintf(message, i)
			r = sides(failed(r.ID, r.Rule, check.WrongMessage,
				`the message differs from byte 26 on, in the value of "all", pair 1 of 5`),
				check.Side{HMACMsg: &want},
				check.Side{HMACMsg: new(strings.Replace(want, "True", "true", 1))})
		}
		r.Why = "The text is True. JSON.stringify and most languages write true."
		all = append(all, r)
	}
	return newRun(all...)
}

// The first screen has the verdict, the counts and the causes with their fixes.
func TestFirstScreen(t *testing.T) {
	b := browser.Start(t)
	p := b.Open(t, pageOf(t, attempt()), browser.Options{})
	for _, what := range []string{".verdict", ".numbers", ".cause .fix", ".cause .idiom"} {
		bottom := fmt.Sprintf("document.querySelector(%q).getBoundingClientRect().bottom", what)
		assert.Less(t, browser.Eval[float64](p, bottom), 800.0, what)
	}
	light := browser.Eval[string](p, "getComputedStyle(document.body).backgroundColor")
	dark := b.Open(t, p.Name, browser.Options{Dark: true})
	assert.NotEqual(t, light,
		browser.Eval[string](dark, "getComputedStyle(document.body).backgroundColor"))
}

// shown counts the rows that are not filtered out.
const shown = `[...document.querySelectorAll(".v")].filter((v) => v.checkVisibility()).length`

// change chooses a value of a field of the filter.
func change(p *browser.Page, field, value string) {
	browser.Eval[bool](p, fmt.Sprintf(`(() => { const f = document.getElementById(%q);
		f.value = %q; f.dispatchEvent(new Event("input")); return f.value === %q; })() || (() => {
		throw new Error("no such choice"); })()`, field, value, value))
}

func TestFilter(t *testing.T) {
	testport.TakesLong(t)
	run := attempt()
	p := browser.Start(t).Open(t, pageOf(t, run), browser.Options{})
	assert.Equal(t, len(run.Vectors), browser.Eval[int](p, shown))
	count := func(wanted func(r *check.Result) bool) (n int) {
		for i := range run.Vectors {
			if wanted(&run.Vectors[i]) {
				n++
			}
		}
		return n
	}
	failing := func(r *check.Result) bool { return r.Outcome == check.Fail }
	change(p, "_state", "fail")
	assert.Equal(t, count(failing), browser.Eval[int](p, shown))
	change(p, "_rule", "text-boolean")
	both := count(func(r *check.Result) bool { return failing(r) && r.Rule == "text-boolean" })
	assert.Equal(t, both, browser.Eval[int](p, shown))
	p.Do(chromedp.Click(chromedp.CSS("#_reset")))
	assert.Equal(t, len(run.Vectors), browser.Eval[int](p, shown))
	p.Do(chromedp.SendKeys(chromedp.CSS("#_text"), "TEXT/true json.stringify"))
	assert.Equal(t, 1, browser.Eval[int](p, shown))
	p.Do(chromedp.Click(chromedp.CSS("[data-cause='1']")))
	assert.Equal(t, count(failing), browser.Eval[int](p, shown))
	assert.Equal(t, fmt.Sprintf("%d of %d vectors", count(failing), len(run.Vectors)),
		browser.Eval[string](p, "document.getElementById('_shown').value"))
	assertQuiet(t, p)
}

// The address of a vector opens it, and the command that runs it again can be copied.
func TestDeepLink(t *testing.T) {
	testport.TakesLong(t)
	b := browser.Start(t)
	p := b.Open(t, pageOf(t, attempt()), browser.Options{Fragment: "text/true"})
	const row = `document.getElementById("text/true")`
	assert.True(t, browser.Eval[bool](p, row+".open"))
	top := browser.Eval[float64](p, row+".getBoundingClientRect().top")
	assert.True(t, top >= 0 && top < 800, "at %v", top)
	marks := browser.Eval[[]string](p,
		"[..."+row+".querySelectorAll('mark')].map((m) => m.textContent)")
	assert.Equal(t, []string{"T", "t"}, marks)
	assert.True(t, browser.Eval[bool](p, row+".querySelector('.steps') !== null"))
	p.AllowClipboard()
	p.Do(chromedp.Click(chromedp.CSS(`[id="text/true"] .again button`)))
	assert.Equal(t, "sigcheck run --mode stream --level quirk --run text/true -- python3 port.py",
		browser.Eval[string](p, "navigator.clipboard.readText()"))
	p.Do(chromedp.Click(chromedp.CSS(`[id="text/false"] summary`)))
	browser.Run(p, chromedp.Poll[bool](`location.hash === "#text/false"`))
	change(p, "_text", "nothing has this text")
	assert.Zero(t, browser.Eval[int](p, shown))
	browser.Eval[bool](p, `location.hash = "#text/true", true`)
	browser.Run(p, chromedp.Poll[bool](row+".checkVisibility()"))
	assertQuiet(t, p)
}

// A row can be reached and opened with the keyboard alone.
func TestKeyboard(t *testing.T) {
	testport.TakesLong(t)
	p := browser.Start(t).Open(t, pageOf(t, attempt()), browser.Options{})
	browser.Eval[bool](p, `document.querySelector(".v summary").focus(), true`)
	p.Do(chromedp.KeyEvent("\r"))
	assert.True(t, browser.Eval[bool](p, `document.querySelector(".v").open`))
	p.Do(chromedp.KeyEvent("\t"))
	assert.Equal(t, "Copy the command",
		browser.Eval[string](p, `document.activeElement.getAttribute("aria-label") || ""`))
}

// Without its script the page has everything but the filter and the buttons.
func TestPageWithoutScript(t *testing.T) {
	p := browser.Start(t).Open(t, pageOf(t, attempt()), browser.Options{NoScript: true})
	run := attempt()
	assert.Equal(t, len(run.Vectors), browser.Eval[int](p, shown))
	count := func(selector string) int {
		return browser.Eval[int](p, fmt.Sprintf("document.querySelectorAll(%q).length", selector))
	}
	assert.Equal(t, len(run.Failed()), count(".pairs"))
	assert.Equal(t, len(run.Vectors), count(".again"))
	assert.False(t, browser.Eval[bool](p, "document.getElementById('_filter').checkVisibility()"))
	assertQuiet(t, p)
}

func TestMatrixInABrowser(t *testing.T) {
	testport.TakesLong(t)
	var out bytes.Buffer
	require.NoError(t, MatrixHTML(&out, matrixRuns(), Options{}))
	b := browser.Start(t)
	p := b.Open(t, pageFileOf(t, out.Bytes()), browser.Options{})
	const rows = `[...document.querySelectorAll("tr[data-s]")].filter((r) => r.checkVisibility())`
	assert.Equal(t, 5, browser.Eval[int](p, rows+".length"))
	change(p, "_state", "all-fail")
	assert.Equal(t, []string{"b/all"}, browser.Eval[[]string](p, rows+".map((r) => r.id)"))
	assert.Contains(t, browser.Eval[string](p, "document.body.innerText"), "Suspect the vector.")
	p = b.Open(t, p.Name, browser.Options{Width: 390, Height: 800})
	assert.LessOrEqual(t, browser.Eval[int](p, "document.documentElement.scrollWidth"), 390)
	assertQuiet(t, p)
}
