package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestViewServes asks the server what a browser asks, and what a page elsewhere might.
func TestViewServes(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	stdout, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ui := newTerminal(out, io.Discard)
		ended <- runView(ctx, ui, viewOptions{inputs: []string{"-"}, engine: engineOptions{assume: map[string]string{}}, stdin: strings.NewReader(`
			const look={name:"Look",async prompt(){return"Looks at a place."},inputJSONSchema:{type:"object",properties:{}},isEnabled(){return!0},async call(x){return x}};
			console.log(look);`)})
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address := strings.TrimSpace(line)
	if err != nil || !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Fatalf("%q %v", line, err)
	}
	for _, c := range []struct {
		method, path, host string
		status             int
	}{
		{"GET", "", "", 200}, {"HEAD", "", "", 200}, {"POST", "", "", 405}, {"GET", "versions/1.0.0", "", 404}, {"GET", "../etc/passwd", "", 404},
		{"GET", "", "evil.example", 421}, {"GET", "", "localhost:1", 200},
	} {
		request, err := http.NewRequest(c.method, address+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = c.host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != c.status {
			t.Errorf("%s %s of %q: %s", c.method, c.path, c.host, response.Status)
		}
		if c.status == 200 && !strings.Contains(response.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: no policy", c.method)
		}
		if c.method == "GET" && c.status == 200 && !strings.Contains(string(body), "<title>- - bundlens</title>") {
			t.Errorf("what is served is no page: %.300s", body)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
