// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;

/**
 * Collects the records of one block as columns and makes the block of them. A block refers to
 * nothing outside itself: tasks that started earlier are told again in its task table.
 */
public final class BlockEncoder implements AutoCloseable {
  private static final boolean NATIVE_IS_LITTLE =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private final Column table = new Column(1 << 10);
  private final Column control = new Column(1 << 12);
  private final Column operations = new Column(1 << 15);
  private final Column tasks = new Column(1 << 15);
  private final Column sequences = new Column(1 << 15);
  private final Column timesLow = new Column(1 << 15);
  private final Column timesHigh = new Column(1 << 15);
  private final Column features = new Column(1 << 15);
  private final Column[] columns = {
    table, control, operations, tasks, sequences, timesLow, timesHigh, features
  };
  private final Column raw = new Column(1 << 18);
  private final SymbolTable symbols = new SymbolTable();
  private final Deflate deflate;
  private final LiveTasks live = new LiveTasks();

  private long[] expected = new long[64];
  private int[] localOf = new int[64];
  private int[] seenInBlock = new int[64];
  private int block;
  private int locals;
  private int lastTask = -1;
  private long lastTimeNs;
  private int events;
  private int records;
  private long eventsBefore;

  /** Compresses at a level of {@link java.util.zip.Deflater}. */
  public BlockEncoder(int level) {
    deflate = new Deflate(level);
    Arrays.fill(seenInBlock, -1);
  }

  /** Events of the open block. */
  public int events() {
    return events;
  }

  /** Whether the open block has any record. */
  public boolean isEmpty() {
    return records == 0;
  }

  /** Whether the open block must be closed, however many events it has. */
  public boolean isFull() {
    int size = 0;
    for (Column column : columns) {
      size += column.length();
    }
    return records >= Format.MAX_RECORDS || size > Format.MAX_UNCOMPRESSED / 2;
  }

  /** Whether the number stands for a task that has started and not exited. */
  public boolean isLive(int task) {
    return live.get(task) != null;
  }

  /** Records a start under a number that is free. */
  public void started(int task, TaskStart start) {
    begin(Format.STARTED);
    grow(task);
    live.put(task, start);
    expected[task] = 0;
    introduce(task);
    control.varint(task);
    TaskCodec.write(control, start);
    time(start.timestampNs());
  }

  /** Records another program. */
  public void executed(int task, Executable executable, long timestampNs) {
    begin(Format.EXECUTED);
    control.varint(local(task));
    TaskCodec.write(control, executable);
    live.executed(task, executable);
    time(timestampNs);
  }

  /** Records an event. */
  public void event(
      int task,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer slots,
      int offset,
      int length) {
    int count = length >> 1;
    int known = symbols.size();
    int symbol = symbols.symbol(hookId, count);
    begin(Format.EVENT + symbol);
    if (symbol == known) {
      control.varint(Integer.toUnsignedLong(hookId));
      control.varint(count);
    }
    tasks.varint(task == lastTask ? 0 : local(task) + 1);
    lastTask = task;
    sequences.signed(sequence - expected[task]);
    expected[task] = sequence + 1;
    time(timestampNs);
    boolean swap = (slots.order() == ByteOrder.LITTLE_ENDIAN) != NATIVE_IS_LITTLE;
    for (int i = 0; i < count; i++) {
      short slot = slots.getShort(offset + 2 * i);
      features.varint((swap ? Short.reverseBytes(slot) : slot) & 0xffff);
    }
    events++;
  }

  /** Records a loss. */
  public void gap(int task, long lost) {
    begin(Format.GAP);
    control.varint(local(task));
    control.varint(lost);
  }

  /** Records an exit; the number is free afterwards. */
  public void exited(int task, long timestampNs, long lastSequence) {
    begin(Format.EXITED);
    control.varint(local(task));
    control.signed(lastSequence - expected[task]);
    time(timestampNs);
    live.remove(task);
    seenInBlock[task] = -1;
    lastTask = -1;
  }

  /** Records what the wall clock showed. */
  public void beacon(long timestampNs, long wallClockNs) {
    begin(Format.BEACON);
    control.signed(wallClockNs - timestampNs);
    time(timestampNs);
  }

  private void begin(int operation) {
    operations.varint(operation);
    records++;
  }

  /** The low bytes are noise: kept apart, they do not spoil the statistics of the high part. */
  private void time(long timestampNs) {
    long delta = Column.zigzag(timestampNs - lastTimeNs);
    timesLow.single((int) delta);
    timesHigh.varint(delta >>> 8);
    lastTimeNs = timestampNs;
  }

  private int local(int task) {
    if (seenInBlock[task] != block) {
      table.varint(task);
      table.signed(expected[task]);
      table.signed(live.get(task).timestampNs());
      TaskCodec.write(table, live.get(task));
      introduce(task);
    }
    return localOf[task];
  }

  private void introduce(int task) {
    seenInBlock[task] = block;
    localOf[task] = locals++;
  }

  private void grow(int task) {
    int old = expected.length;
    if (task >= old) {
      int size = Math.max(old * 2, task + 1);
      expected = Arrays.copyOf(expected, size);
      localOf = Arrays.copyOf(localOf, size);
      seenInBlock = Arrays.copyOf(seenInBlock, size);
      Arrays.fill(seenInBlock, old, size, -1);
    }
  }

  /** Closes the open block and returns it ready to be written; valid until the next call. */
  public ByteBuffer finish() {
    raw.clear();
    for (Column column : columns) {
      raw.varint(column.length());
    }
    for (Column column : columns) {
      raw.append(column);
      column.clear();
    }
    ByteBuffer bytes = seal(false);
    eventsBefore += events;
    block++;
    locals = 0;
    lastTask = -1;
    lastTimeNs = 0;
    events = 0;
    records = 0;
    symbols.clear();
    return bytes;
  }

  /** The end block; the open block has to be empty. */
  public ByteBuffer end(Totals totals) {
    raw.clear();
    totals.write(raw);
    return seal(true);
  }

  private ByteBuffer seal(boolean end) {
    int whole = deflate.compress(raw.bytes(), raw.length(), BlockHeader.LENGTH);
    int compressed = whole - BlockHeader.LENGTH;
    byte[] bytes = deflate.output();
    int crc = Format.crc(bytes, BlockHeader.LENGTH, compressed);
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, whole).order(ByteOrder.LITTLE_ENDIAN);
    new BlockHeader(end, block, eventsBefore, events, records, raw.length(), compressed, crc)
        .write(buffer);
    return buffer;
  }

  @Override
  public void close() {
    deflate.close();
  }
}
