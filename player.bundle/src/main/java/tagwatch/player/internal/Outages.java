// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.player.OutageStatus;

/**
 * What the supervisor wrote about times without an agent. Read at each question: it completes its
 * note when the shell of the agent that it started answers.
 */
final class Outages {
  private static final Logger LOG = LoggerFactory.getLogger(Outages.class);

  private final Path file;

  /**
   * @param state null if there is no folder, and so no supervisor
   */
  Outages(Path state) {
    file = state == null ? null : state.resolve("outages.json");
  }

  OutageStatus status() {
    if (file == null || !Files.exists(file)) {
      return OutageStatus.NONE;
    }
    try {
      OutageStatus found = new Gson().fromJson(Files.readString(file), OutageStatus.class);
      return found == null ? OutageStatus.NONE : found;
    } catch (IOException | JsonParseException e) {
      LOG.warn("{}: cannot be read: {}", file, e.toString());
      return OutageStatus.NONE;
    }
  }
}
