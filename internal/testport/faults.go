package testport

import (
	"fmt"
	"os"
	"strings"
	"time"
)

func hang(*Port) { time.Sleep(time.Hour) }

func exit(code int) func(*Port) { return func(*Port) { os.Exit(code) } }

// die ends the process by a signal that cannot be caught, as far as the system has signals.
func die(p *Port) {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	hang(p)
}

// syntaxError ends as a Python program that cannot be compiled.
func syntaxError(*Port) {
	fmt.Fprintln(os.Stderr, `  File "port.py", line 3
    def sign(request
            ^
SyntaxError: '(' was never closed`)
	os.Exit(1)
}

func failLoudly(*Port) {
	fmt.Fprintln(os.Stderr, "Traceback: it broke")
	os.Exit(7)
}

// mixedFaults shows another fault for each question, chosen by its id.
func mixedFaults(p *Port) {
	faults := []func(*Port){exit(1), exit(7), say("hello"), exit(0), die}
	faults[len(p.id())%len(faults)](p)
	os.Exit(0)
}

// flood prints a text without end, many times at once.
func (p *Port) flood(text string, times int) {
	block := strings.Repeat(text, times)
	for {
		if _, err := fmt.Fprint(p.out, block); err != nil {
			os.Exit(0)
		}
	}
}

func floodLine(p *Port) { p.flood("x", 1<<20) }

// floodLines prints the answer without end. The id makes each line an answer to this question
// alone.
func floodLines(p *Port) { p.flood(p.rightAnswer()+"\n", 1<<12) }

func floodStderr() {
	block := strings.Repeat("warning: this goes on and on\n", 1000)
	for {
		if _, err := os.Stderr.WriteString(block); err != nil {
			return
		}
	}
}
