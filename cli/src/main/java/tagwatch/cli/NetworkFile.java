// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.tflite.EngineOptions;
import tagwatch.scorer.tflite.TfliteEngine;
import tagwatch.scorer.tflite.TfliteScorer;

/** A TensorFlow Lite file on the host, to be opened without a player. */
record NetworkFile(
    String origin, int window, int classes, ByteBuffer content, Map<String, String> options)
    implements Model {

  private static final long MOST_BYTES = 64 << 20;

  /** The file beside these parameters. */
  static NetworkFile read(Path file, PublishedParameters parameters, boolean xnnpack)
      throws IOException, Failure {
    // before it is read: a device of endless zeros would fill the memory
    if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
      throw new Failure(ExitCode.FAILED, file + ": is no file of at most " + MOST_BYTES + " bytes");
    }
    return new NetworkFile(
        file.toString(),
        parameters.window(),
        parameters.classes(),
        ByteBuffer.wrap(Files.readAllBytes(file)),
        // sorted: the same pair is to give the same version
        new TreeMap<>(
            Map.of(
                EngineOptions.XNNPACK,
                Boolean.toString(xnnpack),
                EngineOptions.OTHER_CLASS,
                Integer.toString(parameters.otherClass()))));
  }

  @Override
  public ByteBuffer content() {
    return content.asReadOnlyBuffer().rewind().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Opens it; a refusal becomes the command's failure. */
  TfliteScorer open() throws Failure {
    try {
      return new TfliteEngine().open(this);
    } catch (ModelException e) {
      throw new Failure(ExitCode.FAILED, e.getMessage(), e);
    }
  }
}
