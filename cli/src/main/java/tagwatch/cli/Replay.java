// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tagwatch.agent.AgentException;

/** A private agent that plays recordings against one model. */
final class Replay implements Closeable {
  private static final long LOOK_MS = 100;
  private static final long READY_MS = 20_000;

  // The most that a task can keep: recordings played fast run ahead of a scorer that still opens.
  private static final int RETAINED = 4096;
  private static final long STALLED_NS = 10_000_000_000L;

  private final PrivateAgent agent;
  private final ModelFolder model;

  private Replay(PrivateAgent agent, ModelFolder model) {
    this.agent = agent;
    this.model = model;
  }

  /** Starts an agent that knows the model, and plays nothing yet. */
  static Replay start(List<Path> recordings, String speed, ModelFolder model)
      throws IOException, Failure, InterruptedException {
    PrivateAgent agent =
        PrivateAgent.start(
            Map.of(
                "tagwatch.replay",
                Map.of(
                    "file",
                    recordings.stream().map(file -> file.toAbsolutePath().toString()).toList(),
                    "speed",
                    speed)));
    Replay replay = new Replay(agent, model);
    try {
      model.copyInto(agent.home().models());
      replay.awaitModel();
      return replay;
    } catch (IOException | Failure | InterruptedException e) {
      replay.close();
      throw e;
    }
  }

  private void awaitModel() throws IOException, Failure, InterruptedException {
    long end = System.nanoTime() + READY_MS * 1_000_000;
    while (true) {
      JsonObject known = ReplayCommand.find(array("tagwatch:models"), "version", model.version());
      if (known != null && known.get("state").getAsString().equals("refused")) {
        throw new Failure(
            ExitCode.FAILED, model.path() + ": refused: " + known.get("reason").getAsString());
      }
      if (known != null) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new Failure(
            ExitCode.FAILED,
            model.path() + ": the agent did not find it within " + READY_MS / 1000 + " s");
      }
      Thread.sleep(LOOK_MS);
    }
  }

  /**
   * Plays, and returns when all events are accounted for.
   *
   * @param expected events of the tag in the recordings
   * @param steady whether events come without long pauses, so that a pause means the end
   */
  void play(long expected, boolean steady, ProgressBar bar)
      throws IOException, Failure, InterruptedException {
    // Only now: the source opens with its tag, and what comes before the model cannot be scored.
    agent
        .home()
        .configureTag(
            Integer.toString(model.tag()),
            Map.of(
                "tag",
                model.tag(),
                "transport",
                "replay",
                "mode",
                "live",
                "gate",
                "monitor",
                "policy",
                "alert",
                "retained",
                RETAINED));
    long last = -1;
    long changedNs = System.nanoTime();
    while (true) {
      JsonObject status = find();
      long done = status == null ? 0 : accountedFor(status);
      if (done >= expected && status != null) {
        return;
      }
      if (done != last) {
        last = done;
        changedNs = System.nanoTime();
      } else if ((steady || status == null) && System.nanoTime() - changedNs > STALLED_NS) {
        throw new Failure(
            ExitCode.FAILED,
            "the replay stopped after "
                + done
                + " of "
                + expected
                + " events"
                + (status == null ? "" : "; problems: " + status.get("problems")));
      }
      bar.report("replaying", expected == 0 ? 0 : (double) done / expected);
      Thread.sleep(LOOK_MS);
    }
  }

  /** Events with a score, those that never get one, and those that found no room. */
  private static long accountedFor(JsonObject status) {
    JsonObject accounting = status.getAsJsonObject("accounting");
    long unknown =
        accounting.getAsJsonObject("unknown").entrySet().stream()
            .mapToLong(reason -> reason.getValue().getAsLong())
            .sum();
    return accounting.get("scored").getAsLong() + unknown + accounting.get("refused").getAsLong();
  }

  JsonObject status() throws AgentException, Failure {
    JsonObject status = find();
    if (status == null) {
      throw new Failure(ExitCode.FAILED, "the agent lost its tag " + model.tag() + "; try again");
    }
    return status;
  }

  private JsonObject find() throws AgentException {
    return ReplayCommand.find(array("tagwatch:tags"), "tag", Integer.toString(model.tag()));
  }

  JsonArray alerts() throws AgentException {
    return array("tagwatch:alerts");
  }

  String alertsAsText() throws AgentException {
    return agent.client().execute("tagwatch:alerts").output();
  }

  private JsonArray array(String command) throws AgentException {
    return agent.client().executeJson(command).getAsJsonArray();
  }

  @Override
  public void close() throws IOException {
    agent.close();
  }
}
