// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.IntArrayList;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.event.Vocabulary;
import tagwatch.player.PlayerException;
import tagwatch.recording.DamagePolicy;
import tagwatch.recording.RecordingReader;

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
    long sequence;

    Trace(int number, TaskStart start, Trace parent) {
      this.number = number;
      this.start = start;
      this.parent = parent;
      this.executable = start.executable();
      this.sequence = start.origin() == TaskStart.Origin.RESUMED ? -1 : 0;
    }

    /** Whether the event is new, i.e. not one that the live player would drop as a duplicate. */
    boolean isNew(long next) {
      return next > sequence;
    }

    /** Whether events are missing before this one, which the recording need not say. */
    boolean jumps(long next) {
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
      TagReading reading =
          new TagReading(tag, table, reader.header().bootId(), traces.size(), new Copy());
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
  private final class Copy implements TagReading.Sink {
    @Override
    public void started(Trace trace) {
      traces.add(trace);
      mark(trace, STARTED);
    }

    @Override
    public void event(Trace trace, short symbol, long sequence, long timeNs) {
      // Time does not matter to learning: order does.
      mark(trace, symbol);
      events++;
    }

    @Override
    public void broken(Trace trace) {
      mark(trace, BROKEN);
    }

    @Override
    public void ended(Trace trace) {
      mark(trace, ENDED);
    }
  }
}
