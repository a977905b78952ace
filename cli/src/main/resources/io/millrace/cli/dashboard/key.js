// One key: courses of its figures with what happened to it, calibration, snapshots, settings, dead letters.

import { h, say, number, count, bytes, time, stretch, plain } from '/dom.js';
import { Course, Picture } from '/charts.js';
import { families } from '/families.js';
import { letterList } from '/letters.js';

const line = (of, name, colour, thin) => ({ of, name, colour, thin });

/** What is drawn, where it is measured; the same figure has the same colour everywhere. */
const COURSES = [
  ['Loss', [line('windowLoss', 'since the last figure', 'blue'), line('loss', 'all events', 'grey')]],
  ['Accuracy beside its baselines', [line('windowAccuracy', 'since the last figure', 'green'), line('accuracy', 'all events', 'grey'),
    line('fadedNoChangeAccuracy', 'as before (baseline)', 'orange', true), line('fadedMajorityAccuracy', 'majority (baseline)', 'purple', true),
    line('recentNoChangeAccuracy', 'as before, window (baseline)', 'orange', true), line('recentMajorityAccuracy', 'majority, window (baseline)', 'purple', true)]],
  ['Mean absolute error beside its baselines', [line('fadedMae', 'faded', 'green'), line('recentMae', 'window', 'blue'),
    line('fadedNoChangeMae', 'as before (baseline)', 'orange', true), line('fadedRunningMeanMae', 'running mean (baseline)', 'purple', true)]],
  ['Area under curves', [line('recentRocAuc', 'ROC, window', 'sky'), line('fadedRocAuc', 'ROC, faded', 'blue'), line('recentPrAuc', 'precision and recall, window', 'red')]],
  ['Calibration error', [line('recentEce', 'expected, window', 'sky'), line('fadedEce', 'expected, faded', 'blue')]],
  ['Intervals', [line('intervalCoverage', 'share of labels inside', 'green')]],
  ['Waiting for labels', [line('pending', 'examples', 'orange')]],
  ['R-hat', [line('rhat', 'largest', 'red')]],
  ['Effective sample size', [line('ess', 'least', 'green')]],
];

const COLOURS = ['blue', 'red', 'green', 'orange', 'purple', 'sky', 'grey'];

/** The page of the key in the address. */
export function keyPage(main, query) {
  const key = query.get('k') || '';
  let byTime = query.get('x') === 'time';
  const head = h('p', { class: 'soft' });
  const missing = h('p', { text: `Nothing is known of "${key}" yet; waiting for its first figure.` });
  const charts = h('div', { class: 'grid' });
  const cards = h('div', { class: 'grid' });
  const reliability = new Picture('Reliability: what was said, and what came');
  const histogram = new Picture('Scores: how often each was said');
  const family = families(key);
  const buttons = [['Over events', false], ['Over time', true]].map(([text, time]) =>
    h('button', { type: 'button', text, onclick: () => turn(time) }));
  main.replaceChildren(h('h2', { text: key }), head, missing,
    h('div', { class: 'bar', role: 'group', 'aria-label': 'Axis of the charts' }, ...buttons), charts,
    h('h2', { text: 'Model and snapshots' }), cards);
  const courses = new Map();
  const points = { times: [], events: [], columns: {}, kept: 0, added: 0 };
  const shown = new Map();
  let detail = null;

  function turn(time) {
    byTime = time;
    const q = new URLSearchParams({ k: key });
    if (byTime) q.set('x', 'time');
    history.replaceState(null, '', `#/key?${q}`);
    buttons.forEach((b, i) => b.setAttribute('aria-pressed', String((i === 1) === byTime)));
    if (detail) draw();
  }

  function take(p) {
    if (p.reset) Object.assign(points, { times: [], events: [], columns: {} });
    const before = points.times.length;
    for (const t of p.times) points.times.push(t);
    for (const e of p.events) points.events.push(e);
    for (const [name, all] of Object.entries(p.columns)) {
      const column = points.columns[name] || (points.columns[name] = new Array(before).fill(null));
      for (const v of all) column.push(v);
    }
    points.kept = p.kept;
    points.added = p.added;
  }

  function draw() {
    const still = points.events[0] === points.events[points.events.length - 1]; // then only time tells points apart
    const time = byTime || (still && points.times.length > 1);
    const x = time ? points.times.map((t) => t / 1000) : points.events;
    const all = [...COURSES, ...dynamic(points.columns)];
    all.forEach(([title, lines], i) => {
      if (!courses.has(title)) {
        if (!lines.some((l) => points.columns[l.of])) return;
        const c = new Course(title, lines, courses.size === 0);
        courses.set(title, c);
        charts.append(c.element);
      }
      courses.get(title).set(x, points.columns, time, detail.marks);
    });
    if (reliability.element.parentNode !== charts) charts.append(reliability.element, histogram.element);
    calibration(detail.values, reliability, histogram);
  }

  /** A card is built anew only where what it says has changed. */
  function card(title, said, build) {
    const text = JSON.stringify(said);
    let c = shown.get(title);
    if (!c) {
      c = { element: h('section', { class: 'card' }), text: null };
      shown.set(title, c);
      cards.append(c.element);
    }
    if (c.text !== text) {
      c.text = text;
      c.element.replaceChildren(h('h3', { text: title }), build());
    }
  }

  turn(byTime);
  let ordering = null;
  return {
    board(b) {
      if (b.head.control && !ordering) {
        ordering = orders(key);
        cards.append(ordering);
      }
    },
    key(d) {
      missing.hidden = !d.missing;
      if (d.missing) return;
      detail = d;
      take(d.points);
      say(head, `${count(d.events)} events, incarnation ${d.incarnation}; ${count(points.kept)} of ${count(points.added)} points are kept, older ones are thinned out`);
      draw();
      card('Newest snapshot', d.model, () => snapshot(key, d.model));
      card('Versions', d.versions, () => (d.versions.length
        ? plain('Versions', ['Version', 'Published', 'Examples', 'Loss', 'Size'], d.versions.map((v) =>
          [count(v.version), time(v.at), count(v.examples), number(v.loss), bytes(v.bytes)]))
        : h('p', { text: 'None has been published: a key publishes after snapshots.every-examples, and readers see it after a checkpoint.' })));
      card('Labels', [d.counters.pending, d.counters.scored], () => labels(d, points));
      card('What happened', d.marks, () => (d.marks.length
        ? h('ol', { class: 'happenings' }, ...d.marks.slice(-20).reverse().map((m) => h('li', {}, time(m.at), ` after ${count(m.events)} events: ${m.text}`)))
        : h('p', { text: 'No drift, no decision of the gate, no order.' })));
      if (candidates(d.values).length) card('Champion and candidates', candidates(d.values), () => contest(d));
      card('Hyperparameters', d.model.hyperparameters, () => settings(d.model.hyperparameters));
      card('Counters', d.counters, () => settings(d.counters));
      card('Dead letters', d.letters, () => (d.letters.length ? letterList(d.letters) : h('p', { text: 'None of this key among those that are kept.' })));
      family.update(d, cards);
    },
    left() {
      courses.forEach((c) => c.left());
      reliability.left();
      histogram.left();
      family.left();
    },
  };
}

/** Courses whose figures are named by the job: gains of candidates, probabilities of arms. */
function dynamic(columns) {
  const names = Object.keys(columns);
  const lines = (test, cut) => names.filter((n) => test.test(n)).map((n, i) => line(n, n.replace(cut, ''), COLOURS[i % COLOURS.length]));
  return [
    ['Gain of the candidates', lines(/^candidates\..*\.gain$/, /^candidates\.|\.gain$/g)],
    ['Probability of the arms', lines(/^probability\./, /^probability\./)],
  ];
}

function calibration(values, reliability, histogram) {
  const bins = [];
  for (const over of ['recent', 'faded']) {
    for (let i = 0; i < 100; i++) {
      const share = values[`${over}Bin.${i}.share`];
      if (Number.isFinite(share) && share > 0) {
        bins.push({ share, said: values[`${over}Bin.${i}.predicted`], came: values[`${over}Bin.${i}.observed`] });
      }
    }
    if (bins.length) break;
  }
  reliability.element.hidden = histogram.element.hidden = bins.length === 0;
  if (!bins.length) return;
  const one = { low: 0, high: 1 };
  const most = Math.max(...bins.map((b) => b.share));
  const furthest = bins.reduce((a, b) => (Math.abs(b.said - b.came) > Math.abs(a.said - a.came) ? b : a));
  const size = bins.map((b) => 2 + 6 * Math.sqrt(b.share / most));
  reliability.set({ ...one, name: 'probability said' }, { ...one, name: 'share that came' }, [
    { kind: 'line', xs: [0, 1], ys: [0, 1], colour: 'grey', dashed: true },
    { kind: 'line', xs: bins.map((b) => b.said), ys: bins.map((b) => b.came), colour: 'blue' },
    { kind: 'dots', xs: bins.map((b) => b.said), ys: bins.map((b) => b.came), sizes: size, colour: 'blue' },
  ], `${bins.length} bins, a dot as large as its share; furthest off where ${number(furthest.said)} was said and ${number(furthest.came)} came. On the dashed line what is said comes.`);
  histogram.set({ ...one, name: 'probability said' }, { low: 0, high: most, name: 'share' }, [
    { kind: 'bars', xs: bins.map((b) => b.said), ys: bins.map((b) => b.share), colour: 'sky' },
  ], `most often around ${number(bins.find((b) => b.share === most).said)}: ${number(100 * most)} % of the events`);
}

function definitions(entries) {
  return h('dl', {}, ...entries.filter(([, v]) => v !== '' && v !== null && v !== undefined).flatMap(([name, v]) =>
    [h('dt', { text: name }), v instanceof Node ? h('dd', {}, v) : h('dd', { text: String(v) })]));
}

function settings(all) {
  const entries = Object.entries(all);
  return entries.length ? definitions(entries.map(([name, v]) => [name, number(v)])) : h('p', { text: 'None is published yet.' });
}

function snapshot(key, m) {
  if (!m.version) return h('p', { text: 'None has been published yet.' });
  const link = (format) => h('a', { href: `/api/model?${new URLSearchParams({ key, format })}`, download: '', text: format.toUpperCase() });
  return h('div', {}, definitions([
    ['version', `${count(m.version)} of incarnation ${m.incarnation}`], ['published', time(m.at)], ['size', `${bytes(m.bytes)} of numbers`], ['type', m.dtype],
    ['family', m.family], ['algorithm', m.algorithm], ['serving', m.candidate ? `candidate ${m.candidate}` : ''], ['not to be relied on', m.doubt],
    ['orders taken', m.controlEpoch], ['backend', m.backend], ['build', m.build], ['seed', m.seed],
  ]), h('p', {}, 'Download as ', link('json'), m.family === 'learn' ? ' or ' : '', m.family === 'learn' ? link('onnx') : ''));
}

/** How long labels take, by Little's law: what waits is what comes in a delay. */
function labels(d, points) {
  const pending = d.counters.pending || 0;
  const n = points.events.length;
  const from = Math.max(0, n - 20);
  const rate = n - from > 1 ? (points.events[n - 1] - points.events[from]) / (points.times[n - 1] - points.times[from]) : NaN;
  return definitions([
    ['waiting for their label', count(pending)],
    ['judged', count(d.counters.scored)],
    ['delay', pending === 0 ? 'none: labels come with their events' : rate > 0 ? `about ${stretch(pending / rate)}: as many wait as come in that time (Little's law)` : 'not known: too few figures'],
  ]);
}

function candidates(values) {
  return Object.keys(values).filter((n) => /^candidates\..*\.loss$/.test(n)).map((n) => {
    const name = n.replace(/^candidates\.|\.loss$/g, '');
    return { name, loss: values[n], gain: values[`candidates.${name}.gain`], evidence: values[`candidates.${name}.evidence`] };
  });
}

function contest(d) {
  const decisions = d.marks.filter((m) => m.kind === 'gate').slice(-5).reverse();
  return h('div', {}, plain('Candidates', ['Candidate*', 'Loss', 'Mean gain', 'Evidence (ln)'],
    candidates(d.values).map((c) => [c.name, number(c.loss), number(c.gain), number(c.evidence)])),
  h('p', { class: 'soft', text: decisions.length ? 'The last decisions, with bounds that hold at every time:' : 'The gate has not decided yet.' }),
  ...decisions.map((m) => h('p', { text: m.text })));
}

/** A form for orders to the job; the word that it asks for is kept nowhere but in its field. */
function orders(key) {
  const said = h('p', { role: 'status' });
  const command = h('select', { 'aria-label': 'Order' }, ...['snapshot', 'pause', 'resume', 'set', 'unset', 'reset', 'promote', 'rollback'].map((c) => h('option', { value: c, text: c })));
  const name = h('input', { 'aria-label': 'Name, of set, unset and promote', placeholder: 'name' });
  const value = h('input', { 'aria-label': 'Value, of set', placeholder: 'value', inputmode: 'decimal', size: '8' });
  const word = h('input', { type: 'password', 'aria-label': 'The word that millrace dashboard has printed', placeholder: 'word', autocomplete: 'off' });
  async function send() {
    try {
      const order = { key, command: command.value, name: name.value };
      if (value.value !== '') order.value = Number(value.value);
      const answer = await fetch('/api/order', { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${word.value}` }, body: JSON.stringify(order) });
      const body = await answer.json();
      say(said, answer.ok ? 'Sent. What becomes of it stands under "What happened" after the next checkpoint.' : `Not sent: ${body.fault}`);
    } catch (e) {
      say(said, `Not sent: ${e.message}`);
    }
  }
  return h('section', { class: 'card' }, h('h3', { text: `Orders to ${key}` }), h('div', { class: 'bar' }, command, name, value, word, h('button', { type: 'button', text: 'Send', onclick: send })), said);
}
