package live_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/bundlens/bundlens/schema/trace"
	"github.com/bundlens/bundlens/schema/trace/live"
)

func ExampleServer() {
	dir, err := os.MkdirTemp("", "captures")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	server := httptest.NewServer(&live.Server{Record: &trace.Recorder{Dir: dir}})
	defer server.Close()
	request := `{"model":"m","max_tokens":9,"tools":[{"name":"look","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"hi"}]}`
	answer, err := http.Post(server.URL+"/v1/messages", "application/json", strings.NewReader(request))
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	captures, err := os.ReadDir(dir)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Status, len(captures))
	// Output:
	// 200 OK 1
}
