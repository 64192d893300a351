// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.recording.internal.BlockEncoder;
import tagwatch.recording.internal.HeaderCodec;
import tagwatch.recording.internal.TaskNumbers;
import tagwatch.recording.internal.Totals;

/**
 * Writes a recording. Only ever appends, one write a block: if the process or the machine dies, all
 * blocks that were forced to the disk are readable. {@link #close} writes the end block, by which a
 * reader knows that nothing is missing.
 *
 * <p>One thread at a time. Nothing is allocated per event. After an {@link IOException} the file is
 * as if the writer had died: every later call throws again, {@link #close} closes it.
 */
public final class RecordingWriter implements Closeable {
  private final String name;
  private final WritableByteChannel channel;
  private final RecordingOptions options;
  private final BlockEncoder block;
  private final TaskNumbers numbers = new TaskNumbers();
  private final Totals totals = new Totals();
  private long bytesWritten;
  private long lastForce = System.nanoTime();
  private boolean failed;
  private boolean closed;

  private RecordingWriter(
      String name, WritableByteChannel channel, RecordingHeader header, RecordingOptions options)
      throws IOException {
    this.name = name;
    this.channel = channel;
    this.options = Objects.requireNonNull(options, "options");
    write(HeaderCodec.encode(header, options.level()));
    force();
    block = new BlockEncoder(options.level());
  }

  /**
   * Creates a recording.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the file exists: a recording is never
   *     overwritten
   */
  public static RecordingWriter open(Path file, RecordingHeader header, RecordingOptions options)
      throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try {
      return new RecordingWriter(file.toString(), channel, header, options);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Writes a recording into a channel, which is closed with the writer. */
  public static RecordingWriter to(
      WritableByteChannel channel, RecordingHeader header, RecordingOptions options)
      throws IOException {
    return new RecordingWriter("recording", channel, header, options);
  }

  /**
   * Records that a task came into view.
   *
   * @return its number for the other methods, until {@link #taskExited}
   * @throws IllegalArgumentException if a text of it is longer than 65,536 bytes
   */
  public int taskStarted(TaskStart start) throws IOException {
    requireOpen();
    int task = numbers.take();
    block.started(task, start);
    totals.started(start);
    flushIfFull();
    return task;
  }

  /** Records that the task's process runs another program. */
  public void taskExecuted(int task, Executable executable, long timestampNs) throws IOException {
    requireLive(task);
    block.executed(task, executable, timestampNs);
    totals.time(timestampNs);
    flushIfFull();
  }

  /**
   * Records an event.
   *
   * @param task as {@link #taskStarted} returned it
   * @param hookId in the header's vocabulary, listed there or not
   * @param sequence the task's own count
   * @param timestampNs nanoseconds since boot
   * @param features holds the slots, 16 bits each in native byte order whatever the buffer's order
   *     is; read absolutely, the limit must not lie before their end
   * @param offset of the first slot in bytes
   * @param length in bytes, even, at most 2,048
   */
  public void event(
      int task,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer features,
      int offset,
      int length)
      throws IOException {
    requireLive(task);
    if ((length & 1) != 0 || length < 0 || length > 2048) {
      throw new IllegalArgumentException("length of features not even in 0..2048: " + length);
    }
    block.event(task, hookId, sequence, timestampNs, features, offset, length);
    totals.event(timestampNs);
    flushIfFull();
  }

  /** Records that so many events of the task are lost for good before its next one. */
  public void gap(int task, long lost) throws IOException {
    requireLive(task);
    block.gap(task, lost);
    totals.gap(lost);
    flushIfFull();
  }

  /** Records that the task is gone; its number is free. */
  public void taskExited(int task, long timestampNs, long lastSequence) throws IOException {
    requireLive(task);
    block.exited(task, timestampNs, lastSequence);
    totals.time(timestampNs);
    numbers.giveBack(task);
    flushIfFull();
  }

  /** Records what the wall clock (nanoseconds since 1970) shows at a time since boot. */
  public void beacon(long timestampNs, long wallClockNs) throws IOException {
    requireOpen();
    block.beacon(timestampNs, wallClockNs);
    totals.time(timestampNs);
    flushIfFull();
  }

  /** Writes what is collected as a block of its own and forces it to the disk. */
  public void flush() throws IOException {
    requireOpen();
    writeBlock();
    force();
  }

  /** Bytes in the file, without the block that is being collected. */
  public long bytesWritten() {
    return bytesWritten;
  }

  /** Events given to this writer, those of the block that is being collected included. */
  public long eventsWritten() {
    return totals.events();
  }

  /** Writes the rest and the end block. Idempotent. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (channel;
        block) {
      if (!failed) {
        writeBlock();
        write(block.end(totals));
        force();
      }
    }
  }

  private void flushIfFull() throws IOException {
    if (block.events() >= options.blockEvents() || block.isFull()) {
      writeBlock();
      if (System.nanoTime() - lastForce >= options.forceIntervalNs()) {
        force();
      }
    }
  }

  private void writeBlock() throws IOException {
    if (!block.isEmpty()) {
      write(block.finish());
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    failed = true;
    while (bytes.hasRemaining()) {
      bytesWritten += channel.write(bytes);
    }
    failed = false;
  }

  private void force() throws IOException {
    if (channel instanceof FileChannel file) {
      failed = true;
      file.force(false);
      failed = false;
    }
    lastForce = System.nanoTime();
  }

  private void requireOpen() throws IOException {
    if (failed || closed) {
      throw new IOException(
          name + (closed ? ": closed" : ": an earlier write failed; start another recording"));
    }
  }

  private void requireLive(int task) throws IOException {
    requireOpen();
    if (!block.isLive(task)) {
      throw new IllegalArgumentException(
          name + ": no live task has number " + task + "; use what taskStarted returned");
    }
  }
}
