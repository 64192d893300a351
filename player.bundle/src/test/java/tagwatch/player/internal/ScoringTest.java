// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import tagwatch.event.TaskStart.Origin;
import tagwatch.player.UnknownReason;

/** Sessions and scoring against lists and recomputed means. */
class ScoringTest {
  private static final int RETAINED = 128;
  private static final UnsafeBuffer NO_SLOTS = new UnsafeBuffer(new byte[8]);

  /** The naive session: everything is kept, nothing is moved. */
  private static final class Naive {
    final List<Integer> hooks = new ArrayList<>();
    final List<Float> surprises = new ArrayList<>();
    final List<Integer> breaks = new ArrayList<>();
    int inherited;
    int settled;

    Naive() {
      breaks.add(0);
    }

    Naive(Naive parent) {
      hooks.addAll(parent.hooks);
      surprises.addAll(parent.surprises.subList(0, parent.settled));
      while (surprises.size() < hooks.size()) {
        surprises.add(Float.NaN);
      }
      breaks.addAll(parent.breaks);
      inherited = hooks.size();
      settled = hooks.size();
    }

    float surpriseOf(int at, int window, float factor) {
      int run = 0;
      for (int start : breaks) {
        run = start <= at ? start : run;
      }
      if (at - window < run || at - window < hooks.size() - RETAINED) {
        return Float.NaN;
      }
      short[] row = new short[window + 1];
      for (int i = 0; i <= window; i++) {
        row[i] = (short) Math.min(hooks.get(at - window + i), Scene.HOOKS - 2);
      }
      return Scene.surprise(row, 0, window, factor);
    }

    void settle(int window, float factor) {
      while (settled < hooks.size()) {
        surprises.add(surpriseOf(settled, window, factor));
        settled++;
      }
    }

    float mean(int rolling) {
      double sum = 0;
      int count = 0;
      for (int at = Math.max(0, settled - rolling); at < settled; at++) {
        if (!Float.isNaN(surprises.get(at))) {
          sum += surprises.get(at);
          count++;
        }
      }
      return count == 0 ? Float.NaN : (float) (sum / count);
    }
  }

  private static final class Counting implements Scoring.Listener {
    int scored;
    int failed;

    @Override
    public void scored(Session session, long at, long timeNs, ScorerBinding by) {
      scored++;
    }

    @Override
    public void failed(ScorerBinding binding, String reason) {
      failed++;
    }
  }

  private final Ledger ledger = new Ledger();
  private final SymbolTable symbols = new SymbolTable(Scene.VOCABULARY);
  private final Counting listener = new Counting();
  private final Scoring scoring = new Scoring(ledger, symbols, listener);
  private final List<Session> sessions = new ArrayList<>();

  private Session session() {
    Session session =
        new Session(
            sessions.size(), Scene.start(sessions.size() + 1, 0, Origin.EXECUTED), RETAINED);
    sessions.add(session);
    return session;
  }

  private void push(Session session, int hook) {
    scoring.makeRoom(session);
    session.push(symbols.symbol(hook, NO_SLOTS, 0, 8), session.sequence + 1, 0);
    scoring.pushed(session);
    ledger.taken.add(1);
    ledger.accepted.add(1);
  }

  private Map<UnknownReason, Long> unknown() {
    Map<UnknownReason, Long> found = new EnumMap<>(UnknownReason.class);
    ledger.snapshot().unknown().forEach((reason, count) -> found.put(reason, count));
    found.values().removeIf(count -> count == 0);
    return found;
  }

  @Test
  void shouldScoreLikeANaiveReference() throws ScorerBinding.ScoringException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 40; round++) {
      compare(random, "seed " + seed + " round " + round);
    }
  }

  private void compare(SplittableRandom random, String what) throws ScorerBinding.ScoringException {
    sessions.clear();
    int window = random.nextInt(1, 9);
    int rolling = random.nextInt(1, 60);
    float factor = 1;
    scoring.recordOnly(false, List.of());
    scoring.takeOver(
        Scene.binding(Scene.model("a", window, rolling, 9f), new Scene.Engine(factor)), List.of());
    List<Naive> naive = new ArrayList<>();
    session();
    naive.add(new Naive());
    for (int step = 0; step < 1500; step++) {
      int choice = random.nextInt(200);
      int at = random.nextInt(sessions.size());
      Session session = sessions.get(at);
      if (choice == 0 && sessions.size() < 12) {
        scoring.flush();
        naive.get(at).settle(window, factor);
        Session child = session();
        child.inherit(session);
        naive.add(new Naive(naive.get(at)));
      } else if (choice == 1) {
        scoring.flush();
        naive.get(at).settle(window, factor);
        session.breakContext(UnknownReason.GAP);
        naive.get(at).breaks.add(naive.get(at).hooks.size());
      } else {
        int hook = random.nextInt(Scene.HOOKS);
        push(session, hook);
        naive.get(at).hooks.add(hook);
        naive.get(at).settle(window, factor);
      }
      if (choice == 5) {
        scoring.flush();
        for (int i = 0; i < sessions.size(); i++) {
          assertSame(sessions.get(i), naive.get(i), rolling, what + " step " + step + " of " + i);
        }
      }
    }
    scoring.flush();
    assertThat(ledger.snapshot().balanced()).as(what).isTrue();
    assertThat(ledger.snapshot().waiting()).as(what).isZero();
    assertThat(listener.scored).as(what).isEqualTo((int) ledger.snapshot().scored());
  }

  private static void assertSame(Session session, Naive naive, int rolling, String what) {
    assertThat(session.position).as(what).isEqualTo(naive.hooks.size());
    assertThat(session.settled).as(what).isEqualTo(naive.settled);
    if (naive.settled > naive.inherited) {
      assertThat((Float) session.score).as(what).isEqualTo((Float) naive.mean(rolling));
    }
    for (long at = Math.max(0, session.settled - RETAINED); at < session.settled; at++) {
      assertThat((Float) session.surpriseAt(at))
          .as(what + " at " + at)
          .isEqualTo(naive.surprises.get((int) at));
    }
    assertThat(session.sequenceAt(session.position - 1)).isEqualTo(session.sequence);
    List<Float> scores = session.scores(rolling);
    boolean observed =
        naive.settled > naive.inherited && !Float.isNaN(session.surpriseAt(session.settled - 1));
    if (observed) {
      assertThat(scores.get(scores.size() - 1)).as(what).isEqualTo(session.score);
    }
  }

  @Test
  void shouldGiveEachReasonItsOwnEvents() throws ScorerBinding.ScoringException {
    Session session = session();
    push(session, 1);
    assertThat(unknown()).containsExactly(Map.entry(UnknownReason.NO_SCORER, 1L));
    scoring.recordOnly(false, sessions);
    for (int i = 0; i < RETAINED + 10; i++) {
      push(session, 1);
    }
    assertThat(ledger.snapshot().waiting()).isEqualTo(RETAINED);
    assertThat(unknown())
        .containsOnly(
            Map.entry(UnknownReason.NO_SCORER, 1L), Map.entry(UnknownReason.OVERWRITTEN, 10L));
    scoring.takeOver(Scene.binding(Scene.model("a", 4, 10, 9f), new Scene.Engine(1)), sessions);
    // the first four that were kept have lost their windows
    assertThat(unknown()).containsEntry(UnknownReason.OVERWRITTEN, 14L);
    assertThat(ledger.snapshot().scored()).isEqualTo(RETAINED - 4);
    session.breakContext(UnknownReason.GAP);
    for (int i = 0; i < 6; i++) {
      push(session, 2);
    }
    scoring.flush();
    assertThat(unknown()).containsEntry(UnknownReason.GAP, 4L);
    assertThat(ledger.snapshot().waiting()).isZero();
    assertThat(ledger.snapshot().balanced()).isTrue();
  }

  @Test
  void shouldScoreWhatWaitedOnBothSidesOfAGap() throws ScorerBinding.ScoringException {
    scoring.recordOnly(false, sessions);
    Session session = session();
    for (int i = 0; i < 10; i++) {
      push(session, 1);
    }
    session.breakContext(UnknownReason.GAP);
    for (int i = 0; i < 10; i++) {
      push(session, 1);
    }
    scoring.takeOver(Scene.binding(Scene.model("a", 3, 10, 9f), new Scene.Engine(1)), sessions);
    assertThat(ledger.snapshot().scored()).isEqualTo(14);
    assertThat(unknown())
        .containsOnly(Map.entry(UnknownReason.WARM_UP, 3L), Map.entry(UnknownReason.GAP, 3L));
  }

  @Test
  void shouldPutEventsBackWhenAScorerFailsAndCallThemRefusedIfNoneComes()
      throws ScorerBinding.ScoringException {
    Scene.Engine engine = new Scene.Engine(1);
    scoring.recordOnly(false, sessions);
    scoring.takeOver(Scene.binding(Scene.model("a", 2, 10, 9f), engine), sessions);
    Session session = session();
    for (int i = 0; i < 12; i++) {
      push(session, 1);
    }
    engine.fault = Scene.Fault.LEAVES_OUT;
    scoring.flush();
    assertThat(listener.failed).isEqualTo(1);
    assertThat(ledger.snapshot().scored()).isZero();
    assertThat(ledger.snapshot().waiting()).isEqualTo(10);
    for (int i = 0; i < RETAINED; i++) {
      push(session, 1);
    }
    assertThat(unknown()).containsEntry(UnknownReason.REFUSED, 10L);
    scoring.recordOnly(true, sessions);
    assertThat(ledger.snapshot().waiting()).isZero();
    assertThat(ledger.snapshot().balanced()).isTrue();
  }

  @Test
  void shouldKeepThePresentScorerWhenTheNewOneFailsWhileRescoring()
      throws ScorerBinding.ScoringException {
    scoring.recordOnly(false, sessions);
    scoring.takeOver(Scene.binding(Scene.model("a", 2, 10, 9f), new Scene.Engine(1)), sessions);
    Session session = session();
    for (int i = 0; i < 40; i++) {
      push(session, i % 5);
    }
    scoring.flush();
    float before = session.score;
    Scene.Engine bad = new Scene.Engine(3);
    ScorerBinding failing = Scene.binding(Scene.model("b", 3, 10, 9f), bad);
    bad.fault = Scene.Fault.NAN;
    try {
      scoring.takeOver(failing, sessions);
      throw new AssertionError("it took over");
    } catch (ScorerBinding.ScoringException e) {
      assertThat(e).hasMessageContaining("NaN").hasMessageContaining("b");
    }
    assertThat(session.score).isEqualTo(before);
    assertThat(ledger.snapshot().rescored()).isZero();
    scoring.takeOver(Scene.binding(Scene.model("c", 2, 10, 9f), new Scene.Engine(2)), sessions);
    assertThat(session.score).as("all of the mean is the new model's").isEqualTo(2 * before);
    assertThat(ledger.snapshot().rescored()).isEqualTo(38);
    assertThat(ledger.snapshot().scored()).isEqualTo(38);
  }

  @Test
  void shouldCountSequencesOnBothSidesOfAHole() {
    Session session = session();
    session.push((short) 1, 5, 0);
    session.push((short) 1, 6, 0);
    session.breakContext(UnknownReason.GAP);
    session.push((short) 1, 20, 0);
    assertThat(session.sequenceAt(0)).isEqualTo(5);
    assertThat(session.sequenceAt(1)).isEqualTo(6);
    assertThat(session.sequenceAt(2)).isEqualTo(20);
    Session child = session();
    child.inherit(session);
    child.push((short) 1, 1, 0);
    assertThat(child.sequenceAt(3)).isEqualTo(1);
    assertThat(child.sequenceAt(2)).isZero();
    assertThat(child.sequenceAt(1)).isEqualTo(-1);
  }

  @Test
  void shouldTellTheScoresOfAShortTask() throws ScorerBinding.ScoringException {
    scoring.recordOnly(false, sessions);
    scoring.takeOver(Scene.binding(Scene.model("a", 2, 30, 9f), new Scene.Engine(1)), sessions);
    Session session = session();
    for (int i = 0; i < 12; i++) {
      push(session, i % 5);
    }
    scoring.flush();
    assertThat(session.scores(30)).hasSize(10).last().isEqualTo(session.score);
  }
}
