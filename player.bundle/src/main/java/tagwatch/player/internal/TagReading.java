// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.player.PlayerException;
import tagwatch.recording.RecordingException;
import tagwatch.recording.RecordingVisitor;

/**
 * Reads one recording as the live player would take it: one tag's tasks, no event twice, a jump in
 * the sequence as a gap, features as symbols.
 */
final class TagReading implements RecordingVisitor {
  /** What is found, in the order of the recording. */
  interface Sink {
    /** A task came into view. */
    void started(EventLog.Trace trace);

    /** An event of a task, with the task's own count. */
    void event(EventLog.Trace trace, short symbol, long sequence, long timeNs);

    /** Events of the task are missing here. */
    void broken(EventLog.Trace trace);

    /** The task is gone. */
    void ended(EventLog.Trace trace);
  }

  private final int tag;
  private final SymbolTable symbols;
  private final Sink sink;
  private final Int2ObjectHashMap<EventLog.Trace> traceOfTask = new Int2ObjectHashMap<>();
  private final Map<TaskKey, EventLog.Trace> byKey = new HashMap<>();
  private final UnsafeBuffer slots = new UnsafeBuffer(new byte[2048]);
  private final String bootId;
  private int number;

  /**
   * For one recording.
   *
   * @param first number of the first task that is found; the others follow
   */
  TagReading(int tag, SymbolTable symbols, String bootId, int first, Sink sink) {
    this.tag = tag;
    this.symbols = symbols;
    this.bootId = bootId;
    this.number = first;
    this.sink = sink;
  }

  /** Between two records; a place to stop for an interrupted caller. */
  void step() throws PlayerException {
    if (Thread.interrupted()) {
      throw new PlayerException("interrupted while recordings of boot " + bootId + " were read");
    }
  }

  @Override
  public void taskStarted(int task, TaskStart start) {
    if (start.tag() != tag) {
      return;
    }
    EventLog.Trace parent = start.parent().map(byKey::get).orElse(null);
    EventLog.Trace trace = new EventLog.Trace(number++, start, parent);
    byKey.put(start.task(), trace);
    traceOfTask.put(task, trace);
    sink.started(trace);
  }

  @Override
  public void taskExecuted(int task, Executable executable, long timestampNs) {
    EventLog.Trace trace = traceOfTask.get(task);
    if (trace != null) {
      trace.executable = executable;
    }
  }

  @Override
  public void event(
      int task,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer features,
      int offset,
      int length) {
    EventLog.Trace trace = traceOfTask.get(task);
    if (trace != null && trace.isNew(sequence)) {
      if (trace.jumps(sequence)) {
        sink.broken(trace);
      }
      trace.sequence = sequence;
      trace.events++;
      slots.putBytes(0, features, offset, length);
      sink.event(trace, symbols.symbol(hookId, slots, 0, length), sequence, timestampNs);
    }
  }

  @Override
  public void gap(int task, long lost) {
    EventLog.Trace trace = traceOfTask.get(task);
    if (trace != null) {
      sink.broken(trace);
    }
  }

  @Override
  public void taskExited(int task, long timestampNs, long lastSequence) {
    EventLog.Trace trace = traceOfTask.remove(task);
    if (trace != null) {
      // who is forked from now on finds no parent in the live player either
      byKey.remove(trace.start.task(), trace);
      sink.ended(trace);
    }
  }

  @Override
  public void beacon(long timestampNs, long wallClockNs) {
    // times are counted from the recording's own first event
  }

  @Override
  public void skipped(long lost, RecordingException cause) {
    throw new IllegalStateException("a strict reader skipped " + lost + " events", cause);
  }
}
