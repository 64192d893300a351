// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A training on disk, named by what it learns and how. Written beside and renamed in, so a process
 * that dies at any moment leaves the last whole pass; one that is damaged counts as none.
 *
 * <pre>
 *  0  magic 'T' 'W' 'T' 'R' 'A' 'I' 'N' 1
 *  8  finished, passes since the best, passes done p, steps (u64), rate (f64)
 * 36  losses: p of the learned, p of the held-out rows (f32)
 *     weights, best weights, means, variances: the topology's tensors one behind the other (f32)
 *     CRC32C of all before it
 * </pre>
 */
final class Checkpoint {
  private static final long MAGIC = 0x014e_4941_5254_5754L;
  private static final int HEADER = 36;
  private static final int TENSOR_SETS = 4;
  private static final String SUFFIX = ".training";
  private static final int KEPT = 12;

  private final Path file;

  /**
   * Makes the folder if it is not there.
   *
   * @param key names what is learned: hexadecimal digits
   */
  Checkpoint(Path folder, String key) throws IOException {
    Files.createDirectories(folder);
    this.file = folder.resolve(key + SUFFIX);
  }

  /** The training as it was last written; empty if there is none that is whole. */
  Optional<Training> read(Topology topology) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int end = bytes.limit() - Integer.BYTES;
    if (end < HEADER || bytes.getLong() != MAGIC || bytes.getInt(end) != checksum(bytes, end)) {
      return Optional.empty();
    }
    boolean finished = bytes.getInt() != 0;
    int sinceBest = bytes.getInt();
    int passes = bytes.getInt();
    long steps = bytes.getLong();
    double rate = bytes.getDouble();
    int[] sizes = topology.sizes();
    long floats = 2L * passes + TENSOR_SETS * (long) Weights.count(sizes);
    if (passes < 0 || end - HEADER != floats * Float.BYTES) {
      return Optional.empty();
    }
    List<Float> learned = losses(bytes, passes);
    List<Float> heldOut = losses(bytes, passes);
    Weights weights = new Weights(topology, tensors(bytes, sizes));
    Weights best = new Weights(topology, tensors(bytes, sizes));
    Adam adam = new Adam(tensors(bytes, sizes), tensors(bytes, sizes), steps);
    Training training = new Training(weights, adam, best, rate);
    training.learnedLoss.addAll(learned);
    training.heldOutLoss.addAll(heldOut);
    training.sinceBest = sinceBest;
    training.finished = finished;
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    return Optional.of(training);
  }

  /** Replaces what is there. */
  void write(Training training) throws IOException {
    int floats = 2 * training.epochs() + TENSOR_SETS * training.weights.count();
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER + floats * Float.BYTES + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(MAGIC)
            .putInt(training.finished ? 1 : 0)
            .putInt(training.sinceBest)
            .putInt(training.epochs())
            .putLong(training.adam.steps())
            .putDouble(training.rate);
    training.learnedLoss.forEach(bytes::putFloat);
    training.heldOutLoss.forEach(bytes::putFloat);
    put(bytes, training.weights.tensors());
    put(bytes, training.best.tensors());
    put(bytes, training.adam.means());
    put(bytes, training.adam.variances());
    bytes.putInt(checksum(bytes, bytes.position())).flip();
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes the oldest trainings of the folder, save some. */
  void clear() throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.list(file.getParent())) {
      all = files.filter(found -> found.toString().endsWith(SUFFIX)).toList();
    }
    Comparator<Path> byAge = Comparator.comparing(found -> found.toFile().lastModified());
    for (Path old : all.stream().sorted(byAge.reversed()).skip(KEPT).toList()) {
      Files.deleteIfExists(old);
    }
  }

  private static List<Float> losses(ByteBuffer bytes, int passes) {
    return Stream.generate(bytes::getFloat).limit(passes).toList();
  }

  private static float[][] tensors(ByteBuffer bytes, int[] sizes) {
    float[][] tensors = Adam.zeros(sizes);
    for (float[] tensor : tensors) {
      bytes.asFloatBuffer().get(tensor);
      bytes.position(bytes.position() + tensor.length * Float.BYTES);
    }
    return tensors;
  }

  private static void put(ByteBuffer bytes, float[][] tensors) {
    for (float[] tensor : tensors) {
      bytes.asFloatBuffer().put(tensor);
      bytes.position(bytes.position() + tensor.length * Float.BYTES);
    }
  }

  private static int checksum(ByteBuffer bytes, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(end));
    return (int) crc.getValue();
  }
}
