// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import tagwatch.agent.AgentClient;
import tagwatch.agent.AgentException;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;

/** An agent for one command, in a home of its own that goes with it. */
final class PrivateAgent implements Closeable {
  private final TemporaryFolder folder;
  private final AgentHome home;
  private final ProcessHandle process;
  private final AgentClient client;

  private PrivateAgent(
      TemporaryFolder folder, AgentHome home, ProcessHandle process, AgentClient client) {
    this.folder = folder;
    this.home = home;
    this.process = process;
    this.client = client;
  }

  /** Starts it with these configurations, by PID. */
  static PrivateAgent start(Map<String, Map<String, Object>> configurations)
      throws IOException, Failure {
    TemporaryFolder folder = TemporaryFolder.create();
    try {
      AgentHome home = new AgentHome(folder.path());
      for (Map.Entry<String, Map<String, Object>> entry : configurations.entrySet()) {
        home.configure(entry.getKey(), entry.getValue());
      }
      return launch(folder, home);
    } catch (IOException | Failure | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static PrivateAgent launch(TemporaryFolder folder, AgentHome home)
      throws IOException, Failure {
    // Detached, because Ctrl-C goes to the whole foreground group: it would end the agent before
    // the command had the last of it.
    long pid = new AgentLauncher(home, Tree.runtime()).startDetached();
    ProcessHandle process =
        ProcessHandle.of(pid)
            .orElseThrow(() -> new AgentException("the agent ended at once; try again"));
    return new PrivateAgent(folder, home, process, AgentClient.connect(home.socket()));
  }

  AgentClient client() {
    return client;
  }

  AgentHome home() {
    return home;
  }

  @Override
  public void close() throws IOException {
    try (folder) {
      client.close();
      StopCommand.end(process);
    } catch (Failure e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the private agent ended", e);
    }
  }
}
