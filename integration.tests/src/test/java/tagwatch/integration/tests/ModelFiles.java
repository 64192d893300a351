// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tagwatch.player.LearnReport;

/** A model as files: to be copied into the models folder as somebody on the device would. */
final class ModelFiles {
  static final String CONTENT = "model.bin";
  static final String MANIFEST = "manifest.json";

  private final byte[] content;
  private final String manifest;

  private ModelFiles(byte[] content, String manifest) {
    this.content = content;
    this.manifest = manifest;
  }

  String version() {
    return manifest.replaceFirst("(?s).*\"version\": \"([^\"]+)\".*", "$1");
  }

  ModelFiles withManifest(String other) {
    return new ModelFiles(content, other);
  }

  static ModelFiles of(LearnReport report) throws IOException {
    return new ModelFiles(
        Files.readAllBytes(report.folder().resolve(CONTENT)),
        Files.readString(report.folder().resolve(MANIFEST)));
  }

  ModelFiles with(String field, String before, String after) {
    String quoted = "\"" + field + "\": ";
    if (!manifest.contains(quoted + before)) {
      throw new AssertionError("no " + quoted + before + " in " + manifest);
    }
    return new ModelFiles(content, manifest.replace(quoted + before, quoted + after));
  }

  ModelFiles withContent(byte[] other) {
    return new ModelFiles(other, manifest);
  }

  ModelFiles truncated() {
    byte[] half = new byte[content.length / 2];
    ByteBuffer.wrap(content).get(half);
    return new ModelFiles(half, manifest);
  }

  ModelFiles withFlippedBit() {
    byte[] flipped = content.clone();
    flipped[flipped.length / 2] ^= 1;
    return new ModelFiles(flipped, manifest);
  }

  /** As somebody would who wants the damage not to be noticed. */
  ModelFiles withChecksumOfItsContent() {
    try {
      String sha256 =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
      return new ModelFiles(
          content, manifest.replaceFirst("\"sha256\": \"\\w+\"", "\"sha256\": \"" + sha256 + "\""));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Content first, the manifest renamed in last. */
  Path copyTo(Path folder) throws IOException {
    Path beside = copyUncommitted(folder);
    Files.move(
        beside,
        folder.resolve(MANIFEST),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    return folder;
  }

  /** All but the renaming; returns the file that is still to be renamed. */
  Path copyUncommitted(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(CONTENT), content);
    Path beside = folder.resolve(MANIFEST + ".part");
    Files.write(beside, manifest.getBytes(StandardCharsets.UTF_8));
    return beside;
  }
}
