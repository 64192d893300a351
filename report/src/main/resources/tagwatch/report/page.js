'use strict';
(() => {
  const report = JSON.parse(document.getElementById('report').textContent);
  const threshold = report.model.threshold;
  const NARROW = 640;
  // An axis as long as an attack's highest score would press normal use and threshold into one line.
  const SHOWN_THRESHOLDS = 4;

  // Colours are CSS variables: the browser turns them with the colour scheme and for print.
  const color = name => `var(--${name})`;
  const INK = color('ink'), SOFT = color('soft'), LINE = color('line'), GRID = color('grid');
  const roleColor = role => color(role.toLowerCase());
  const fileName = path => path.slice(path.lastIndexOf('/') + 1);
  // Names come from programs that are watched.
  const escape = text => String(text).replace(/[&<>"'\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
    c => '&<>"\''.includes(c) ? `&#${c.charCodeAt(0)};` : '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  const plain = text => String(text).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
    c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  const nats = value => value.toFixed(2);
  const whole = value => value.toLocaleString('en');
  const program = path => plain(path.slice(path.lastIndexOf('/') + 1)) || 'unknown program';

  // A rim of the page's colour keeps a label readable where a line runs through it.
  const HALO = { textBorderColor: color('paper'), textBorderWidth: 4 };
  const TEXT = { color: SOFT, fontFamily: 'inherit', fontSize: 12 };
  const base = () => ({ animation: false, textStyle: { fontFamily: 'inherit' }, aria: { enabled: false } });
  const valueAxis = more => ({
    type: 'value', axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...TEXT },
    splitLine: { lineStyle: { color: GRID } }, nameTextStyle: { ...TEXT }, ...more });
  const bottomAxis = more => valueAxis({
    splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: LINE } }, nameLocation: 'middle', nameGap: 28, ...more });
  const title = (text, left, top, width, fill = INK) => ({
    text: plain(text), left, top, padding: 0,
    textStyle: { color: fill, fontFamily: 'inherit', fontSize: 13, fontWeight: 600, width, overflow: 'truncate' } });
  const thresholdLine = (along, label, at = threshold, text = `threshold ${nats(threshold)}`, where = 'insideStartTop') => ({
    silent: true, symbol: 'none', animation: false,
    lineStyle: { color: INK, type: [5, 4], width: 1.4 },
    label: { show: label, ...(along === 'yAxis' ? { position: where } : { position: 'end', align: 'left', offset: [5, 16] }),
      formatter: text, color: INK, fontFamily: 'inherit', fontSize: 12, fontWeight: 600, ...HALO },
    data: [{ [along]: at }] });
  const tooltip = formatter => ({
    trigger: 'axis', confine: true, backgroundColor: color('card'), borderColor: LINE, borderWidth: 1, padding: [6, 10],
    textStyle: { color: INK, fontFamily: 'inherit', fontSize: 13 }, extraCssText: 'box-shadow:0 2px 10px rgb(0 0 0/.18)',
    axisPointer: { lineStyle: { color: SOFT, type: 'solid', width: 1 } }, formatter });

  const seconds = last => last < 1
    ? { text: value => String(Math.round(value * 1000)), unit: 'ms', full: value => `${(value * 1000).toFixed(1)} ms` }
    : last < 180
      ? { text: value => String(Math.round(value * 10) / 10), unit: 's', full: value => `${value.toFixed(2)} s` }
      : { text: value => String(Math.round(value / 6) / 10), unit: 'min', full: value => `${(value / 60).toFixed(1)} min` };

  const ofRole = role => report.subjects.filter(subject => subject.role === role);
  const panelsOf = subjects => {
    const telling = subjects.filter(subject => subject.role !== 'TRAINING');
    return (telling.length ? telling : subjects).filter(subject => subject.recording.timeline.length);
  };
  const highest = recording => recording.loudest.length ? recording.loudest[0].score : 0;
  const roof = (recordings, of) => {
    const most = Math.max(...recordings.map(highest), of);
    return Math.min(most * 1.12, of * SHOWN_THRESHOLDS);
  };

  // Panels side by side, one below the other where there is no room.
  function layout(count, width, height, top, bottom, left) {
    const stacked = width < NARROW || count > 3;
    const rows = stacked ? count : 1, columns = stacked ? 1 : count;
    const gap = 26, w = (width - left - gap * (columns - 1) - 8) / columns, h = height / rows;
    return Array.from({ length: count }, (_, i) => ({
      x: left + (stacked ? 0 : i * (w + gap)), y: (stacked ? i * h : 0) + top, width: w, height: h - top - bottom,
      first: stacked || i === 0 }));
  }

  function overTime(panels, lines, max, of, label, width, height) {
    const option = { ...base(), title: [], grid: [], xAxis: [], yAxis: [], series: [],
      tooltip: tooltip(points => points.length === 0 ? '' :
        `${escape(points[0].axisValueLabel ?? '')}${points.map(p => `<div>${p.marker}${escape(p.seriesName)} <b>${nats(p.data[1])}</b></div>`).join('')}`) };
    layout(panels.length, width, height, 30, 46, 40).forEach((box, i) => {
      const { role, recording } = panels[i];
      const clock = seconds(recording.seconds);
      const last = Math.max(recording.seconds, ...recording.timeline.map(span => span.from));
      option.title.push(title(`${fileName(recording.file)}: ${whole(recording.processes)} ${recording.processes === 1 ? 'process' : 'processes'}`, box.x, box.y - 26, box.width, roleColor(role)));
      option.grid.push({ left: box.x, top: box.y, width: box.width, height: box.height });
      option.xAxis.push(bottomAxis({ gridIndex: i, min: 0, max: last || 1, name: `time, ${clock.unit}`, splitNumber: 4,
        axisLabel: { ...TEXT, formatter: clock.text, showMaxLabel: false, hideOverlap: true },
        axisPointer: { label: { show: false, formatter: p => clock.full(p.value) } } }));
      option.yAxis.push(valueAxis({ gridIndex: i, min: 0, max, splitNumber: 4,
        axisLabel: { ...TEXT, show: box.first, showMaxLabel: false, formatter: value => String(Math.round(value * 100) / 100) } }));
      lines(panels[i], box.width).forEach((line, n) => option.series.push({
        type: 'line', step: 'end', xAxisIndex: i, yAxisIndex: i, symbol: 'none', clip: true, silent: true,
        emphasis: { disabled: true }, ...line,
        markLine: n === 0 ? thresholdLine('yAxis', i === 0 || box.first, of, label) : undefined }));
    });
    return option;
  }
  // The highest score in each piece of time, as wide as a few pixels; while nothing happens, it stays.
  function points(recording, width, per = 1) {
    const last = Math.max(recording.seconds, ...recording.timeline.map(span => span.from)) || 1;
    const count = Math.max(20, Math.min(200, Math.floor(width / 5))), size = last / count;
    const most = new Array(count).fill(null);
    recording.timeline.forEach(span => {
      const at = Math.min(count - 1, Math.floor(span.from / size));
      most[at] = Math.max(most[at] ?? 0, span.highest / per);
    });
    let held = null;
    const line = most.map((value, i) => [i * size, held = value ?? held]);
    line.push([last, held]);
    return line;
  }

  const charts = {
    timeline(width, height) {
      const panels = panelsOf(report.subjects);
      const max = roof(panels.map(panel => panel.recording), threshold);
      return overTime(panels, ({ role, recording }, wide) => {
        const marks = [];
        const most = recording.loudest[0];
        if (recording.firstAbove) {
          const late = recording.firstAbove.aboveSeconds > recording.seconds / 2;
          marks.push({ coord: [recording.firstAbove.aboveSeconds, threshold], symbol: 'circle', symbolSize: 11,
            itemStyle: { color: color('paper'), borderColor: roleColor(role), borderWidth: 2.5 },
            label: { show: true, position: late ? 'left' : 'right', distance: 8, offset: [0, 15], formatter: `alarm at event ${whole(recording.firstAbove.aboveEvent)} of ${program(recording.firstAbove.executable)}`,
              color: INK, fontFamily: 'inherit', fontSize: 12, fontWeight: 600, ...HALO } });
        }
        const over = most.score > max, far = most.atSeconds > recording.seconds / 2;
        marks.push({ coord: [Math.min(most.atSeconds, recording.seconds), over ? max : most.score], symbol: 'circle', symbolSize: over ? 0.1 : 6,
          itemStyle: { color: roleColor(role) },
          label: { show: true, position: over ? (far ? 'left' : 'right') : (far ? [-4, -16] : [8, -16]), align: over ? undefined : (far ? 'right' : 'left'), offset: over ? [0, 9] : undefined,
            formatter: over ? `↑ ${nats(most.score)}` : `highest ${nats(most.score)}`, color: roleColor(role), fontFamily: 'inherit', fontSize: 12, ...HALO } });
        return [{ name: role === 'ATTACK' ? 'attack' : 'normal use', data: points(recording, wide),
          lineStyle: { color: roleColor(role), width: 1.6 }, itemStyle: { color: roleColor(role) },
          areaStyle: { color: roleColor(role), opacity: .13 }, markPoint: { silent: true, animation: false, data: marks } }];
      }, max, threshold, `threshold ${nats(threshold)}`, width, height);
    },

    attack(width, height) {
      const recording = ofRole('ATTACK')[0].recording;
      const first = recording.firstAbove;
      const shown = recording.loudest.slice(0, 6);
      if (first && !shown.some(peak => peak.processId === first.processId)) {
        shown.push(first);
      }
      const isFirst = peak => first !== null && peak.processId === first.processId;
      const end = Math.max(...shown.map(peak => peak.line.length ? peak.line.at(-1).to : 0));
      const early = peak => peak.aboveEvent < end / 2;
      const right = width < NARROW ? 86 : 130;
      return { ...base(),
        grid: { left: 40, right, top: 24, bottom: 44 },
        tooltip: tooltip(marks => `event ${whole(Math.round(marks[0].axisValue))}${marks.map(m => `<div>${escape(m.seriesName)} <b>${nats(m.data[1])}</b></div>`).join('')}`),
        xAxis: bottomAxis({ min: 1, name: 'event of the process', minInterval: 1, axisLabel: { ...TEXT, hideOverlap: true } }),
        yAxis: valueAxis({ min: 0, name: 'score, nats', nameTextStyle: { ...TEXT, align: 'left', padding: [0, 0, 0, -30] } }),
        series: shown.map((peak, n) => ({
          type: 'line', name: `${program(peak.executable)} ${peak.processId}`, symbol: 'none', silent: true, emphasis: { disabled: true },
          z: isFirst(peak) ? 4 : 2,
          data: peak.line.map(span => [span.from, span.highest]),
          lineStyle: { color: isFirst(peak) ? color('attack') : color('training'), width: isFirst(peak) ? 2.6 : 1.3 },
          endLabel: { show: !isFirst(peak), formatter: '{a}', color: SOFT, fontFamily: 'inherit', fontSize: 12, distance: 6, width: right - 10, overflow: 'truncate', ...HALO },
          labelLayout: { moveOverlap: 'shiftY' },
          markLine: n === 0 ? thresholdLine('yAxis', true, threshold, undefined, 'insideEndTop') : undefined,
          markPoint: isFirst(peak) ? { silent: true, animation: false, symbol: 'circle', symbolSize: 11,
            itemStyle: { color: color('paper'), borderColor: color('attack'), borderWidth: 2.5 },
            data: [{ coord: [peak.aboveEvent, threshold] }],
            label: { show: true, position: early(peak) ? 'right' : 'left', offset: [0, -14], formatter: `${program(peak.executable)} ${peak.processId}: alarm at event ${whole(peak.aboveEvent)}`, color: color('attack'), fontFamily: 'inherit', fontSize: 12, fontWeight: 600, ...HALO } } : undefined,
        })) };
    },

    peaks: (width, height) => histogram('peaks', false, 'processes', width, height),
    scores: (width, height) => histogram('scores', true, 'events', width, height),

    saturation() {
      const tenths = report.saturation.perThousand;
      return { ...base(), grid: { left: 40, right: 12, top: 28, bottom: 44 },
        xAxis: { ...bottomAxis({ name: 'tenth of the training' }), type: 'category', data: tenths.map((_, i) => String(i + 1)), axisTick: { show: false } },
        yAxis: valueAxis({ min: 0, splitNumber: 3 }),
        series: [{ type: 'bar', silent: true, barCategoryGap: '35%', data: tenths, itemStyle: { color: color('training'), borderRadius: [2, 2, 0, 0] },
          label: { show: true, position: 'top', formatter: p => p.value >= 9.95 ? String(Math.round(p.value)) : p.value.toFixed(1), ...TEXT, fontSize: 11 } }] };
    },

    loss() {
      const { training, heldOut } = report.loss;
      const epochs = Math.max(training.length, heldOut.length);
      const best = heldOut.indexOf(Math.min(...heldOut)) + 1;
      const curve = (name, values, fill, higher) => ({
        type: 'line', name, symbol: epochs < 12 ? 'circle' : 'none', symbolSize: 5, silent: true, emphasis: { disabled: true },
        data: values.map((value, i) => [i + 1, value]), lineStyle: { color: fill, width: 2 }, itemStyle: { color: fill },
        endLabel: { show: true, formatter: p => `${name} ${p.value[1].toFixed(3)}`, offset: [4, higher ? -8 : 8], color: fill, fontFamily: 'inherit', fontSize: 12, distance: 8, ...HALO },
      });
      const above = (training.at(-1) ?? 0) >= (heldOut.at(-1) ?? 0);
      const series = [];
      if (training.length) series.push(curve('training', training, color('training'), above));
      if (heldOut.length) series.push({ ...curve('held out', heldOut, color('normal'), !above),
        markPoint: { silent: true, symbol: 'circle', symbolSize: 11, itemStyle: { color: color('paper'), borderColor: color('normal'), borderWidth: 2.5 },
          data: [{ coord: [best, heldOut[best - 1]] }],
          label: { show: best < epochs, position: 'top', formatter: `lowest, epoch ${best}`, color: INK, fontFamily: 'inherit', fontSize: 12 } } });
      return { ...base(), grid: { left: 48, right: 118, top: 24, bottom: 44 },
        tooltip: tooltip(marks => `epoch ${marks[0].axisValue}${marks.map(m => `<div>${escape(m.seriesName)} <b>${m.data[1].toFixed(4)}</b></div>`).join('')}`),
        xAxis: bottomAxis({ min: 1, max: Math.max(2, epochs), minInterval: 1, name: 'epoch' }),
        yAxis: valueAxis({ scale: true, splitNumber: 4, axisLabel: { ...TEXT, formatter: value => String(Math.round(value * 1000) / 1000) } }), series };
    },

    coverage() {
      const subjects = report.subjects;
      return { ...base(), grid: { left: 4, right: 8, top: 4, bottom: 4 },
        xAxis: { type: 'value', show: false, min: 0, max: Math.max(1, subjects[0].recording.coverage.classes) },
        yAxis: { type: 'category', show: false, inverse: true, data: subjects.map(s => fileName(s.recording.file)) },
        series: [
          { type: 'bar', stack: 'classes', silent: true, barMaxWidth: 22, barCategoryGap: '40%',
            data: subjects.map(s => ({ value: s.recording.coverage.seen, itemStyle: { color: roleColor(s.role) } })) },
          { type: 'bar', stack: 'classes', silent: true, barMaxWidth: 22, itemStyle: { color: LINE },
            data: subjects.map(s => s.recording.coverage.classes - s.recording.coverage.seen) },
        ] };
    },

    comparison(width, height) {
      const panels = panelsOf(report.subjects);
      const others = report.subjects.map((subject, i) => [subject, report.other.subjects[i].recording]);
      const theirs = subject => others.find(pair => pair[0] === subject)[1];
      const other = report.other.model;
      const most = Math.max(...panels.flatMap(p => [highest(p.recording) / threshold, highest(theirs(p)) / other.threshold]), 1);
      return overTime(panels, (subject, wide) => [
        { name: report.model.format, data: points(subject.recording, wide, threshold), lineStyle: { color: color('normal'), width: 1.8 }, itemStyle: { color: color('normal') } },
        { name: other.format, data: points(theirs(subject), wide, other.threshold), lineStyle: { color: color('other'), width: 1.8, type: [6, 3] }, itemStyle: { color: color('other') } },
      ], Math.min(most * 1.12, SHOWN_THRESHOLDS), 1, 'threshold', width, height);
    },
  };

  function histogram(which, logarithmic, what, width, height) {
    const panels = panelsOf(report.subjects);
    const max = Math.max(roof(panels.map(panel => panel.recording), threshold), threshold * 1.5);
    const option = { ...base(), title: [], grid: [], xAxis: [], yAxis: [], series: [] };
    const rows = panels.length, bottom = 44, each = (height - bottom) / rows;
    panels.forEach(({ role, recording }, i) => {
      const { width: fine, bins } = recording[which];
      const size = Math.max(fine, max / 40), slots = Math.ceil(max / size - 1e-9);
      const counts = new Array(slots).fill(0);
      let more = 0;
      bins.forEach(bin => {
        const slot = Math.floor((bin.index + .5) * fine / size);
        if (slot < slots) counts[slot] += bin.count; else more += bin.count;
      });
      // Nothing lies a decade below one, or a single event could not be seen.
      const floor = logarithmic ? -1 : 0;
      const high = count => logarithmic ? (count ? Math.log10(count) : floor) : count;
      const data = counts.map((count, slot) => [slot * size, high(count)]);
      data.push([slots * size, floor]);
      const lastRow = i === rows - 1;
      option.title.push(title(`${fileName(recording.file)}, ${what}${more ? `, and ${whole(more)} beyond ${nats(max)}` : ''}`, 44, i * each + 6, width - 60, roleColor(role)));
      option.grid.push({ left: 44, right: 16, top: i * each + 34, height: each - 44 });
      option.xAxis.push(bottomAxis({ gridIndex: i, min: 0, max: slots * size, name: lastRow ? 'score, nats' : '',
        axisLabel: { ...TEXT, show: lastRow, hideOverlap: true, showMaxLabel: false, formatter: value => String(Math.round(value * 100) / 100) } }));
      option.yAxis.push(valueAxis({ gridIndex: i, min: floor, splitNumber: 2, minInterval: 1, ...(logarithmic ? { max: Math.ceil(Math.max(...data.map(point => point[1]), 1)), interval: 1 } : {}),
        axisLabel: { ...TEXT, fontSize: 11, hideOverlap: true, formatter: value => {
          const count = logarithmic ? 10 ** value : value;
          return value < 0 ? '' : count >= 1000 ? `${count / 1000}k` : String(count);
        } } }));
      option.series.push({ type: 'line', xAxisIndex: i, yAxisIndex: i, step: 'end', symbol: 'none', silent: true, data, emphasis: { disabled: true },
        lineStyle: { color: roleColor(role), width: 1.2 }, areaStyle: { color: roleColor(role), opacity: .3, origin: 'start' },
        markLine: thresholdLine('xAxis', i === 0) });
    });
    return option;
  }

  const drawn = [];
  function draw(element, chart, size) {
    const width = size ?? element.clientWidth, height = element.clientHeight;
    chart.resize({ width, height });
    chart.setOption(charts[element.dataset.chart](width, height), true);
  }
  document.querySelectorAll('.chart').forEach(element => {
    const chart = echarts.init(element, null, { renderer: 'svg' });
    drawn.push([element, chart]);
    draw(element, chart);
    let width = element.clientWidth;
    new ResizeObserver(() => {
      if (element.clientWidth !== width) {
        width = element.clientWidth;
        draw(element, chart);
      }
    }).observe(element);
  });
  // A sheet is narrower than most windows, and layout for it happens after this.
  const SHEET = 700;
  addEventListener('beforeprint', () => drawn.forEach(([element, chart]) => draw(element, chart, SHEET)));
  addEventListener('afterprint', () => drawn.forEach(([element, chart]) => draw(element, chart)));
})();
