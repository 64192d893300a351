// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import tagwatch.event.Executable;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Hook;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.TaskStart.Origin;
import tagwatch.event.Vocabulary;
import tagwatch.player.Accounting;
import tagwatch.player.Gate;
import tagwatch.player.PlayerException;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/** A stream, played by hand: the test is the drain thread. */
final class Scene implements AutoCloseable {
  static final int TAG = 7;
  static final int HOOKS = 12;
  static final Executable PROGRAM = new Executable("/bin/server", "aa");
  static final Vocabulary VOCABULARY =
      new Vocabulary(
          "v",
          Map.of(),
          IntStream.range(0, HOOKS)
              .mapToObj(
                  id ->
                      new Hook(
                          id,
                          "h" + id,
                          id == 0
                              ? List.of(new Feature("path", FeatureType.PATH_CLASS))
                              : List.of()))
              .toList());

  /** What a scorer can do wrong. */
  enum Fault {
    NONE,
    THROWS,
    NAN,
    NEGATIVE,
    INFINITE,
    LEAVES_OUT
  }

  /** Factor of an engine whose surprise is half the class of the last event. */
  static final float PLAIN = -1;

  static final int CALM = 0;
  static final int LOUD = 9;

  /** An engine whose surprise is a known function of the row, for tests that compute it again. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  static final class Engine implements ScorerEngine {
    volatile Fault fault = Fault.NONE;

    /** End of the name of the models that it fails with; empty: of all. */
    volatile String failsWith = "";

    volatile long failAfterRows;
    volatile int opened;
    volatile int closed;
    volatile long rowsScored;
    final float factor;

    Engine(float factor) {
      this.factor = factor;
    }

    @Override
    public Scorer open(tagwatch.scorer.Model model) {
      opened++;
      int window = model.window();
      String origin = model.origin();
      return new Scorer() {
        private boolean shut;

        @Override
        public void score(short[] classes, int rows, float[] surprise) {
          if (shut) {
            throw new IllegalStateException("called after close");
          }
          rowsScored += rows;
          boolean fails =
              fault != Fault.NONE && rowsScored > failAfterRows && origin.endsWith(failsWith);
          if (fails && fault == Fault.THROWS) {
            throw new IllegalStateException("made to fail");
          }
          int scored = fails && fault == Fault.LEAVES_OUT ? rows - 1 : rows;
          for (int row = 0; row < scored; row++) {
            surprise[row] =
                factor == PLAIN
                    ? classes[row * (window + 1) + window] / 2f
                    : surprise(classes, row * (window + 1), window, factor);
          }
          if (fails && fault != Fault.LEAVES_OUT) {
            surprise[rows - 1] =
                fault == Fault.NAN
                    ? Float.NaN
                    : fault == Fault.NEGATIVE ? -1f : Float.POSITIVE_INFINITY;
          }
        }

        @Override
        public void close() {
          shut = true;
          closed++;
        }
      };
    }
  }

  /** Multiples of 1/16, so that sums are exact in any order. */
  static float surprise(short[] classes, int at, int window, float factor) {
    int hash = 17;
    for (int i = at; i <= at + window; i++) {
      hash = hash * 31 + classes[i];
    }
    return factor * ((hash & 0x3f) / 16f);
  }

  static StoredModel model(String version, int window, int rolling, float threshold) {
    return model(version, window, rolling, threshold, List.of("aa"));
  }

  static StoredModel model(
      String version, int window, int rolling, float threshold, List<String> buildIds) {
    return StoredModel.of(
        Path.of("models", version),
        new ModelManifest(
            1,
            TAG,
            version,
            "stub",
            "v",
            IntStream.range(0, HOOKS - 2).mapToObj(id -> "h" + id).toList(),
            List.of(),
            window,
            rolling,
            threshold,
            "max:2",
            Map.of(),
            buildIds,
            "model.bin",
            "00",
            Map.of()),
        ByteBuffer.allocate(0));
  }

  static ScorerBinding binding(StoredModel model, ScorerEngine engine) {
    try {
      return ScorerBinding.open(model, engine, "stub (test)");
    } catch (ModelException e) {
      throw new AssertionError(e);
    }
  }

  static TaskKey key(int id) {
    return new TaskKey(id, id * 1000L);
  }

  static TaskStart start(int id, int parent, Origin origin) {
    return new TaskStart(
        key(id),
        key(id),
        parent == 0 ? Optional.empty() : Optional.of(key(parent)),
        TAG,
        PROGRAM,
        id * 1000L,
        origin);
  }

  static TaskStart thread(int id, int leader) {
    return new TaskStart(
        key(id), key(leader), Optional.of(key(leader)), TAG, PROGRAM, id, Origin.FORKED);
  }

  static final ByteBuffer SLOTS = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());

  /** Failures that the stream told of. */
  final List<String> failures = new ArrayList<>();

  final AlertLog log = new AlertLog();
  final TagStream stream;
  final Intake.Side side;
  final Intake intake;
  private long time = 1000;

  Scene() {
    stream =
        new TagStream(
            TAG,
            128,
            VOCABULARY,
            log,
            new TagStream.Watcher() {
              @Override
              public void scorerFailed(TagStream failed, ScorerBinding by, String reason) {
                by.close();
                synchronized (failures) {
                  failures.add(reason);
                }
              }

              @Override
              public void firstScore() {}
            });
    side = new Intake.Side(stream);
    intake = new Intake(side);
    stream.start();
  }

  Scene gate(Gate gate) throws PlayerException {
    stream.gate(gate);
    return this;
  }

  void source(FakeSource source) throws PlayerException {
    stream.source(new Enforcing.Target(source, "fake (test)"), true, new Pause());
  }

  int started(int id, int parent) {
    return intake.taskStarted(start(id, parent, parent == 0 ? Origin.EXECUTED : Origin.FORKED));
  }

  boolean event(int handle, int hook, long sequence) {
    return intake.event(handle, hook, sequence, time++, SLOTS, 0, SLOTS.capacity());
  }

  /** Events with one hook from a sequence on. */
  void events(int handle, int hook, long from, int count) {
    for (int i = 0; i < count; i++) {
      if (!event(handle, hook, from + i)) {
        throw new AssertionError("no room for event " + (from + i));
      }
    }
  }

  /** Waits until all that was delivered is dealt with. */
  TagStream.Snapshot quiet() throws PlayerException {
    intake.signal();
    while (!stream.ring.isEmpty()) {
      Thread.onSpinWait();
    }
    return stream.snapshot();
  }

  Accounting accounts() throws PlayerException {
    return quiet().accounting();
  }

  @Override
  public void close() {
    stream.close();
  }
}
