// Package browser opens pages in a real browser, for tests: Debian's chromium.
package browser

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	permission "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"sigkit/internal/testport"
)

// program is the browser.
const program = "chromium"

// limit is how long one action may take.
const limit = 20 * time.Second

// Browser is a running browser, without windows.
type Browser struct{ ctx context.Context }

// Start starts the browser for a test. It skips the test where there is none.
func Start(t testing.TB) *Browser {
	t.Helper()
	testport.NeedTool(t, program)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.Headless, chromedp.NoSandbox)
	ctx, cancel := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx))
	return &Browser{ctx}
}

// Options say how a page is opened.
type Options struct {
	Width, Height int64 // 1280 x 800 by default
	Dark          bool  // the reader prefers dark pages
	NoScript      bool
	Fragment      string // of the address, without #
}

// Page is an open page.
type Page struct {
	t    testing.TB
	ctx  context.Context
	Name string // its file

	mu       sync.Mutex
	requests []string
	problems []string
}

// Open opens a file of HTML.
func (b *Browser) Open(t testing.TB, file string, o Options) *Page {
	t.Helper()
	p := &Page{t: t, Name: file}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithListener(p.listen))
	t.Cleanup(cancel)
	p.ctx = ctx
	require.NoError(t, chromedp.Do(ctx)) // the tab lives as long as the context that opens it
	scheme := "light"
	if o.Dark {
		scheme = "dark"
	}
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	call(p, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: o.NoScript})
	file, err := filepath.Abs(file)
	require.NoError(t, err)
	address := "file://" + file
	if o.Fragment != "" {
		address += "#" + o.Fragment
	}
	p.Do(chromedp.EmulateViewport(cmp.Or(o.Width, 1280), cmp.Or(o.Height, 800)),
		chromedp.Navigate(address))
	return p
}

// call sends a command of the protocol.
func call[P, R any](p *Page, command cdp.Command[P, R], parameters P) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, limit)
	defer cancel()
	_, err := chromedp.Call(ctx, command, parameters)
	require.NoError(p.t, err, p.Name)
}

// listen remembers what the page asks for, and what goes wrong in it.
func (p *Page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "data:") {
			p.requests = append(p.requests, e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		p.problems = append(p.problems, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		p.problems = append(p.problems, "console."+string(e.Type))
	case *log.EventEntryAdded:
		p.problems = append(p.problems, e.Entry.Text)
	case *page.EventJavascriptDialogOpening:
		p.problems = append(p.problems, "a dialog: "+e.Message)
	}
}

// Do runs actions.
func (p *Page) Do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	Run(p, chromedp.Steps(actions...))
}

// Run runs an action and returns its value.
func Run[T any](p *Page, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, limit)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	require.NoError(p.t, err, p.Name)
	return value
}

// Requests are the addresses that were asked for.
func (p *Page) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// Problems are errors and all that the console says.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.problems)
}

// Eval returns the value of an expression of JavaScript, which may be a promise.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	return Run(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// AllowClipboard lets all pages read and write the clipboard.
func (p *Page) AllowClipboard() {
	p.t.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		_, err := chromedp.CallBrowser(p.ctx, permission.SetPermission, permission.SetPermissionParams{
			Permission: &permission.PermissionDescriptor{Name: name},
			Setting:    permission.PermissionSettingGranted,
		})
		require.NoError(p.t, err)
	}
}

// Picture writes what is seen as PNG.
func (p *Page) Picture(file string) {
	p.t.Helper()
	require.NoError(p.t, os.WriteFile(file, Run(p, chromedp.CaptureScreenshot()), 0o644))
}

// axeResult is what is left of the result of axe.run.
type axeResult []struct{ ID, Help, Nodes string }

// Accessibility returns what axe-core has to say against the page. It skips the test where axe-core
// is missing: SIGKIT_AXE names its file axe.min.js, or npm has it in its global folder.
func (p *Page) Accessibility() (violations []string) {
	p.t.Helper()
	source, err := os.ReadFile(axe(p.t))
	require.NoError(p.t, err)
	Eval[bool](p, string(source)+"\n;true")
	text := Eval[string](p, `axe.run(document, {resultTypes: ["violations"]}).then((r) =>
		JSON.stringify(r.violations.map((v) => ({id: v.id, help: v.help,
			nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)).join("; ")}))))`)
	var result axeResult
	require.NoError(p.t, json.Unmarshal([]byte(text), &result))
	for _, v := range result {
		violations = append(violations, v.ID+": "+v.Help+": "+v.Nodes)
	}
	return violations
}
