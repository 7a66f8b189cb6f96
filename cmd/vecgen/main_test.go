package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sigkit/internal/zoo"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"vecgen": main}) }

func TestScripts(t *testing.T) { zoo.RunScripts(t) }
