// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Vocabulary;
import tagwatch.player.PlayerException;
import tagwatch.recording.DamagePolicy;
import tagwatch.recording.RecordingException;
import tagwatch.recording.RecordingReader;
import tagwatch.recording.RecordingVisitor;

/**
 * What one or more recordings tell about a tag, in order and in memory, as symbols: eight bytes an
 * event. It can be gone through again and again, with the sessions that the live player would have
 * had.
 */
final class EventLog {
  /** Marks in the place of a symbol. */
  static final short STARTED = -1;

  static final short BROKEN = -2;
  static final short ENDED = -3;

  /** A recorded task. */
  static final class Trace {
    final int number;
    final TaskStart start;
    final Trace parent;
    Executable executable;
    int events;

    // -1: a task that was watched before may begin anywhere
    private long sequence;

    Trace(int number, TaskStart start, Trace parent) {
      this.number = number;
      this.start = start;
      this.parent = parent;
      this.executable = start.executable();
      this.sequence = start.origin() == TaskStart.Origin.RESUMED ? -1 : 0;
    }

    /** Whether the event is new, i.e. not one that the live player would drop as a duplicate. */
    private boolean isNew(long next) {
      return next > sequence;
    }

    /** Whether events are missing before this one, which the recording need not say. */
    private boolean jumps(long next) {
      return sequence >= 0 && next > sequence + 1;
    }

    boolean inherits() {
      return parent != null && start.origin() == TaskStart.Origin.FORKED;
    }
  }

  private final int tag;
  private final List<Trace> traces = new ArrayList<>();
  private final IntArrayList tasks = new IntArrayList();
  private final IntArrayList symbols = new IntArrayList();
  private final List<String> remarks = new ArrayList<>();
  private SymbolTable table;
  private Vocabulary vocabulary;
  private long events;

  private EventLog(int tag) {
    this.tag = tag;
  }

  static EventLog read(int tag, List<Path> recordings) throws PlayerException {
    EventLog log = new EventLog(tag);
    for (Path file : recordings) {
      log.add(file);
    }
    if (log.events == 0) {
      throw new PlayerException(
          "no event of tag " + tag + " in " + recordings + "; record while the program is used");
    }
    return log;
  }

  private void add(Path file) throws PlayerException {
    try (RecordingReader reader = RecordingReader.open(file, DamagePolicy.STRICT)) {
      Vocabulary found = reader.header().vocabulary();
      if (vocabulary == null) {
        vocabulary = found;
        table = new SymbolTable(found);
      } else if (!vocabulary.equals(found)) {
        throw new PlayerException(
            file
                + ": its vocabulary "
                + found
                + " is not that of the recordings before it, "
                + vocabulary);
      }
      Reading reading = new Reading(reader.header().bootId());
      while (reader.next(reading)) {
        reading.step();
      }
      if (!reader.summary().complete()) {
        remarks.add(file + " was cut short: its end is missing");
      }
    } catch (IOException e) {
      throw new PlayerException(e.getMessage() == null ? file + ": " + e : e.getMessage(), e);
    }
  }

  int tag() {
    return tag;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  SymbolTable symbolTable() {
    return table;
  }

  List<Trace> traces() {
    return traces;
  }

  List<String> remarks() {
    return remarks;
  }

  long events() {
    return events;
  }

  /** Number of entries: events and marks. */
  int size() {
    return tasks.size();
  }

  Trace traceAt(int entry) {
    return traces.get(tasks.getInt(entry));
  }

  /** A symbol, or one of the marks. */
  short symbolAt(int entry) {
    return (short) symbols.getInt(entry);
  }

  private void mark(Trace trace, short what) {
    tasks.addInt(trace.number);
    symbols.addInt(what);
  }

  /** Copies one recording in. */
  private final class Reading implements RecordingVisitor {
    private final Int2IntHashMap traceOfTask = new Int2IntHashMap(-1);
    private final Map<TaskKey, Trace> byKey = new HashMap<>();
    private final UnsafeBuffer slots = new UnsafeBuffer(new byte[2048]);
    private final String bootId;

    Reading(String bootId) {
      this.bootId = bootId;
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
      Trace parent = start.parent().map(byKey::get).orElse(null);
      Trace trace = new Trace(traces.size(), start, parent);
      traces.add(trace);
      byKey.put(start.task(), trace);
      traceOfTask.put(task, trace.number);
      mark(trace, STARTED);
    }

    private Trace trace(int task) {
      int number = traceOfTask.get(task);
      return number < 0 ? null : traces.get(number);
    }

    @Override
    public void taskExecuted(int task, Executable executable, long timestampNs) {
      Trace trace = trace(task);
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
      Trace trace = trace(task);
      if (trace != null && trace.isNew(sequence)) {
        if (trace.jumps(sequence)) {
          mark(trace, BROKEN);
        }
        trace.sequence = sequence;
        slots.putBytes(0, features, offset, length);
        mark(trace, table.symbol(hookId, slots, 0, length));
        trace.events++;
        events++;
      }
    }

    @Override
    public void gap(int task, long lost) {
      Trace trace = trace(task);
      if (trace != null) {
        mark(trace, BROKEN);
      }
    }

    @Override
    public void taskExited(int task, long timestampNs, long lastSequence) {
      Trace trace = trace(task);
      if (trace != null) {
        mark(trace, ENDED);
        traceOfTask.remove(task);
      }
    }

    @Override
    public void beacon(long timestampNs, long wallClockNs) {
      // Time does not matter to learning: order does.
    }

    @Override
    public void skipped(long lost, RecordingException cause) {
      throw new IllegalStateException("a strict reader skipped " + lost + " events", cause);
    }
  }
}
