package tokens

import (
	"encoding/json"
	"unicode/utf8"
)

// Factor and MaxCounted say how a page that counts with the vocabulary itself gets the figures of this package: a text
// longer than MaxCounted bytes is taken to go on as it begins, and the count is multiplied by Factor.
const (
	Factor     = factor
	MaxCounted = maxCounted
)

// Vocabulary is the vocabulary as a JSON list, a token by its number: a string, or a list of bytes where it is none.
func Vocabulary() ([]byte, error) {
	list := []any{}
	for id := uint(0); ; id++ {
		token, err := vocabulary().Decode([]uint{id})
		if err != nil {
			break // the last one was before; special tokens follow after a gap
		}
		if utf8.ValidString(token) {
			list = append(list, token)
			continue
		}
		bytes := make([]int, len(token))
		for i := range token {
			bytes[i] = int(token[i])
		}
		list = append(list, bytes)
	}
	return json.Marshal(list)
}
