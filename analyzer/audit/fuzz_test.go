package audit

import (
	"bytes"
	"testing"
)

// FuzzRead reads anything as a baseline, and compares a report with it.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"auditVersion":1,"findings":[{"rule":"r","fingerprint":"f"}],"tools":[{"name":"t","reaches":["a"]}],"hosts":["h"]}`))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if baseline, err := Read(bytes.NewReader(data)); err == nil {
			(&Report{Version: Version}).Compare(baseline)
		}
	})
}
