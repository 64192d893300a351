// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The folder in which an agent keeps everything.
 *
 * @param root the folder; made absolute
 */
public record AgentHome(Path root) {
  // The kernel's sockaddr_un holds 108 bytes, the closing zero included.
  private static final int LONGEST_SOCKET_PATH = 107;
  private static final Pattern PID = Pattern.compile("[A-Za-z0-9_.]+(-[A-Za-z0-9_.-]+)?");

  /**
   * Throws {@link IllegalArgumentException} for a path with a comma, which the list of watched
   * folders could not carry, or one that is too long for the socket.
   */
  public AgentHome {
    root = root.toAbsolutePath().normalize();
    if (root.toString().contains(",")) {
      throw new IllegalArgumentException(
          "home folder " + root + " contains a comma; choose another path");
    }
    int length = root.resolve("run/agent.sock").toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_SOCKET_PATH) {
      throw new IllegalArgumentException(
          "home folder "
              + root
              + " is too long: the path of its socket has "
              + length
              + " bytes, a Unix socket's at most "
              + LONGEST_SOCKET_PATH);
    }
  }

  /** Configuration files, one a PID. */
  public Path conf() {
    return root.resolve("conf");
  }

  /** Bundles that are installed when they are dropped in. */
  public Path bundles() {
    return root.resolve("bundles");
  }

  /** Models: {@code TAG/VERSION/manifest.json} and its content. */
  public Path models() {
    return root.resolve("models");
  }

  /** What the player keeps over restarts. */
  public Path state() {
    return root.resolve("state");
  }

  /** The shell's socket. */
  public Path socket() {
    return root.resolve("run").resolve("agent.sock");
  }

  /** What the agent prints and logs; appended to by each start. */
  public Path log() {
    return root.resolve("log").resolve("agent.log");
  }

  /** Makes the folders that are missing, for their owner only. */
  public AgentHome create() throws IOException {
    for (Path folder :
        List.of(conf(), bundles(), models(), state(), socket().getParent(), log().getParent())) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return this;
  }

  /**
   * Writes the configuration of a watched tag; a running agent takes it up at once.
   *
   * @param name names the configuration, by custom the tag
   * @param values see {@link #configure}
   */
  public Path configureTag(String name, Map<String, ?> values) throws IOException {
    return configure("tagwatch.tag-" + name, values);
  }

  /**
   * Writes {@code conf/PID.cfg} in one step, so that a running agent never reads half of it.
   *
   * @param pid a PID, or factory PID, hyphen and name
   * @param values strings, numbers and booleans; a list becomes an array of strings
   */
  public Path configure(String pid, Map<String, ?> values) throws IOException {
    Path file = configurationFile(pid);
    create();
    // Not in conf/: the agent's watcher would see the unfinished file there.
    Path draft = Files.createTempFile(socket().getParent(), pid, ".draft");
    try {
      Files.writeString(draft, ConfigurationFile.text(values), StandardCharsets.US_ASCII);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
    return file;
  }

  /** Takes a configuration away; nothing happens if there is none. */
  public void unconfigure(String pid) throws IOException {
    Files.deleteIfExists(configurationFile(pid));
  }

  private Path configurationFile(String pid) {
    if (!PID.matcher(pid).matches()) {
      throw new IllegalArgumentException(
          "'" + pid + "' is not a PID: letters, digits, points, and a name after a hyphen");
    }
    return conf().resolve(pid + ".cfg");
  }
}
