package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sigkit/internal/testport"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"vecgen": main}) }

func TestScripts(t *testing.T) { testport.RunScripts(t) }
