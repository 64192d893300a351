// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.recording.internal.BlockDecoder;
import tagwatch.recording.internal.BlockHeader;
import tagwatch.recording.internal.MalformedException;
import tagwatch.recording.internal.RecordingFile;
import tagwatch.recording.internal.Totals;

/**
 * Reads a recording, block by block; memory does not grow with the file. A block is checked
 * completely before the first of its records is shown. A file whose last block is torn is read up
 * to there, without an exception; {@link #summary} tells.
 *
 * <p>One thread at a time. The file should not be written meanwhile: what is appended after the
 * opening is not seen.
 */
public final class RecordingReader implements Closeable {
  private final Path path;
  private final RecordingFile file;
  private final RecordingHeader header;
  private final long firstBlock;
  private final boolean salvage;
  private final BlockDecoder decoder;
  private byte[] payload = new byte[1 << 16];
  private long offset;
  private int block;
  private long events;
  private boolean ended;
  private boolean complete;
  private RecordingException damage;
  private long damagedEvents;
  private boolean damagedHeader;
  private boolean skipPending;
  private long skippedEvents;
  private RecordingException skippedCause;

  private RecordingReader(Path path, RecordingFile file, DamagePolicy policy) throws IOException {
    this.path = path;
    this.file = file;
    RecordingFile.Opening opening = file.header();
    header = opening.header();
    firstBlock = opening.end();
    offset = firstBlock;
    salvage = policy == DamagePolicy.SALVAGE;
    decoder = new BlockDecoder(salvage);
  }

  /** Opens with {@link DamagePolicy#STOP}. */
  public static RecordingReader open(Path file) throws IOException {
    return open(file, DamagePolicy.STOP);
  }

  /**
   * Opens a recording and reads its header.
   *
   * @throws RecordingException if the header is damaged or of another version; with {@link
   *     DamagePolicy#STRICT} also if anything else is damaged
   */
  public static RecordingReader open(Path file, DamagePolicy policy) throws IOException {
    RecordingFile bytes = RecordingFile.open(file);
    try {
      RecordingReader reader = new RecordingReader(file, bytes, policy);
      if (policy == DamagePolicy.STRICT) {
        reader.count();
      }
      return reader;
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /** What the recording says about itself. */
  public RecordingHeader header() {
    return header;
  }

  /**
   * Shows the next record.
   *
   * @return false if there is none: the end of the file, or of what is usable of it
   * @throws RecordingException if the next block is damaged and the policy does not skip it
   */
  public boolean next(RecordingVisitor visitor) throws IOException {
    if (!load()) {
      return false;
    }
    if (skipPending) {
      skipPending = false;
      visitor.skipped(skippedEvents, skippedCause);
    } else {
      decoder.show(visitor);
    }
    return true;
  }

  /** Shows up to so many records and returns how many; 0 at the end. See {@link #next}. */
  public int read(RecordingVisitor visitor, int limit) throws IOException {
    int done = 0;
    while (done < limit && next(visitor)) {
      done++;
    }
    return done;
  }

  /**
   * Nanoseconds since boot of the record that {@link #next} would show ({@link Long#MAX_VALUE} at
   * the end); a record without a time has that of the one before it.
   */
  public long nextTimestampNs() throws IOException {
    if (!load()) {
      return Long.MAX_VALUE;
    }
    return decoder.hasNext() ? decoder.nextTimeNs() : Long.MIN_VALUE;
  }

  /**
   * What is in the file. Quick for a complete recording, which says so itself; any other, and any
   * with {@link DamagePolicy#SALVAGE}, is read once, and what was skipped counts as lost. Does not
   * change what {@link #next} shows.
   *
   * @throws RecordingException if a block is damaged and the policy does not skip it
   */
  public RecordingSummary summary() throws IOException {
    RecordingSummary told = salvage ? null : told();
    return told == null ? count() : told;
  }

  /** The end block's word, if the headers of the blocks lead to it. */
  private RecordingSummary told() throws IOException {
    long at = firstBlock;
    try {
      while (file.size() - at >= BlockHeader.LENGTH) {
        BlockHeader next = BlockHeader.read(file.read(at, BlockHeader.LENGTH), 0);
        long end = at + BlockHeader.LENGTH + next.compressed();
        if (end > file.size()) {
          return null;
        }
        if (next.end()) {
          byte[] bytes = file.read(at + BlockHeader.LENGTH, next.compressed()).array();
          BlockDecoder.checkPayload(next, bytes);
          try (BlockDecoder fresh = new BlockDecoder(false)) {
            return fresh.totals(next, bytes).summary(true, end, file.size() - end);
          }
        }
        at = end;
      }
      return null;
    } catch (MalformedException e) {
      return null;
    }
  }

  private RecordingSummary count() throws IOException {
    DamagePolicy policy = salvage ? DamagePolicy.SALVAGE : DamagePolicy.STOP;
    try (RecordingReader whole = open(path, policy)) {
      Totals totals = new Totals();
      Counting counting = new Counting(totals);
      while (whole.next(counting)) {
        // counting is all there is to do
      }
      return totals.summary(whole.complete, whole.offset, whole.file.size() - whole.offset);
    }
  }

  private boolean load() throws IOException {
    while (!skipPending && !decoder.hasNext()) {
      if (ended) {
        return false;
      }
      advance();
    }
    return true;
  }

  private void advance() throws IOException {
    long left = file.size() - offset;
    if (left < BlockHeader.LENGTH) {
      end();
      return;
    }
    BlockHeader next;
    try {
      next = BlockHeader.read(file.read(offset, BlockHeader.LENGTH), 0);
    } catch (MalformedException e) {
      lostHeader(e);
      return;
    }
    if (next.compressed() > left - BlockHeader.LENGTH) {
      end();
      return;
    }
    if (inOrder(next)) {
      open(next);
    }
  }

  private void lostHeader(MalformedException e) throws IOException {
    if (file.zerosFrom(offset)) {
      end();
      return;
    }
    damaged(e.getMessage());
    damagedHeader = true;
    long found = file.findBlock(offset + 1);
    if (found < 0) {
      end();
    } else {
      offset = found;
    }
  }

  /** Blocks that were cut out or pasted in have good checksums: their order gives them away. */
  private boolean inOrder(BlockHeader next) throws IOException {
    if (next.index() == block && next.eventsBefore() == events) {
      return true;
    }
    boolean later = next.index() >= block && next.eventsBefore() >= events;
    if (damage == null || !later) {
      damaged(
          "block index is "
              + next.index()
              + " after "
              + next.eventsBefore()
              + " events, expected is "
              + block
              + " after "
              + events);
    }
    if (!later) {
      offset += BlockHeader.LENGTH + next.compressed();
    }
    return later;
  }

  private void open(BlockHeader next) throws IOException {
    long payloadOffset = offset + BlockHeader.LENGTH;
    if (payload.length < next.compressed()) {
      payload = new byte[next.compressed()];
    }
    file.read(payloadOffset, payload, next.compressed());
    try {
      BlockDecoder.checkPayload(next, payload);
    } catch (MalformedException e) {
      damaged(e.getMessage());
      damagedEvents += next.events();
      offset = payloadOffset + next.compressed();
      block = Math.max(block, next.index());
      return;
    }
    if (damage != null) {
      skip(next.eventsBefore() - events);
    }
    try {
      take(next);
    } catch (MalformedException e) {
      // A good checksum over a wrong content is no damage: whoever wrote this is not to be trusted
      // any further, so not even salvage goes on.
      ended = true;
      throw file.damaged(offset, next.index(), e.getMessage());
    }
    offset = payloadOffset + next.compressed();
    if (next.end() && offset != file.size()) {
      damaged((file.size() - offset) + " bytes follow the end block");
      if (!skipPending) {
        skip(0);
      }
    }
  }

  private void take(BlockHeader next) throws MalformedException {
    block = next.index() + 1;
    if (next.end()) {
      Totals totals = decoder.totals(next, payload);
      if (totals.events() != next.eventsBefore()) {
        throw new MalformedException(
            "events in total are " + next.eventsBefore() + ", stored is " + totals.events());
      }
      ended = true;
      complete = true;
    } else {
      decoder.decode(next, payload);
      events = next.eventsBefore() + next.events();
    }
  }

  private void damaged(String reason) throws RecordingException {
    RecordingException found = file.damaged(offset, block, reason);
    if (!salvage) {
      ended = true;
      throw found;
    }
    if (damage == null) {
      damage = found;
    }
  }

  private void skip(long unknown) {
    skipPending = true;
    skippedEvents = unknown;
    skippedCause = damage;
    damage = null;
    damagedEvents = 0;
    damagedHeader = false;
  }

  private void end() {
    ended = true;
    if (damage != null) {
      skip(damagedHeader ? -1 : damagedEvents);
    }
  }

  @Override
  public void close() throws IOException {
    try (file;
        decoder) {
      ended = true;
    }
  }

  private record Counting(Totals totals) implements RecordingVisitor {
    @Override
    public void taskStarted(int task, TaskStart start) {
      totals.started(start);
    }

    @Override
    public void taskExecuted(int task, Executable executable, long timestampNs) {
      totals.time(timestampNs);
    }

    @Override
    public void event(
        int task, int hookId, long sequence, long timeNs, ByteBuffer slots, int from, int length) {
      totals.event(timeNs);
    }

    @Override
    public void gap(int task, long lost) {
      totals.gap(lost);
    }

    @Override
    public void taskExited(int task, long timestampNs, long lastSequence) {
      totals.time(timestampNs);
    }

    @Override
    public void beacon(long timestampNs, long wallClockNs) {
      totals.time(timestampNs);
    }

    @Override
    public void skipped(long events, RecordingException cause) {
      totals.gap(Math.max(0, events));
    }
  }
}
