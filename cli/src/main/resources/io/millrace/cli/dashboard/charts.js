// Charts by uPlot, each with its last values and trend in words; marks stand on all of them, and can be read on the first.

import uPlot from '/uplot.js';
import { h, say, number, count, stamp, trend } from '/dom.js';

const HEIGHT = 200;
const DASHES = { drift: [], gate: [6, 3], order: [2, 3], setting: [2, 3], run: [8, 4] };
const SIGNS = { drift: '!', gate: '⚖', order: '→', setting: '→', run: '↻' };

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const dark = matchMedia('(prefers-color-scheme: dark)');

/** A chart of some figures of a key. */
export class Course {
  /** lines: [{of, name, colour, thin}]; reads: whether the marks can be read here. */
  constructor(title, lines, reads) {
    this.lines = lines;
    this.plot = h('div', { class: 'plot' });
    this.words = h('p', { class: 'soft' });
    this.marksBox = reads ? h('div', { class: 'marks', role: 'group', 'aria-label': 'What happened' }) : null;
    this.said = reads ? h('p', { class: 'said', role: 'status' }) : null;
    this.element = h('section', { class: 'card' }, h('h3', { text: title }), this.marksBox, this.plot, this.said, this.words);
    this.marks = [];
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.plot);
    this.repaint = () => {
      this.close();
      this.update();
    };
    dark.addEventListener('change', this.repaint);
  }

  /** x: numbers; columns: by name; byTime: whether x are seconds. */
  set(x, columns, byTime, marks) {
    if (byTime !== this.byTime) this.close();
    this.byTime = byTime;
    this.x = x;
    this.columns = columns;
    this.marks = marks;
    this.update();
  }

  update() {
    if (!this.x) return;
    const there = this.lines.filter((l) => this.columns[l.of]);
    const names = there.map((l) => l.of).join();
    this.element.hidden = there.length === 0;
    if (there.length === 0) return;
    if (names !== this.names) this.close();
    this.names = names;
    const data = [this.x, ...there.map((l) => this.columns[l.of])];
    if (this.chart) this.chart.setData(data);
    else this.chart = new uPlot(this.options(there), data, this.plot);
    say(this.words, there.map((l) => {
      const v = this.columns[l.of];
      const last = v.findLast((y) => y !== null);
      return `${l.name}: ${number(last)}, ${trend(v)}`;
    }).join(' · '));
    this.placeMarks();
  }

  options(there) {
    const ink = colour('soft');
    const line = colour('line');
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: '12px system-ui' };
    return {
      width: this.width(),
      height: HEIGHT,
      scales: { x: { time: this.byTime } },
      legend: { live: true },
      cursor: { drag: { x: true, y: false } },
      axes: [
        { ...axis, size: 32, values: this.byTime ? undefined : (u, all) => all.map((v) => (v >= 1e6 ? `${v / 1e6}M` : v >= 1e3 ? `${v / 1e3}k` : v)) },
        { ...axis, size: 56, values: (u, all) => all.map((v) => (v === null ? '' : number(v))) },
      ],
      series: [
        { label: this.byTime ? 'time' : 'events', value: (u, v) => (v === null ? '–' : this.byTime ? stamp(v * 1000).slice(0, 19) : count(v)) },
        ...there.map((l) => ({ label: l.name, stroke: colour(l.colour), width: l.thin ? 1 : 2, dash: l.thin ? [4, 3] : undefined,
          points: { show: this.x.length < 3 }, spanGaps: true, value: (u, v) => number(v) })),
      ],
      hooks: { draw: [(u) => this.drawMarks(u)], setScale: [() => this.placeMarks()] },
    };
  }

  at(m) {
    return this.byTime ? m.at / 1000 : m.events;
  }

  drawMarks(u) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    ctx.globalAlpha = this.marks.length > 20 ? 0.3 : 1; // many marks must not hide the course
    for (const m of this.marks) {
      const x = u.valToPos(this.at(m), 'x', true);
      if (m.events < 0 || x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = colour(m.kind === 'drift' ? 'red' : 'grey');
      ctx.setLineDash((DASHES[m.kind] || []).map((d) => d * devicePixelRatio));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  /** Buttons over the marks: hovered or focused, they say what happened. Marks that would hide one another share one. */
  placeMarks() {
    if (!this.marksBox || !this.chart) return;
    const wide = this.plot.clientWidth;
    const places = [];
    const at = (m) => this.chart.bbox.left / devicePixelRatio + this.chart.valToPos(this.at(m), 'x');
    for (const m of this.marks.filter((k) => k.events >= 0).sort((a, b) => this.at(a) - this.at(b))) {
      const x = at(m);
      const last = places[places.length - 1];
      if (x < 0 || x > wide) continue;
      if (last && x - last.x < 24) last.all.push(m);
      else places.push({ x, all: [m] });
    }
    this.marksBox.hidden = places.length === 0;
    const told = JSON.stringify(places.map((p) => p.all));
    if (told !== this.told) {
      this.told = told;
      this.marksBox.replaceChildren(...places.map(({ all }) => {
        const text = all.slice(-3).map((m) => `${stamp(m.at).slice(0, 19)}, after ${count(m.events)} events: ${m.text}`).join('; ')
          + (all.length > 3 ? `; and ${count(all.length - 3)} more here` : '');
        const tell = () => say(this.said, text);
        return h('button', { type: 'button', 'aria-label': text, title: text, onfocus: tell, onmouseenter: tell, onclick: tell,
          text: all.length > 1 ? (all.length > 99 ? '99+' : all.length) : SIGNS[all[0].kind] || '•' });
      }));
    }
    places.forEach((p, i) => { this.marksBox.children[i].style.left = `${p.x}px`; });
  }

  width() {
    return Math.max(200, this.plot.clientWidth);
  }

  fit() {
    if (this.chart && this.chart.width !== this.width()) {
      this.chart.setSize({ width: this.width(), height: HEIGHT });
      this.placeMarks();
    }
  }

  close() {
    if (this.chart) this.chart.destroy();
    this.chart = null;
  }

  left() {
    this.close();
    this.sizes.disconnect();
    dark.removeEventListener('change', this.repaint);
  }
}

/** A chart of points, bars or both on fixed axes, drawn anew by each set. */
export class Picture {
  constructor(title) {
    this.canvas = h('canvas', { role: 'img' });
    this.words = h('p', { class: 'soft' });
    this.box = h('div', { class: 'plot' }, this.canvas);
    this.element = h('section', { class: 'card' }, h('h3', { text: title }), this.box, this.words);
    this.sizes = new ResizeObserver(() => this.paint());
    this.sizes.observe(this.box);
    this.repaint = () => this.paint();
    dark.addEventListener('change', this.repaint);
  }

  /** x and y: [low, high] and a name; shapes: [{kind: dots|line|bars, xs, ys, sizes, colour}]. */
  set(x, y, shapes, words) {
    Object.assign(this, { x, y, shapes });
    say(this.words, words);
    this.canvas.setAttribute('aria-label', words);
    this.paint();
  }

  paint() {
    if (!this.shapes) return;
    const ratio = devicePixelRatio;
    const w = Math.max(200, this.box.clientWidth);
    const c = this.canvas;
    c.width = w * ratio;
    c.height = HEIGHT * ratio;
    c.style.width = `${w}px`;
    c.style.height = `${HEIGHT}px`;
    const g = c.getContext('2d');
    g.scale(ratio, ratio);
    const left = 56;
    const bottom = HEIGHT - 36;
    const px = (v) => left + ((v - this.x.low) / (this.x.high - this.x.low)) * (w - left - 12);
    const py = (v) => bottom - ((v - this.y.low) / (this.y.high - this.y.low)) * (bottom - 8);
    g.font = '12px system-ui';
    g.fillStyle = colour('soft');
    g.strokeStyle = colour('line');
    g.textAlign = 'center';
    for (let i = 0; i <= 4; i++) {
      const v = this.x.low + (i * (this.x.high - this.x.low)) / 4;
      g.fillText(number(v), Math.min(px(v), w - 16), bottom + 16);
      g.beginPath();
      g.moveTo(px(v), 8);
      g.lineTo(px(v), bottom);
      g.stroke();
    }
    g.fillText(this.x.name, (left + w) / 2, HEIGHT - 4);
    g.textAlign = 'right';
    for (let i = 0; i <= 4; i++) {
      const v = this.y.low + (i * (this.y.high - this.y.low)) / 4;
      g.fillText(number(v), left - 6, py(v) + 4);
      g.beginPath();
      g.moveTo(left, py(v));
      g.lineTo(w - 12, py(v));
      g.stroke();
    }
    for (const s of this.shapes) {
      g.strokeStyle = g.fillStyle = colour(s.colour);
      g.setLineDash(s.dashed ? [4, 3] : []);
      if (s.kind === 'line') {
        g.lineWidth = s.dashed ? 1 : 2;
        g.beginPath();
        s.xs.forEach((v, i) => (i ? g.lineTo(px(v), py(s.ys[i])) : g.moveTo(px(v), py(s.ys[i]))));
        g.stroke();
      } else if (s.kind === 'bars') {
        const half = (0.4 * (w - left - 12)) / s.xs.length;
        s.xs.forEach((v, i) => g.fillRect(px(v) - half, py(s.ys[i]), 2 * half, bottom - py(s.ys[i])));
      } else {
        s.xs.forEach((v, i) => {
          g.beginPath();
          g.arc(px(v), py(s.ys[i]), s.sizes ? s.sizes[i] : 2, 0, 2 * Math.PI);
          g.fill();
        });
      }
    }
  }

  left() {
    this.sizes.disconnect();
    dark.removeEventListener('change', this.repaint);
  }
}
