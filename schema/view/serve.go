package view

import (
	"bytes"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/history"
)

// Handler serves a page at /, to this machine only. Where dir is a history's directory, it serves a page for each of its versions at
// /versions/VERSION and for each two of them at /compare/FROM/TO, made when they are asked for.
func Handler(page *Page, dir string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { send(w, r, page, nil) })
	if dir != "" {
		mux.HandleFunc("GET /versions/{version}", func(w http.ResponseWriter, r *http.Request) {
			sendVersions(w, r, dir, r.PathValue("version"))
		})
		mux.HandleFunc("GET /compare/{from}/{to}", func(w http.ResponseWriter, r *http.Request) {
			sendVersions(w, r, dir, r.PathValue("from"), r.PathValue("to"))
		})
	}
	return guard(mux)
}

// guard refuses requests that name another host, as those of a page elsewhere whose name was made to point here.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "this server answers to this machine's own names only", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", Policy()+"; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// sendVersions answers with a page for versions of a history. Only those of its index are looked for.
func sendVersions(w http.ResponseWriter, r *http.Request, dir string, versions ...string) {
	index, err := history.Read(dir)
	if err != nil {
		send(w, r, nil, err)
		return
	}
	var docs []*schema.Document
	for _, v := range versions {
		if !slices.ContainsFunc(index.Versions, func(h history.Version) bool { return h.Version == v }) {
			http.NotFound(w, r)
			return
		}
		doc, err := history.Document(dir, v)
		if err != nil {
			send(w, r, nil, err)
			return
		}
		docs = append(docs, doc)
	}
	page, err := Documents(docs...)
	send(w, r, page, err)
}

func send(w http.ResponseWriter, r *http.Request, page *Page, err error) {
	var b bytes.Buffer
	if err == nil {
		_, err = page.WriteTo(&b)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b.Bytes()))
}
