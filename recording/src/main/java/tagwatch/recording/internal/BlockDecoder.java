// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.zip.Inflater;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.recording.RecordingVisitor;

/**
 * Decodes a block into arrays that are used again for the next one, checks it completely, and then
 * shows its records one by one.
 */
public final class BlockDecoder implements AutoCloseable {
  private static final int COLUMNS = 8;

  private final ColumnCursor table = new ColumnCursor("task table");
  private final ColumnCursor control = new ColumnCursor("control column");
  private final ColumnCursor operations = new ColumnCursor("operation column");
  private final ColumnCursor tasks = new ColumnCursor("task column");
  private final ColumnCursor sequences = new ColumnCursor("sequence column");
  private final ColumnCursor timesLow = new ColumnCursor("low time column");
  private final ColumnCursor timesHigh = new ColumnCursor("high time column");
  private final ColumnCursor slots = new ColumnCursor("feature column");
  private final ColumnCursor[] columns = {
    table, control, operations, tasks, sequences, timesLow, timesHigh, slots
  };
  private final Inflater inflater = new Inflater(true);
  private final LiveTasks live;
  private final boolean salvage;
  private byte[] raw = new byte[1 << 16];

  // the records of the block
  private int count;
  private int next;
  private int[] operation = {};
  private int[] task = {};
  private int[] hook = {};
  private long[] sequence = {};
  private long[] timeNs = {};
  private Object[] subject = {};
  private int[] slotEnd = {};
  private ByteBuffer features = ByteBuffer.allocate(0).order(ByteOrder.nativeOrder());

  /** Tasks of the block whose start was skipped; they are shown before its first record. */
  private final ArrayDeque<Resumed> resumed = new ArrayDeque<>();

  // what is only needed while decoding
  private int[] symbolHook = new int[256];
  private int[] symbolSlots = new int[256];
  private int symbols;
  private int[] local = new int[256];
  private long[] expected = new long[256];
  private int locals;
  private int lastLocal;
  private long lastTimeNs;

  private record Resumed(int task, TaskStart start) {}

  /** A decoder that has seen nothing; with salvage, tasks may turn up that it saw no start of. */
  public BlockDecoder(boolean salvage) {
    this.salvage = salvage;
    live = new LiveTasks();
  }

  /** Whether records of the block are left. */
  public boolean hasNext() {
    return next < count;
  }

  /** Nanoseconds since boot of the next record; for a gap, that of the record before it. */
  public long nextTimeNs() {
    return timeNs[next];
  }

  /** Whether the compressed bytes are those that were written. */
  public static void checkPayload(BlockHeader header, byte[] bytes) throws MalformedException {
    Format.requireCrc("the block", header.payloadCrc(), Format.crc(bytes, 0, header.compressed()));
  }

  /** Reads an end block. */
  public Totals totals(BlockHeader header, byte[] bytes) throws MalformedException {
    expand(header, bytes);
    return Totals.read(raw, header.uncompressed());
  }

  /** Decodes a block of which the compressed bytes are given. */
  public void decode(BlockHeader header, byte[] bytes) throws MalformedException {
    count = 0;
    next = 0;
    expand(header, bytes);
    split(header.uncompressed());
    reserve(header.records());
    symbols = 0;
    locals = 0;
    lastLocal = -1;
    lastTimeNs = 0;
    int events = 0;
    for (int i = 0; i < header.records(); i++) {
      int code = operations.bounded("operation", Format.EVENT + symbols);
      if (code >= Format.EVENT) {
        event(i, code - Format.EVENT);
        events++;
      } else {
        control(i, code);
      }
    }
    for (ColumnCursor column : columns) {
      column.expectEnd();
    }
    if (events != header.events()) {
      throw new MalformedException("events are " + events + ", stored is " + header.events());
    }
    count = header.records();
  }

  private void expand(BlockHeader header, byte[] bytes) throws MalformedException {
    if (raw.length < header.uncompressed()) {
      raw = new byte[header.uncompressed()];
    }
    Deflate.expand(inflater, bytes, 0, header.compressed(), raw, header.uncompressed());
  }

  private void split(int length) throws MalformedException {
    ColumnCursor lengths = new ColumnCursor("column lengths").wrap(raw, 0, length);
    int[] sizes = new int[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      sizes[i] = lengths.bounded("column length", length);
    }
    int at = lengths.position();
    for (int i = 0; i < COLUMNS; i++) {
      if (sizes[i] > length - at) {
        throw new MalformedException(
            "columns are longer than the block: " + Arrays.toString(sizes) + " of " + length);
      }
      columns[i].wrap(raw, at, sizes[i]);
      at += sizes[i];
    }
    if (at != length) {
      throw new MalformedException("block has " + (length - at) + " bytes too many");
    }
  }

  private void reserve(int records) throws MalformedException {
    if (records > operations.remaining()) {
      throw new MalformedException(
          "records are " + records + ", operations only " + operations.remaining());
    }
    if (records > operation.length) {
      operation = new int[records];
      task = new int[records];
      hook = new int[records];
      sequence = new long[records];
      timeNs = new long[records];
      subject = new Object[records];
      slotEnd = new int[records];
    }
    Arrays.fill(subject, 0, records, null);
    if (features.capacity() < slots.remaining() * 2) {
      features = ByteBuffer.allocateDirect(slots.remaining() * 2).order(ByteOrder.nativeOrder());
    }
  }

  private void event(int at, int symbol) throws MalformedException {
    if (symbol == symbols) {
      newSymbol();
    }
    int mark = tasks.bounded("task", locals + 1);
    int owner = mark == 0 ? lastLocal : mark - 1;
    if (owner < 0) {
      throw new MalformedException("first event of a block without a task");
    }
    operation[at] = Format.EVENT;
    task[at] = taskOf(owner);
    lastLocal = owner;
    hook[at] = symbolHook[symbol];
    sequence[at] = expected[owner] + sequences.signed();
    expected[owner] = sequence[at] + 1;
    timeNs[at] = time();
    int end = at == 0 ? 0 : slotEnd[at - 1];
    for (int left = symbolSlots[symbol]; left > 0; left--) {
      features.putShort(end, (short) slots.bounded("feature", 0xffff));
      end += 2;
    }
    slotEnd[at] = end;
  }

  private void newSymbol() throws MalformedException {
    if (symbols == symbolHook.length) {
      symbolHook = Arrays.copyOf(symbolHook, symbols * 2);
      symbolSlots = Arrays.copyOf(symbolSlots, symbols * 2);
    }
    symbolHook[symbols] = HeaderCodec.hookId(control);
    symbolSlots[symbols] = control.bounded("slots", Format.MAX_SLOTS);
    symbols++;
  }

  private void control(int at, int code) throws MalformedException {
    operation[at] = code;
    slotEnd[at] = at == 0 ? 0 : slotEnd[at - 1];
    timeNs[at] = lastTimeNs;
    switch (code) {
      case Format.STARTED -> started(at);
      case Format.EXECUTED -> {
        task[at] = taskOf(controlLocal());
        Executable executable = TaskCodec.executable(control);
        live.executed(task[at], executable);
        subject[at] = executable;
        timeNs[at] = time();
      }
      case Format.GAP -> {
        task[at] = taskOf(controlLocal());
        sequence[at] = control.varint();
      }
      case Format.EXITED -> {
        int owner = controlLocal();
        task[at] = taskOf(owner);
        sequence[at] = expected[owner] + control.signed();
        timeNs[at] = time();
        live.remove(task[at]);
        lastLocal = -1;
      }
      case Format.BEACON -> {
        long difference = control.signed();
        timeNs[at] = time();
        sequence[at] = timeNs[at] + difference;
      }
      default -> throw new MalformedException("unknown operation " + code);
    }
  }

  private void started(int at) throws MalformedException {
    int number = control.bounded("task number", Format.MAX_TASKS - 1);
    long timestampNs = time();
    TaskStart start = TaskCodec.start(control, timestampNs);
    if (live.get(number) != null && !salvage) {
      throw new MalformedException("task " + number + " starts while another has that number");
    }
    live.put(number, start);
    introduce(number, 0);
    task[at] = number;
    subject[at] = start;
    timeNs[at] = timestampNs;
  }

  private int controlLocal() throws MalformedException {
    return control.bounded("task", locals);
  }

  /** Number of a task of the block; the first unused one is the next of the task table. */
  private int taskOf(int owner) throws MalformedException {
    if (owner == locals) {
      tableEntry();
    }
    int number = local[owner];
    if (live.get(number) == null) {
      throw new MalformedException("record of task " + number + " after its exit");
    }
    return number;
  }

  private void tableEntry() throws MalformedException {
    int number = table.bounded("task number", Format.MAX_TASKS - 1);
    long nextSequence = table.signed();
    long timestampNs = table.signed();
    TaskStart start = TaskCodec.start(table, timestampNs);
    TaskStart known = live.get(number);
    if (known == null || !known.task().equals(start.task())) {
      if (!salvage) {
        throw new MalformedException("task " + number + " is used without a start");
      }
      TaskStart resumption = LiveTasks.as(start, start.executable(), TaskStart.Origin.RESUMED);
      resumed.add(new Resumed(number, resumption));
      live.put(number, resumption);
    }
    introduce(number, nextSequence);
  }

  private void introduce(int number, long nextSequence) {
    if (locals == local.length) {
      local = Arrays.copyOf(local, locals * 2);
      expected = Arrays.copyOf(expected, locals * 2);
    }
    local[locals] = number;
    expected[locals] = nextSequence;
    locals++;
  }

  private long time() throws MalformedException {
    long delta = timesHigh.varint() << 8 | timesLow.single();
    lastTimeNs += delta >>> 1 ^ -(delta & 1);
    return lastTimeNs;
  }

  /** Shows the next record of the block. */
  public void show(RecordingVisitor visitor) {
    if (!resumed.isEmpty()) {
      Resumed first = resumed.remove();
      visitor.taskStarted(first.task, first.start);
      return;
    }
    int at = next++;
    switch (operation[at]) {
      case Format.EVENT -> {
        int from = at == 0 ? 0 : slotEnd[at - 1];
        visitor.event(
            task[at], hook[at], sequence[at], timeNs[at], features, from, slotEnd[at] - from);
      }
      case Format.STARTED -> visitor.taskStarted(task[at], (TaskStart) subject[at]);
      case Format.EXECUTED -> visitor.taskExecuted(task[at], (Executable) subject[at], timeNs[at]);
      case Format.GAP -> visitor.gap(task[at], sequence[at]);
      case Format.EXITED -> visitor.taskExited(task[at], timeNs[at], sequence[at]);
      default -> visitor.beacon(timeNs[at], sequence[at]);
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
