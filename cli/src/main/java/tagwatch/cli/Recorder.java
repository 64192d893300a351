// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import tagwatch.agent.AgentClient;
import tagwatch.agent.AgentException;
import tagwatch.agent.ShellResult;

/** Records one tag through an agent: the one that runs, or one of its own. */
final class Recorder implements Closeable {
  private static final long OPEN_MS = 20_000;
  // A source that could not be opened is tried again; a problem that stays so long is one.
  private static final long REFUSED_MS = 3_000;
  // Two rounds of the agent's look into its folders.
  private static final long SETTLE_MS = 1_000;
  private static final long CLOSE_MS = 10_000;
  private static final long LOOK_MS = 50;

  private final AgentClient agent;
  private final Closeable owned;
  private final int tag;

  private Recorder(AgentClient agent, Closeable owned, int tag) {
    this.agent = agent;
    this.owned = owned;
    this.tag = tag;
  }

  /**
   * Uses the agent in that home, if there is one, else a private one that is gone afterwards.
   *
   * @throws Failure if the running agent does not watch the tag, or live monitoring is impossible
   */
  static Recorder open(Path home, int tag) throws IOException, Failure, InterruptedException {
    Recorder recorder = find(home, tag);
    try {
      recorder.awaitSource();
      return recorder;
    } catch (IOException | Failure | InterruptedException e) {
      try {
        recorder.close();
      } catch (IOException followUp) {
        e.addSuppressed(followUp);
      }
      throw e;
    }
  }

  // The client belongs to the recorder, which its caller closes.
  @SuppressWarnings("resource")
  private static Recorder find(Path home, int tag)
      throws IOException, Failure, InterruptedException {
    try {
      AgentClient agent = AgentClient.connect(Agents.home(home).socket());
      return new Recorder(agent, agent::close, tag);
    } catch (AgentException e) {
      // One that runs but cannot be talked to is not to be passed over.
      if (Agents.process(home).isPresent()) {
        throw new Failure(ExitCode.MISSING, e.getMessage(), e);
      }
    }
    return alone(tag);
  }

  // The agent belongs to the recorder, too.
  @SuppressWarnings("resource")
  private static Recorder alone(int tag) throws IOException, Failure, InterruptedException {
    // Pins of its own: those of another agent must stay as they are.
    String pins = "tagwatch-record-" + ProcessHandle.current().pid();
    PrivateAgent own = PrivateAgent.start(Map.of("tagwatch.ebpf", Map.of("pin.directory", pins)));
    // Only when the transport has its configuration: a tag that comes with it, or before it, opens
    // the source with the pins of everybody.
    Thread.sleep(SETTLE_MS);
    own.home().configure(configurationOf(tag), configuration(tag));
    return new Recorder(own.client(), () -> dissolve(own, tag), tag);
  }

  private static String configurationOf(int tag) {
    return "tagwatch.tag-" + tag;
  }

  /** Takes the private agent's programs out of the kernel before it goes: nobody else would. */
  private static void dissolve(PrivateAgent own, int tag) throws IOException {
    try (own) {
      own.home().unconfigure(configurationOf(tag));
      long end = System.nanoTime() + CLOSE_MS * 1_000_000;
      ShellResult unloaded;
      do {
        Thread.sleep(LOOK_MS);
        unloaded = own.client().execute("tagwatch:unload");
      } while (!unloaded.succeeded() && System.nanoTime() < end);
      if (!unloaded.succeeded()) {
        throw new AgentException("the kernel part stays pinned: " + unloaded.error());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the private agent ended", e);
    }
  }

  private static Map<String, Object> configuration(int tag) {
    return Map.of(
        "tag",
        tag,
        "transport",
        "ebpf-syscall",
        "mode",
        "live",
        "gate",
        "learn",
        "policy",
        "alert");
  }

  private void awaitSource() throws IOException, Failure, InterruptedException {
    long end = System.nanoTime() + OPEN_MS * 1_000_000;
    while (true) {
      JsonObject status = status();
      if (status != null && !status.get("transport").getAsString().contains("(waiting)")) {
        return;
      }
      boolean refused =
          status != null
              && !status.getAsJsonArray("problems").isEmpty()
              && System.nanoTime() > end - (OPEN_MS - REFUSED_MS) * 1_000_000;
      if (refused || System.nanoTime() > end) {
        throw new Failure(
            ExitCode.MISSING,
            status == null
                ? "the agent does not watch tag " + tag + "; configure it, or stop the agent"
                : "tag "
                    + tag
                    + " cannot be watched: "
                    + status.get("problems")
                    + "; ./tagwatch doctor says more");
      }
      Thread.sleep(LOOK_MS);
    }
  }

  /** Events that the tag's tasks have had so far. */
  long delivered() throws IOException, Failure {
    JsonObject status = status();
    if (status == null) {
      throw new Failure(ExitCode.FAILED, "the agent watches tag " + tag + " no longer");
    }
    return status.getAsJsonObject("accounting").get("delivered").getAsLong();
  }

  private JsonObject status() throws AgentException {
    for (JsonElement element : agent.executeJson("tagwatch:tags").getAsJsonArray()) {
      JsonObject status = element.getAsJsonObject();
      if (status.get("tag").getAsInt() == tag) {
        return status;
      }
    }
    return null;
  }

  void start(Path file) throws AgentException, Failure {
    execute(new GogoLine("record").word(tag).word(file));
  }

  /** Returns when the file is complete. */
  void stop() throws AgentException, Failure {
    execute(new GogoLine("record").word(tag).word("stop"));
  }

  private void execute(GogoLine line) throws AgentException, Failure {
    ShellResult result = agent.execute(line.toString());
    if (!result.succeeded()) {
      throw new Failure(ExitCode.FAILED, result.error());
    }
  }

  @Override
  public void close() throws IOException {
    owned.close();
  }
}
