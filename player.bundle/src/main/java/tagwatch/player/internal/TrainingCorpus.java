// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import tagwatch.scorer.Corpus;

/**
 * An event log as sequences of classes. A forked task's sequence begins with its parent's last
 * events; a gap, or a part that is left out, begins a new sequence.
 */
final class TrainingCorpus implements Corpus {
  private static final int CONTEXT = ModelManifest.MAX_WINDOW;

  /** What an entry of the log is for. */
  enum Use {
    LEARNED,
    HELD_OUT,
    /** Only looked at, as what came before others. */
    CONTEXT
  }

  // handed out as they are, never compared
  @SuppressWarnings("ArrayRecordComponent")
  private record Sequence(short[] classes, int from, boolean heldOut) {}

  private final int classes;
  private final List<Sequence> sequences = new ArrayList<>();

  private TrainingCorpus(int classes) {
    this.classes = classes;
  }

  /** Names of all symbols of a log under a selection of features, in order of first appearance. */
  static List<String> symbols(EventLog log, FeatureSelection selection) {
    Map<String, Boolean> names = new LinkedHashMap<>();
    for (int entry = 0; entry < log.size(); entry++) {
      short symbol = log.symbolAt(entry);
      if (symbol >= 0) {
        names.putIfAbsent(log.symbolTable().name(symbol, selection), true);
      }
    }
    return List.copyOf(names.keySet());
  }

  /** A log with what each of its entries is for. */
  static TrainingCorpus of(
      EventLog log, List<String> symbols, FeatureSelection selection, IntFunction<Use> uses) {
    TrainingCorpus corpus = new TrainingCorpus(symbols.size() + 1);
    ClassMap classMap = new ClassMap(log.symbolTable(), symbols, selection);
    Growing[] growing = new Growing[log.traces().size()];
    for (int entry = 0; entry < log.size(); entry++) {
      EventLog.Trace trace = log.traceAt(entry);
      short symbol = log.symbolAt(entry);
      if (symbol == EventLog.STARTED) {
        growing[trace.number] =
            trace.inherits() && growing[trace.parent.number] != null
                ? growing[trace.parent.number].forked()
                : new Growing();
      } else if (symbol == EventLog.BROKEN) {
        corpus.add(growing[trace.number]);
        growing[trace.number] = new Growing();
      } else if (symbol == EventLog.ENDED) {
        corpus.add(growing[trace.number]);
        // who is forked from now on found no parent in the live player either
        growing[trace.number] = null;
      } else {
        Use use = uses.apply(entry);
        if (growing[trace.number].counts() && growing[trace.number].use != use) {
          corpus.add(growing[trace.number]);
          growing[trace.number] = growing[trace.number].forked();
        }
        growing[trace.number].add(classMap.classOf(symbol), use);
      }
    }
    for (Growing rest : growing) {
      corpus.add(rest);
    }
    return corpus;
  }

  /** The same without what is held out. */
  TrainingCorpus learnedPart() {
    TrainingCorpus part = new TrainingCorpus(classes);
    sequences.stream().filter(sequence -> !sequence.heldOut).forEach(part.sequences::add);
    return part;
  }

  private void add(Growing done) {
    if (done != null && done.counts()) {
      sequences.add(
          new Sequence(
              Arrays.copyOf(done.classes, done.length), done.from, done.use == Use.HELD_OUT));
    }
  }

  /** A sequence while it grows. */
  private static final class Growing {
    private short[] classes = new short[64];
    private int length;
    private int from;
    private Use use = Use.CONTEXT;

    /** Whether there is more than context in it. */
    boolean counts() {
      return length > from;
    }

    Growing forked() {
      Growing child = new Growing();
      int context = Math.min(length, CONTEXT);
      child.classes = Arrays.copyOfRange(classes, length - context, length + 64);
      child.length = context;
      child.from = context;
      return child;
    }

    void add(short seen, Use what) {
      use = what;
      if (length == classes.length) {
        classes = Arrays.copyOf(classes, length * 2);
      }
      classes[length++] = seen;
      if (use != Use.CONTEXT) {
        return;
      }
      from = length;
      if (length > 2 * CONTEXT) {
        System.arraycopy(classes, length - CONTEXT, classes, 0, CONTEXT);
        length = CONTEXT;
        from = CONTEXT;
      }
    }
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int sequences() {
    return sequences.size();
  }

  @Override
  public short[] sequence(int index) {
    return sequences.get(index).classes;
  }

  @Override
  public int from(int index) {
    return sequences.get(index).from;
  }

  @Override
  public boolean heldOut(int index) {
    return sequences.get(index).heldOut;
  }
}
