// Package ports holds the sample ports: one folder for each language, and the commands that build
// and run what is in it.
//
// The ports use nothing of this repository. In each of them the signing stands apart from the
// adapter that speaks the protocol (docs/PROTOCOL.md), so that it can be copied into a client.
//
// Marks in the signing modules say which lines someone who writes a port has to find:
//
//	# begin RULE: STUB
//	...
//	# end
//
// A scaffold has the line STUB in the place of these lines, see internal/scaffold. Lines between
// marks without a rule are helpers of the others: a scaffold leaves them out.
package ports

import "embed"

// Files has the folders of [Languages].
//
//go:embed bash/*.sh bash/*.jq c/Makefile c/*.c c/*.h csharp/*.cs go/*.go java/*.java node/*.mjs
//go:embed php/*.php python/*.py ruby/*.rb rust/Cargo.* rust/src/*.rs
var Files embed.FS

// Language is a language with a sample port.
type Language struct {
	Name     string            // as in the idioms of internal/mistake
	Aliases  []string          // other names, in lower case
	Folder   string            // in Files
	Needs    string            // what must be installed
	Packages string            // of Ubuntu, that a machine of GitHub lacks
	Build    string            // a line of shell, run in the folder; "" if there is nothing to build
	Run      []string          // the command, run in the folder
	Sends    bool              // it has the flag --send
	Others   map[string]string // files of a project that this repository has no use for
}

// Languages returns all languages with a sample port, sorted by name.
func Languages() []Language {
	return []Language{
		{
			Name:    "Bash",
			Aliases: []string{"sh", "shell", "jq"},
			Folder:  "bash",
			Needs:   "bash 5, jq 1.6 and openssl",
			Run:     []string{"bash", "port.sh"},
		},
		{
			Name:     "C",
			Folder:   "c",
			Needs:    "a C11 compiler, make, jansson and libcrypto",
			Packages: "libjansson-dev libssl-dev",
			Build:    "make -s",
			Run:      []string{"./port"},
			Others:   map[string]string{".gitignore": "/port\n"},
		},
		{
			Name:     "C#",
			Aliases:  []string{"csharp", "cs", "dotnet", "mono"},
			Folder:   "csharp",
			Needs:    "Mono 6, or a compiler for C# 7",
			Packages: "mono-mcs mono-runtime libmono-system-numerics4.0-cil",
			Build:    "mcs -r:System.Numerics -out:port.exe *.cs",
			Run:      []string{"mono", "port.exe"},
			Others:   map[string]string{".gitignore": "/port.exe\n"},
		},
		{
			Name:    "Go",
			Aliases: []string{"golang"},
			Folder:  "go",
			Needs:   "Go 1.24 or later",
			Build:   "go build -o port .",
			Run:     []string{"./port"},
			Sends:   true,
			Others:  map[string]string{".gitignore": "/port\n", "go.mod": "module port\n\ngo 1.24\n"},
		},
		{
			Name:   "Java",
			Folder: "java",
			Needs:  "Java 17 or later",
			Build:  "javac -d build *.java",
			Run:    []string{"java", "-cp", "build", "Port"},
			Sends:  true,
			Others: map[string]string{".gitignore": "/build/\n"},
		},
		{
			Name:    "JavaScript",
			Aliases: []string{"js", "node", "nodejs", "typescript"},
			Folder:  "node",
			Needs:   "Node 18 or later",
			Run:     []string{"node", "port.mjs"},
			Sends:   true,
		},
		{
			Name:   "PHP",
			Folder: "php",
			Needs:  "PHP 8.1 or later, with the curl extension to send",
			Run:    []string{"php", "port.php"},
			Sends:  true,
		},
		{
			Name:    "Python",
			Aliases: []string{"py", "python3"},
			Folder:  "python",
			Needs:   "Python 3.11 or later",
			Run:     []string{"python3", "port.py"},
			Sends:   true,
			Others:  map[string]string{".gitignore": "__pycache__/\n"},
		},
		{
			Name:    "Ruby",
			Aliases: []string{"rb"},
			Folder:  "ruby",
			Needs:   "Ruby 3.0 or later",
			Run:     []string{"ruby", "port.rb"},
			Sends:   true,
		},
		{
			Name:    "Rust",
			Aliases: []string{"rs", "cargo"},
			Folder:  "rust",
			Needs:   "Rust 1.85 or later",
			Build:   "cargo build --quiet",
			Run:     []string{"target/debug/port"},
			Others:  map[string]string{".gitignore": "/target/\n"},
		},
	}
}
