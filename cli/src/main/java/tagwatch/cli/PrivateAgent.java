// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import tagwatch.agent.AgentClient;
import tagwatch.agent.AgentException;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;

/** An agent for one command, in a home of its own that goes with it. */
final class PrivateAgent implements Closeable {
  private final AgentHome home;
  private final ProcessHandle process;
  private final AgentClient client;

  private PrivateAgent(AgentHome home, ProcessHandle process, AgentClient client) {
    this.home = home;
    this.process = process;
    this.client = client;
  }

  /** Starts it with these configurations, by PID. */
  static PrivateAgent start(Map<String, Map<String, Object>> configurations)
      throws IOException, Failure {
    AgentHome home = new AgentHome(Files.createTempDirectory("tagwatch"));
    try {
      for (Map.Entry<String, Map<String, Object>> entry : configurations.entrySet()) {
        home.configure(entry.getKey(), entry.getValue());
      }
      return launch(home);
    } catch (IOException | Failure | RuntimeException e) {
      delete(home.root());
      throw e;
    }
  }

  private static PrivateAgent launch(AgentHome home) throws IOException, Failure {
    // Detached, because Ctrl-C goes to the whole foreground group: it would end the agent before
    // the command had the last of it.
    long pid = new AgentLauncher(home, Tree.runtime()).startDetached();
    ProcessHandle process =
        ProcessHandle.of(pid)
            .orElseThrow(() -> new AgentException("the agent ended at once; try again"));
    return new PrivateAgent(home, process, AgentClient.connect(home.socket()));
  }

  AgentClient client() {
    return client;
  }

  AgentHome home() {
    return home;
  }

  @Override
  public void close() throws IOException {
    client.close();
    try {
      StopCommand.end(process);
    } catch (Failure e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the private agent ended", e);
    } finally {
      delete(home.root());
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path emptied, IOException failure)
              throws IOException {
            Files.delete(emptied);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
