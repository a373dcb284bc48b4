package fleet

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// Metrics count what a worker does, for Prometheus. A nil one counts nothing.
type Metrics struct {
	set     *metrics.Set
	running atomic.Int64
	seconds *metrics.PrometheusHistogram
	bytes   *metrics.Counter
}

// NewMetrics makes the metrics of one process.
func NewMetrics() *Metrics {
	m := &Metrics{set: metrics.NewSet()}
	m.set.NewGauge("bundlens_jobs_running", func() float64 { return float64(m.running.Load()) })
	m.seconds = m.set.NewPrometheusHistogramExt("bundlens_job_seconds", []float64{.1, .3, 1, 3, 10, 30, 100, 300})
	m.bytes = m.set.NewCounter("bundlens_document_bytes_total")
	return m
}

func (m *Metrics) began() {
	if m != nil {
		m.running.Add(1)
	}
}

func (m *Metrics) ended() {
	if m != nil {
		m.running.Add(-1)
	}
}

// settled counts what became of a try.
func (m *Metrics) settled(e *Entry) {
	if m == nil {
		return
	}
	outcome := string(e.State)
	if e.State == Waiting {
		outcome = "again"
	}
	m.set.GetOrCreateCounter(fmt.Sprintf(`bundlens_tries_total{outcome=%q}`, outcome)).Inc()
	if e.State == Done {
		m.seconds.Update(e.Took.Seconds())
		m.bytes.Add(int(e.Size))
	}
}

// metricsPatience is how long the queue may take to answer for the metrics.
const metricsPatience = 3 * time.Second

// WriteMetrics writes the metrics of this process, and how much waits in the queues of the fleet, in the text format of
// Prometheus.
func (f *Fleet) WriteMetrics(w io.Writer, m *Metrics) {
	m.set.WritePrometheus(w)
	ctx, cancel := context.WithTimeout(context.Background(), metricsPatience)
	defer cancel()
	for name, stream := range map[string]string{"bundlens_queue_messages": jobsStream, "bundlens_dead_letters": deadStream} {
		if s, err := f.js.Stream(ctx, stream); err == nil {
			metrics.WriteGaugeUint64(w, name, s.CachedInfo().State.Msgs)
		}
	}
}
