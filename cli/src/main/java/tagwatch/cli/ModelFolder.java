// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One model as learning leaves it.
 *
 * @param tag the tag
 * @param version name of the folder
 * @param path the folder
 */
record ModelFolder(int tag, String version, Path path) {
  private static final String MANIFEST = "manifest.json";

  static boolean exists(Path models, int tag) {
    return Files.isDirectory(models.resolve(Integer.toString(tag)));
  }

  /** The model in a folder that somebody named. */
  static ModelFolder at(Path folder) throws IOException, Failure {
    Path manifest = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(manifest)) {
      throw new Failure(
          ExitCode.FAILED,
          folder
              + ": holds no "
              + MANIFEST
              + "; name the folder of one model, e.g. models/13107/markov-2d61e5731c16");
    }
    try {
      JsonObject fields = JsonParser.parseString(Files.readString(manifest)).getAsJsonObject();
      return new ModelFolder(
          fields.get("tag").getAsInt(), fields.get("version").getAsString(), folder);
    } catch (RuntimeException e) {
      // whatever is wrong with it, the agent says it better when it reads the model
      throw new Failure(
          ExitCode.FAILED, manifest + ": is no manifest of a model: " + e.getMessage(), e);
    }
  }

  /** The model of that version; of the newest if {@code version} is null. */
  static ModelFolder find(Path models, int tag, String version) throws IOException, Failure {
    Path folder = models.resolve(Integer.toString(tag));
    Map<Path, FileTime> found = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> versions = Files.list(folder)) {
        for (Path candidate : versions.toList()) {
          Path manifest = candidate.resolve(MANIFEST);
          if (Files.isRegularFile(manifest)) {
            found.put(candidate, Files.getLastModifiedTime(manifest));
          }
        }
      }
    }
    return found.entrySet().stream()
        .filter(e -> version == null || e.getKey().getFileName().toString().equals(version))
        .max(Map.Entry.comparingByValue())
        .map(e -> new ModelFolder(tag, e.getKey().getFileName().toString(), e.getKey()))
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.FAILED,
                    "no model "
                        + (version == null ? "" : version + " ")
                        + "in "
                        + folder
                        + "; there are "
                        + found.keySet().stream().map(Path::getFileName).toList()));
  }

  /** Copies it; the manifest comes last, because it is what makes a folder a model. */
  void copyInto(Path models) throws IOException {
    Path target = Files.createDirectories(models.resolve(Integer.toString(tag)).resolve(version));
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(path)) {
      all.filter(Files::isRegularFile).forEach(files::add);
    }
    files.sort(Comparator.comparing(file -> file.endsWith(MANIFEST)));
    for (Path file : files) {
      Files.copy(file, target.resolve(file.getFileName()));
    }
  }
}
