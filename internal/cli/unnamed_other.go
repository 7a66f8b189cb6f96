//go:build !linux

package cli

import (
	"errors"
	"os"
)

// unnamed is not possible here.
func unnamed(string, uint32) (*os.File, error) { return nil, errors.ErrUnsupported }

func link(*os.File, string) error { return errors.ErrUnsupported }
