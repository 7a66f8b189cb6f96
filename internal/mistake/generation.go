package mistake

import "sigkit/signer"

// generationMistakes are those of a client that is always of one generation, whatever the question
// says.
func generationMistakes() []Mistake {
	return []Mistake{
		generation("generation-linuxlink-always", signer.LinuxLink,
			"Requests of profile vigiles are signed as a linuxlink client does: with key, not with "+
				"organization_key, with product, not with group, and for the server of linuxlink.",
			`Read the member "profile" of the question. For vigiles use organization_key and `+
				"server_url of the key file, and group of the dashboard config. "+
				"If the client is for linuxlink alone, run with --profile linuxlink."),
		generation("generation-vigiles-always", signer.Vigiles,
			"Requests of profile linuxlink are signed as a vigiles client does: with "+
				"organization_key, with group_token, and for the server_url or the server of vigiles.",
			`Read the member "profile" of the question, which is linuxlink if it is absent. `+
				"For linuxlink use key of the key file and product of the dashboard config only. "+
				"If the client is for vigiles alone, run with --profile vigiles."),
	}
}

func generation(id string, always signer.Profile, what, fix string) Mistake {
	return Mistake{
		ID:      id,
		Rule:    "organization-key",
		What:    what,
		Fix:     fix,
		Several: true,
		steps:   Steps{Generation: func(signer.Profile) signer.Profile { return always }},
	}
}
