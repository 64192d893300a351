// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last-good sets of all tags, in one file with its own checksum: it is there as a whole, and
 * damage is noticed. Before it is replaced it is kept as {@code tags.json.before}, which is read
 * when it is damaged. Models are kept before a set names them.
 */
final class LastGoodFile {
  private static final Logger LOG = LoggerFactory.getLogger(LastGoodFile.class);
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * The file.
   *
   * @param sha256 of the sets as they are written
   */
  private record Content(String sha256, Map<Integer, LastGood> tags) {
    static Content of(Map<Integer, LastGood> tags) {
      return new Content(checksum(tags), tags);
    }

    boolean whole() {
      return tags != null && checksum(tags).equals(sha256);
    }

    private static String checksum(Map<Integer, LastGood> tags) {
      return StoredModel.sha256(StandardCharsets.UTF_8.encode(GSON.toJson(tags)));
    }
  }

  private final Path file;
  private final Path before;
  private final Map<Integer, LastGood> tags;

  /** Reads the file; without one, or without a folder for it (null), there are no sets. */
  LastGoodFile(Path folder) {
    file = folder == null ? null : folder.resolve("tags.json");
    before = folder == null ? null : folder.resolve("tags.json.before");
    tags = read();
  }

  private Map<Integer, LastGood> read() {
    if (file == null || (!Files.exists(file) && !Files.exists(before))) {
      return new TreeMap<>();
    }
    for (Path candidate : new Path[] {file, before}) {
      try {
        Content content =
            GSON.fromJson(Files.readString(candidate), new TypeToken<Content>() {}.getType());
        if (content != null && content.whole()) {
          return new TreeMap<>(content.tags);
        }
        LOG.error("{}: its checksum does not match, it is not used", candidate);
      } catch (IOException | JsonParseException e) {
        LOG.error("{}: cannot be read: {}", candidate, e.toString());
      }
    }
    LOG.error("{}: no complete set is left, gates and models start anew", file);
    return new TreeMap<>();
  }

  synchronized LastGood of(int tag) {
    return tags.getOrDefault(tag, LastGood.NOTHING);
  }

  /** Changes a tag's set; it is on the disk when this returns. */
  synchronized LastGood change(int tag, UnaryOperator<LastGood> change) {
    LastGood was = of(tag);
    LastGood now = change.apply(was);
    if (!now.equals(was)) {
      tags.put(tag, now);
      write();
    }
    return now;
  }

  private void write() {
    if (file == null) {
      return;
    }
    try {
      Files.createDirectories(file.getParent());
      if (Files.exists(file)) {
        Durable.write(before, ByteBuffer.wrap(Files.readAllBytes(file)));
      }
      Durable.write(file, StandardCharsets.UTF_8.encode(GSON.toJson(Content.of(tags)) + "\n"));
    } catch (IOException e) {
      LOG.error("{}: cannot be written, a restart will not find the present set: {}", file, e);
    }
  }
}
