// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.event.Verdict;
import tagwatch.player.UnknownReason;

/**
 * One task: the ring of its last events and of their surprises. A child begins with its parent's
 * ring, so that a short-lived process is judged in its ancestors' light.
 *
 * <p>Positions count the events in the ring's life, inherited ones included; {@link #sequence} is
 * the task's own count. Belongs to the scoring thread of its tag.
 */
final class Session extends Trail {
  final int handle;
  final TaskStart start;
  final List<Session> children = new ArrayList<>(0);
  Session parent;

  /** The parent's position when it forked this task. */
  long forkedAt;

  /** Whether its process is the first of its tree. */
  boolean root;

  Executable executable;

  /** Build id of the program that its tree runs; empty if unknown. */
  String build = "";

  /** Whether the model was learned from another build of the program. */
  boolean stale;

  /** The task's own count of its last event. */
  long sequence;

  long lastTimeNs;
  boolean anySequence;

  /** First position that has neither a surprise nor a reason for having none. */
  long settled;

  /** First position that is no longer to be queued for scoring. */
  long queued;

  /** What an event too close to {@link #contextStart} is. */
  private UnknownReason shortContext = UnknownReason.WARM_UP;

  private UnknownReason previousShort = UnknownReason.WARM_UP;

  float score = Float.NaN;
  float highest = Float.NaN;

  /** Highest score over the last rolling window of what was replaced, and where it was. */
  float peak = Float.NaN;

  long peakAt;

  boolean alarmed;

  /** Position of the last event that crossed the threshold; -1 if none did. */
  long alarmedAt = -1;

  /** Whether missing surprises count as zeros in the mean, as in 2020. */
  boolean diluted;

  /** When its alarm was last judged without the task being stopped, in {@link System#nanoTime}. */
  long judgedNs;

  /** What the transport put into force; null if nothing. */
  Verdict verdict;

  boolean exited;
  long exitedNs;
  long exitedSequence;
  long alert;
  long alertSequence;

  /** Gaps that could not be closed and lie close together, and where the last one is. */
  int gapsInARow;

  long gapAt;

  /** A loss that the source told of after the event with that sequence. */
  long announcedLoss;

  long announcedAfter;

  /** First position that no scorer has failed on. */
  long refused;

  /** The task's own count of the event before {@link #contextStart}. */
  private long sequenceBefore;

  private final float[] surprises;
  private int rolling;
  private double sum;
  private int summed;

  /** A session with a ring of {@code retained} events, a power of two. */
  Session(int handle, TaskStart start, int retained) {
    super(retained);
    this.handle = handle;
    this.start = start;
    this.executable = start.executable();
    this.surprises = new float[retained];
    Arrays.fill(surprises, Float.NaN);
  }

  /** Begins with the parent's ring; the parent has to be settled as far as it can be. */
  void inherit(Session from) {
    take(from);
    System.arraycopy(from.surprises, 0, surprises, 0, surprises.length);
    for (long p = from.settled; p < from.position; p++) {
      surprises[(int) p & mask] = Float.NaN;
    }
    diluted = from.diluted;
    settled = position;
    queued = position;
    shortContext = from.shortContext;
    previousShort = from.previousShort;
    sequenceBefore = contextStart - position;
    refused = 0;
    gapsInARow = from.gapsInARow;
    gapAt = from.gapAt;
    parent = from;
    forkedAt = from.position;
    from.children.add(this);
    rolling = 0;
  }

  /** Hands the children over to the parent: what descends from a dead task stays in its subtree. */
  void leaveTree() {
    for (Session child : children) {
      child.parent = parent;
      child.forkedAt = forkedAt;
      if (parent != null) {
        parent.children.add(child);
      }
    }
    children.clear();
    if (parent != null) {
      parent.children.remove(this);
      parent = null;
    }
  }

  /** Adds an event; the caller has settled what it overwrites. */
  void push(short symbol, long ownCount, long timeNs) {
    append(symbol);
    sequence = ownCount;
    lastTimeNs = timeNs;
  }

  /** Whether a verdict is in force. */
  boolean stopped() {
    return verdict != null;
  }

  boolean sameProcess(Session other) {
    return start.process().equals(other.start.process());
  }

  /** Events of this task that have no outcome yet. */
  long waiting() {
    return position - settled;
  }

  /** After a hole: no window may reach over it. */
  void breakContext(UnknownReason why) {
    if (position > contextStart) {
      previousStart = contextStart;
      previousShort = shortContext;
    }
    contextStart = position;
    shortContext = why;
    sequenceBefore = sequence;
  }

  /** Why the event at a position has no whole window. */
  UnknownReason reasonAt(long at, int window) {
    if (at - window >= runStart(at)) {
      return UnknownReason.OVERWRITTEN;
    }
    return at >= contextStart ? shortContext : previousShort;
  }

  float surpriseAt(long at) {
    return at < settled ? surprises[(int) at & mask] : Float.NaN;
  }

  /**
   * The task's own count of the event at a position; 0 or less for an inherited one. Exact as far
   * back as to the last hole but one.
   */
  long sequenceAt(long at) {
    return at >= contextStart
        ? sequence - (position - 1 - at)
        : sequenceBefore - (contextStart - 1 - at);
  }

  /**
   * Settles the next position with its surprise, NaN if it has none, and moves the mean.
   *
   * @param rollingSize events that the mean is taken over; less than the ring
   */
  void settle(float surprise, int rollingSize) {
    long at = settled;
    int slot = (int) at & mask;
    boolean restart = rolling != rollingSize || slot == 0;
    surprises[slot] = surprise;
    settled++;
    if (restart) {
      // Summed anew when the rolling size changes, and once a turn, so that no error of adding and
      // taking away can build up.
      rolling = rollingSize;
      sumAnew();
    } else {
      move(at, surprise);
    }
    score = mean(sum, summed, rollingSize);
    // An event without a surprise moves others out of the mean and may raise it; but nothing was
    // observed, so nothing is judged.
    if (!Float.isNaN(surprise) && !(score <= highest)) {
      highest = score;
    }
  }

  private void move(long at, float surprise) {
    if (!Float.isNaN(surprise)) {
      sum += surprise;
      summed++;
    }
    if (at >= rolling) {
      float leaving = surprises[(int) (at - rolling) & mask];
      if (!Float.isNaN(leaving)) {
        sum -= leaving;
        summed--;
      }
    }
  }

  private float mean(double total, int count, int rollingSize) {
    return count == 0 ? Float.NaN : (float) (total / (diluted ? rollingSize : count));
  }

  private void sumAnew() {
    sum = 0;
    summed = 0;
    for (long p = Math.max(0, settled - rolling); p < settled; p++) {
      float surprise = surprises[(int) p & mask];
      if (!Float.isNaN(surprise)) {
        sum += surprise;
        summed++;
      }
    }
  }

  /** Adds an event that counts as past: it has no surprise yet and waits for none. */
  void recall(short symbol, long ownCount, long timeNs) {
    push(symbol, ownCount, timeNs);
    settle(Float.NaN, Math.max(1, rolling));
    queued = settled;
  }

  /**
   * Replaces the surprises of a run of positions, which ends at {@link #settled}, by those of
   * another model, and forgets older ones.
   *
   * @param others a ring as long as this session's
   */
  void replaceSurprises(long from, float[] others, int rollingSize) {
    Arrays.fill(surprises, Float.NaN);
    rolling = rollingSize;
    sum = 0;
    summed = 0;
    score = Float.NaN;
    highest = Float.NaN;
    peak = Float.NaN;
    peakAt = settled - 1;
    for (long at = from; at < settled; at++) {
      float surprise = others[(int) at & mask];
      surprises[(int) at & mask] = surprise;
      move(at, surprise);
      score = mean(sum, summed, rollingSize);
      if (!(score <= highest)) {
        highest = score;
      }
      if (at >= settled - rollingSize && !(score < peak)) {
        peak = score;
        peakAt = at;
      }
    }
  }

  /** The score as it was after each of the last events that have a surprise, oldest first. */
  List<Float> scores(int rollingSize) {
    return scores(rollingSize, settled);
  }

  /** The same up to a position, which is not one of them. */
  List<Float> scores(int rollingSize, long before) {
    List<Float> scores = new ArrayList<>();
    long first = Math.max(0, settled - retained());
    // a mean of fewer is the true one only at the start of the ring's life
    long from = first == 0 ? 0 : first + rollingSize - 1;
    for (long end = from; end < before; end++) {
      if (Float.isNaN(surprises[(int) end & mask])) {
        continue;
      }
      double total = 0;
      int count = 0;
      for (long p = Math.max(0, end - rollingSize + 1); p <= end; p++) {
        float surprise = surprises[(int) p & mask];
        if (!Float.isNaN(surprise)) {
          total += surprise;
          count++;
        }
      }
      scores.add(mean(total, count, rollingSize));
    }
    return scores;
  }
}
