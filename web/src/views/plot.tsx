// A line over the versions. uPlot draws on a canvas; the same numbers stand in a table beside it.

import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

interface Line { label: string; values: number[]; color: string }

export function Plot({ title, versions, lines, theme, onPick }: { title: string; versions: string[]; lines: Line[]; theme: string; onPick(version: string): void }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current!
    const probe = element.appendChild(document.createElement('i')) // a canvas knows no variables
    const color = (name: string) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color }
    const axis = { stroke: color('--soft'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line'), width: 1 }, font: '11px system-ui, sans-serif' }
    const x = versions.map((_, i) => i)
    const top = Math.max(1, ...lines.flatMap((l) => l.values))
    const plot = new uPlot({
      width: element.clientWidth, height: 200,
      scales: { x: { time: false, range: [-0.5, versions.length - 0.5] }, y: { range: [0, top * 1.1] } },
      legend: { live: true },
      cursor: { y: false },
      axes: [
        { ...axis, splits: (u: uPlot) => ticks(versions.length, u.width), values: (_: uPlot, at: number[]) => at.map((i) => versions[i] ?? '') },
        { ...axis, size: 46, values: (_: uPlot, at: number[]) => at.map((v) => (v >= 10_000 ? v / 1000 + 'k' : String(v))) },
      ],
      series: [
        { label: 'version', value: (_: uPlot, i: number | null) => (i === null ? '' : versions[i] ?? '') },
        ...lines.map((l) => ({ label: l.label, stroke: color(l.color), width: 2, points: { show: versions.length < 60, size: 6, fill: color('--page') } })),
      ],
    }, [x, ...lines.map((l) => l.values)] as uPlot.AlignedData, element)
    plot.over.addEventListener('click', () => {
      const v = plot.cursor.idx == null ? undefined : versions[plot.cursor.idx]
      if (v !== undefined) onPick(v)
    })
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: 200 }))
    resize.observe(element)
    return () => { resize.disconnect(); plot.destroy(); probe.remove() }
  }, [versions, lines, theme])
  return <figure class="plot"><figcaption>{title}</figcaption><div ref={place} aria-hidden="true" /></figure>
}

/** Which versions have their name below the line: as many as there is room for. */
function ticks(n: number, width: number): number[] {
  const step = Math.max(1, Math.ceil(n / Math.max(1, Math.floor(width / 90))))
  return Array.from({ length: Math.ceil(n / step) }, (_, i) => i * step)
}
