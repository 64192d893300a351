// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tagwatch.player.RehearseReport.Coverage;
import tagwatch.player.RehearseReport.SurprisingEvent;
import tagwatch.player.RehearseReport.UnknownEvent;

/** How often each event occurred, and how much it surprised. */
final class EventCensus {
  private static final int MOST_SURPRISING = 40;
  private static final int NAMES = 100;

  private final SymbolTable symbols;
  private final ModelManifest model;
  private final FeatureSelection selection;
  private final ClassMap classes;
  private long[] times = new long[256];
  private long[] scored = new long[256];
  private long[] above = new long[256];
  private float[] highest = new float[256];
  private double[] sum = new double[256];

  EventCensus(SymbolTable symbols, ModelManifest model) {
    this.symbols = symbols;
    this.model = model;
    this.selection = FeatureSelection.of(model.features());
    this.classes = new ClassMap(symbols, model.symbols(), selection);
  }

  /** An event occurred; returns its class. */
  short seen(short symbol) {
    if (symbol >= times.length) {
      int length = Math.max(symbol + 1, 2 * times.length);
      times = Arrays.copyOf(times, length);
      scored = Arrays.copyOf(scored, length);
      above = Arrays.copyOf(above, length);
      highest = Arrays.copyOf(highest, length);
      sum = Arrays.copyOf(sum, length);
    }
    times[symbol]++;
    return classes.classOf(symbol);
  }

  /** An event that was {@link #seen} has its surprise. */
  void surprised(short symbol, float surprise) {
    scored[symbol]++;
    sum[symbol] += surprise;
    highest[symbol] = Math.max(highest[symbol], surprise);
    if (surprise > model.threshold()) {
      above[symbol]++;
    }
  }

  private boolean isKnown(short symbol) {
    return classes.classOf(symbol) < model.symbols().size();
  }

  /** Those with the highest surprise. */
  List<SurprisingEvent> mostSurprising() {
    List<SurprisingEvent> events = new ArrayList<>();
    for (short symbol = 0; symbol < Math.min(symbols.size(), times.length); symbol++) {
      if (scored[symbol] > 0) {
        events.add(
            new SurprisingEvent(
                symbols.name(symbol, FeatureSelection.ALL),
                isKnown(symbol),
                times[symbol],
                above[symbol],
                highest[symbol],
                (float) (sum[symbol] / scored[symbol])));
      }
    }
    events.sort(
        Comparator.comparing(SurprisingEvent::highest)
            .reversed()
            .thenComparing(SurprisingEvent::times)
            .thenComparing(SurprisingEvent::event));
    return events.subList(0, Math.min(MOST_SURPRISING, events.size()));
  }

  Coverage coverage() {
    boolean[] occurred = new boolean[model.symbols().size()];
    Map<String, Long> unknown = new HashMap<>();
    for (short symbol = 0; symbol < Math.min(symbols.size(), times.length); symbol++) {
      if (times[symbol] > 0 && isKnown(symbol)) {
        occurred[classes.classOf(symbol)] = true;
      } else if (times[symbol] > 0) {
        unknown.merge(symbols.name(symbol, selection), times[symbol], Long::sum);
      }
    }
    List<String> unseen = new ArrayList<>();
    for (int known = 0; known < occurred.length; known++) {
      if (!occurred[known]) {
        unseen.add(model.symbols().get(known));
      }
    }
    List<UnknownEvent> names = new ArrayList<>();
    unknown.forEach((event, count) -> names.add(new UnknownEvent(event, count)));
    names.sort(
        Comparator.comparing(UnknownEvent::times).reversed().thenComparing(UnknownEvent::event));
    return new Coverage(
        occurred.length,
        occurred.length - unseen.size(),
        unseen.subList(0, Math.min(NAMES, unseen.size())),
        unknown.values().stream().mapToLong(Long::longValue).sum(),
        names.subList(0, Math.min(NAMES, names.size())));
  }
}
