// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;

/**
 * A model whose manifest and content belong together. The content is held in memory: removing or
 * changing the file never touches a model that runs.
 */
final class StoredModel implements Model {
  private static final long MAX_BYTES = 256L << 20;

  private final Path folder;
  private final ModelManifest manifest;
  private final ByteBuffer content;

  private StoredModel(Path folder, ModelManifest manifest, ByteBuffer content) {
    this.folder = folder;
    this.manifest = manifest;
    this.content = content;
  }

  /** A model that was just learned; not on disk yet. */
  static StoredModel of(Path folder, ModelManifest manifest, ByteBuffer content) {
    return new StoredModel(folder, manifest, content);
  }

  /**
   * Reads the model whose manifest this is; refuses it if the content's checksum does not match.
   */
  static StoredModel read(Path manifestFile) throws ModelException {
    ModelManifest manifest = ModelManifest.read(manifestFile);
    Path file = manifestFile.resolveSibling(manifest.content());
    try {
      // a pipe would block whoever reads it, for ever
      if (!Files.isRegularFile(file)) {
        throw new ModelException(
            manifestFile
                + ": field 'content' is "
                + manifest.content()
                + ", allowed is the name of a file in the same folder; there is none");
      }
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new ModelException(file + ": " + size + " bytes, allowed are " + MAX_BYTES);
      }
      byte[] bytes = Files.readAllBytes(file);
      String found = sha256(ByteBuffer.wrap(bytes));
      if (!found.equals(manifest.sha256())) {
        throw new ModelException(
            file
                + ": field 'sha256' of the manifest is "
                + manifest.sha256()
                + " but the "
                + bytes.length
                + " bytes of content have "
                + found
                + "; copy the model again");
      }
      return new StoredModel(manifestFile.getParent(), manifest, ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be read: " + e, e);
    }
  }

  static String sha256(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes.duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  ModelManifest manifest() {
    return manifest;
  }

  Path folder() {
    return folder;
  }

  @Override
  public String origin() {
    return folder.toString();
  }

  @Override
  public int window() {
    return manifest.window();
  }

  @Override
  public int classes() {
    return manifest.symbols().size() + 1;
  }

  @Override
  public ByteBuffer content() {
    return content.asReadOnlyBuffer().rewind().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public Map<String, String> options() {
    return manifest.options();
  }
}
