// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import tagwatch.scorer.Corpus;

/**
 * An event log as sequences of classes. A forked task's sequence begins with its parent's last
 * events; a gap, or a part that is left out, begins a new sequence.
 */
final class TrainingCorpus implements Corpus {
  private static final int CONTEXT = ModelManifest.MAX_WINDOW;

  // handed out as they are, never compared
  @SuppressWarnings("ArrayRecordComponent")
  private record Sequence(short[] classes, int from) {}

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

  /**
   * The part of a log that is to be learned.
   *
   * @param included whether an entry of the log is to be learned; what is not is context at most
   */
  static TrainingCorpus of(
      EventLog log, List<String> symbols, FeatureSelection selection, IntPredicate included) {
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
      } else if (included.test(entry)) {
        growing[trace.number].learn(classMap.classOf(symbol));
      } else {
        if (growing[trace.number].learns()) {
          corpus.add(growing[trace.number]);
          growing[trace.number] = growing[trace.number].forked();
        }
        growing[trace.number].context(classMap.classOf(symbol));
      }
    }
    for (Growing rest : growing) {
      corpus.add(rest);
    }
    return corpus;
  }

  private void add(Growing done) {
    if (done != null && done.learns()) {
      sequences.add(new Sequence(Arrays.copyOf(done.classes, done.length), done.from));
    }
  }

  /** A sequence while it grows. */
  private static final class Growing {
    private short[] classes = new short[64];
    private int length;
    private int from;

    boolean learns() {
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

    void learn(short seen) {
      if (length == classes.length) {
        classes = Arrays.copyOf(classes, length * 2);
      }
      classes[length++] = seen;
    }

    void context(short seen) {
      learn(seen);
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
}
