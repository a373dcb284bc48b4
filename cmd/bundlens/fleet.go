package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/rogpeppe/go-internal/lockedfile"
	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/internal/fleet"
	"github.com/bundlens/bundlens/internal/fleet/embedded"
	"github.com/bundlens/bundlens/schema"
)

// fleetOptions are what sweep and worker have to know of the fleet.
type fleetOptions struct {
	url, creds         string
	ca, cert, key      string
	replicas           int
	maxStore           int64 // in bytes
	memory             int64 // in bytes
	parallel, download int
	metrics            string
}

// defaultDownloads is how many packages a fleet fetches at once.
const defaultDownloads = 4

// fleetFlags are the flags of sweep and worker.
func fleetFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "nats", Usage: "hand the work out through the NATS servers at `URL`, with JetStream; without it all is done in this process"},
		&cli.StringFlag{Name: "creds", Usage: "log in to NATS with the credentials in `FILE`"},
		&cli.StringFlag{Name: "tls-ca", Usage: "trust NATS servers with a certificate of the authority in `FILE`"},
		&cli.StringFlag{Name: "tls-cert", Usage: "show NATS servers the certificate in `FILE`"},
		&cli.StringFlag{Name: "tls-key", Usage: "the private key of --tls-cert in `FILE`"},
		&cli.IntFlag{Name: "memory", Usage: "take work that needs up to `MIB` of memory together", DefaultText: "three quarters of the machine's"},
		&cli.IntFlag{Name: "jobs", Usage: "do `N` inputs at once, if they fit into the memory", DefaultText: "as many as processors"},
		&cli.IntFlag{Name: "downloads", Value: defaultDownloads, Usage: "fetch `N` packages at once, all workers of the fleet together"},
		&cli.StringFlag{Name: "metrics", Usage: "serve metrics for Prometheus at `ADDRESS`, below /metrics"},
	}
}

// fleetOptionsOf reads the flags that fleetFlags names.
func fleetOptionsOf(c *cli.Context) (fleetOptions, error) {
	o := fleetOptions{url: c.String("nats"), creds: c.String("creds"), ca: c.String("tls-ca"), cert: c.String("tls-cert"), key: c.String("tls-key"),
		memory: int64(c.Int("memory")) << 20, parallel: c.Int("jobs"), download: c.Int("downloads"), metrics: c.String("metrics")}
	switch {
	case o.memory < 0 || o.parallel < 0 || o.download < 1:
		return o, usageError("--memory, --jobs and --downloads take numbers from 1 on", c.Command.Name)
	case (o.cert == "") != (o.key == ""):
		return o, usageError("--tls-cert and --tls-key go together", c.Command.Name)
	}
	if o.parallel == 0 {
		o.parallel = runtime.GOMAXPROCS(0)
	}
	if o.memory == 0 {
		o.memory = max(fleet.Large.Memory(), machineMemory()/4*3)
	}
	if o.memory < fleet.MinMemory() {
		return o, usageError(fmt.Sprintf("--memory takes %d at least", fleet.MinMemory()>>20), c.Command.Name)
	}
	return o, nil
}

// connect connects to the servers of the fleet. A link that is lost later is made again for as long as it takes.
func (o *fleetOptions) connect(name string) (*nats.Conn, error) {
	options := []nats.Option{nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(500 * time.Millisecond), nats.Timeout(5 * time.Second),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})} // calls return their errors
	if o.creds != "" {
		options = append(options, nats.UserCredentials(o.creds))
	}
	if o.ca != "" {
		options = append(options, nats.RootCAs(o.ca))
	}
	if o.cert != "" {
		options = append(options, nats.ClientCert(o.cert, o.key))
	}
	nc, err := nats.Connect(o.url, options...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", withoutPassword(o.url), err)
	}
	return nc, nil
}

// withoutPassword are addresses without what stands before their @.
func withoutPassword(urls string) string {
	list := strings.Split(urls, ",")
	for i, u := range list {
		if scheme, rest, ok := strings.Cut(u, "://"); ok {
			list[i] = scheme + "://" + rest[strings.LastIndexByte(rest, '@')+1:]
		} else {
			list[i] = u[strings.LastIndexByte(u, '@')+1:]
		}
	}
	return strings.Join(list, ",")
}

// fleetDir is where the server in this process keeps what it has, below the output.
const fleetDir = ".fleet"

// openFleet connects to the fleet: that of the servers at --nats, or one in this process that keeps its data below dir, in
// which no other sweep is at work then.
func openFleet(ctx context.Context, o *fleetOptions, dir, name string) (f *fleet.Fleet, stop func(), err error) {
	if o.url != "" {
		nc, err := o.connect(name)
		if err != nil {
			return nil, nil, err
		}
		if f, err = fleet.Open(ctx, nc, fleet.Options{Replicas: o.replicas, MaxBytes: o.maxStore}); err != nil {
			nc.Close()
			return nil, nil, err
		}
		return f, nc.Close, nil
	}
	dir = filepath.Join(dir, fleetDir)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, nil, err
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(dir, "lock")).Lock() // another sweep is waited for
	if err != nil {
		return nil, nil, err
	}
	server, err := embedded.Start(dir)
	if err != nil {
		unlock()
		return nil, nil, err
	}
	nc, err := server.Connect(nats.Name(name))
	if err == nil {
		f, err = fleet.Open(ctx, nc, fleet.Options{Replicas: 1, MaxBytes: o.maxStore, Alone: true})
	}
	stop = func() {
		if nc != nil {
			nc.Close()
		}
		server.Shutdown()
		unlock()
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return f, stop, nil
}

// worker makes a worker that analyses with this program.
func (o *fleetOptions) worker(ui *terminal, f *fleet.Fleet, build string, here bool) *fleet.Worker {
	host, _ := os.Hostname()
	open := &opener{ui: ui, fleet: f, here: here, downloads: o.download, workers: max(1, runtime.GOMAXPROCS(0)/o.parallel)}
	return &fleet.Worker{Name: fmt.Sprintf("%s-%d", host, os.Getpid()), Engine: build, Open: open.open, Permanent: isPermanent,
		Memory: o.memory, Parallel: o.parallel, Metrics: fleet.NewMetrics()}
}

// serveMetrics serves the metrics of a worker until the context ends.
func serveMetrics(ctx context.Context, ui *terminal, f *fleet.Fleet, address string, m *fleet.Metrics) error {
	if address == "" {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("serve the metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		f.WriteMetrics(w, m)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	ui.detail("metrics at http://%s/metrics", listener.Addr())
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			ui.note("%s the metrics are not served any more: %v", ui.paint(ui.stderr, yellow, "warning:"), err)
		}
	}()
	return nil
}

// engineBuild names this engine for the workers of a fleet: all that was built from the same source finds the same. One
// that was built from a working copy is known by its bytes.
func engineBuild() (string, error) {
	h := sha256.New()
	v := version()
	if v == "(devel)" || v == "unknown" || strings.Contains(v, "dirty") {
		if err := hashSelf(h); err != nil {
			return "", err
		}
	}
	fmt.Fprintln(h, v, schema.Version)
	return v + "+" + hex.EncodeToString(h.Sum(nil)[:8]), nil
}
