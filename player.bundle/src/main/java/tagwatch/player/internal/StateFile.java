// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.player.Gate;

/**
 * What has to outlive a restart: which model runs for a tag, and the gate of each model. Written
 * beside and renamed in, so that a reader finds the old state or the new one.
 */
final class StateFile {
  private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /**
   * State of a tag.
   *
   * @param model version that runs
   * @param gates gate by version
   */
  record TagState(String model, Map<String, Gate> gates) {}

  private final Path file;
  private final Map<Integer, TagState> tags;

  /** Reads the file; without one, or without a folder for it (null), the state is empty. */
  StateFile(Path folder) {
    this.file = folder == null ? null : folder.resolve("tags.json");
    this.tags = read();
  }

  private Map<Integer, TagState> read() {
    if (file == null || !Files.exists(file)) {
      return new TreeMap<>();
    }
    try {
      Map<Integer, TagState> found =
          GSON.fromJson(
              Files.readString(file), new TypeToken<TreeMap<Integer, TagState>>() {}.getType());
      return found == null ? new TreeMap<>() : found;
    } catch (IOException | JsonParseException e) {
      LOG.error("{}: cannot be read, gates and models start anew: {}", file, e.getMessage());
      return new TreeMap<>();
    }
  }

  synchronized String model(int tag) {
    TagState state = tags.get(tag);
    return state == null || state.model == null ? "" : state.model;
  }

  /** The gate that was set for a model, or the one given. */
  synchronized Gate gate(int tag, String version, Gate otherwise) {
    TagState state = tags.get(tag);
    Gate gate = state == null || state.gates == null ? null : state.gates.get(version);
    return gate == null ? otherwise : gate;
  }

  /** The model that runs; its gate stays as it was set, or that of the configuration. */
  synchronized void running(int tag, String version) {
    if (!model(tag).equals(version)) {
      tags.put(tag, new TagState(version, gates(tag)));
      write();
    }
  }

  /** The running model and the gate that somebody set for it. */
  synchronized void put(int tag, String version, Gate gate) {
    Map<String, Gate> gates = gates(tag);
    gates.put(version, gate);
    tags.put(tag, new TagState(version, gates));
    write();
  }

  private Map<String, Gate> gates(int tag) {
    TagState before = tags.get(tag);
    return new TreeMap<>(before == null || before.gates == null ? Map.of() : before.gates);
  }

  private void write() {
    if (file == null) {
      return;
    }
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel channel =
          FileChannel.open(
              beside,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer rest = StandardCharsets.UTF_8.encode(GSON.toJson(tags) + "\n");
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.error("{}: cannot be written, a restart will not find the present gates: {}", file, e);
    }
  }
}
