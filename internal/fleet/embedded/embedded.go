// Package embedded runs a NATS server in this process, with JetStream on the local disk.
package embedded

import (
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Server is a server in this process.
type Server struct{ server *server.Server }

// patience is how long a server may take until it is ready.
const patience = 30 * time.Second

// Start starts a server that listens to nobody and keeps its data below dir. The caller shuts it down.
func Start(dir string) (*Server, error) {
	return Run(&server.Options{ServerName: "bundlens", DontListen: true, JetStream: true, StoreDir: dir, NoLog: true, NoSigs: true})
}

// Run starts a server as opts say. The caller shuts it down.
func Run(opts *server.Options) (*Server, error) {
	s, err := server.NewServer(opts)
	if err != nil {
		return nil, fmt.Errorf("start the embedded NATS server: %w", err)
	}
	if !opts.NoLog {
		s.ConfigureLogger()
	}
	go s.Start()
	if !s.ReadyForConnections(patience) {
		s.Shutdown()
		return nil, errors.New("start the embedded NATS server: it was not ready in time")
	}
	return &Server{s}, nil
}

// Connect connects to the server without a network. The caller closes the connection.
func (s *Server) Connect(options ...nats.Option) (*nats.Conn, error) {
	return nats.Connect("", append(options, nats.InProcessServer(s.server))...)
}

// URL is where the server listens.
func (s *Server) URL() string { return s.server.ClientURL() }

// Shutdown ends the server when all that it was given is on the disk.
func (s *Server) Shutdown() {
	s.server.Shutdown()
	s.server.WaitForShutdown()
}
