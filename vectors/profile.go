package vectors

import (
	"fmt"
	"slices"

	"sigkit/signer"
)

// Profile says as which generation of the vendor's client a port is asked.
type Profile string

// The profiles. Under AllProfiles each vector is asked as it stands.
const (
	AllProfiles Profile = "all"
	LinuxLink   Profile = Profile(signer.LinuxLink)
	Vigiles     Profile = Profile(signer.Vigiles)
)

// Profiles returns all profiles.
func Profiles() []Profile { return []Profile{LinuxLink, Vigiles, AllProfiles} }

// ParseProfile reads the name of a profile.
func ParseProfile(name string) (Profile, error) {
	if !slices.Contains(Profiles(), Profile(name)) {
		return "", fmt.Errorf("profile %q is unknown: choose linuxlink, vigiles or all", name)
	}
	return Profile(name), nil
}

// Under returns the vector as a client of one generation is asked, and whether it is asked at all:
// if the reference of that generation gives the same message and token, or refuses the input, too.
// The request is that of the generation's server. The zero value of Profile counts as all.
func (v Vector) Under(p Profile) (Vector, bool) {
	if p == "" || p == AllProfiles {
		return v, true
	}
	other := v
	other.Input.Profile = string(p)
	if v.Input.Generation() == signer.Profile(p) {
		return other, true
	}
	e := other.Input.Expected()
	if (e.Error != "") != (v.Expect.Error != "") || e.HMACMsg != v.Expect.HMACMsg ||
		e.Token != v.Expect.Token {
		return v, false
	}
	other.Expect = &e
	return other, true
}
