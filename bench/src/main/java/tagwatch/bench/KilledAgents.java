// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tagwatch.agent.AgentException;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;
import tagwatch.agent.AgentProcess;
import tagwatch.agent.ShellResult;

/**
 * Kills agents at random moments while they swap models, and looks what runs after the restart: one
 * of the two models, and the gate that was set for that one.
 */
final class KilledAgents {
  private static final int TAG = 13107;
  private static final int LONGEST_MS = 400;
  private static final long START_LIMIT_MS = 30_000;

  private final Lab lab;
  private final Path recordings;
  private final AgentHome home;

  /** The gate of each model: differs, so that a mixture shows. */
  private final Map<String, String> sets = new LinkedHashMap<>();

  /**
   * What came of it.
   *
   * @param kills restarts that were looked at
   * @param swaps that were begun in between
   * @param ran how often each model ran after a restart
   * @param mixtures what ran and should not have, for a person
   */
  record Result(int kills, long swaps, Map<String, Integer> ran, List<String> mixtures) {
    JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("kills", kills);
      json.addProperty("swaps", swaps);
      json.addProperty("complete", kills - mixtures.size());
      json.addProperty("mixtures", mixtures.size());
      return json;
    }

    String text() {
      return "killed "
          + kills
          + " times among "
          + swaps
          + " swaps, what ran then: "
          + ran
          + ", mixtures: "
          + mixtures;
    }
  }

  KilledAgents(Lab lab, Path recordings) throws IOException {
    this.lab = lab;
    this.recordings = recordings;
    this.home = new AgentHome(lab.freshFolder("killed")).create();
  }

  Result kill(int times) throws IOException {
    prepare();
    Random random = new Random(times);
    Map<String, Integer> ran = new LinkedHashMap<>();
    List<String> mixtures = new ArrayList<>();
    long swaps = 0;
    for (int kill = 1; kill <= times; kill++) {
      AgentProcess agent = start();
      JsonObject tag = running(agent);
      String model = tag.get("model").getAsString();
      ran.merge(model, 1, Integer::sum);
      if (!tag.get("gate").getAsString().equals(sets.get(model))) {
        mixtures.add("after kill " + (kill - 1) + ": " + tag);
      }
      swaps += swapUntilKilled(agent, random.nextInt(LONGEST_MS));
      if (kill % 20 == 0) {
        lab.say("%d kills, %d mixtures", kill, mixtures.size());
      }
    }
    try (AgentProcess last = start()) {
      running(last);
    }
    return new Result(times, swaps, ran, List.copyOf(mixtures));
  }

  /** Two models with a gate each, and events for them. */
  private void prepare() throws IOException {
    home.configure(
        "tagwatch.replay",
        Map.of(
            "file", recordings.resolve("benign-13107.twr").toString(), "speed", "5000", "loop", 0));
    home.configureTag(
        Integer.toString(TAG), Map.of("tag", TAG, "transport", "replay", "gate", "monitor"));
    try (AgentProcess agent = start()) {
      for (String order : List.of("3", "2")) {
        String version = learn(agent, order);
        String gate = sets.isEmpty() ? "enforce" : "monitor";
        order(agent, "tagwatch:use " + TAG + " " + version);
        order(agent, "tagwatch:gate " + TAG + " " + gate);
        sets.put(version, gate);
      }
    }
    lab.say("sets %s", sets);
  }

  private String learn(AgentProcess agent, String order) throws IOException {
    JsonObject report =
        agent
            .client()
            .executeJson(
                "tagwatch:learn --tag "
                    + TAG
                    + " --option order="
                    + order
                    + " --models '"
                    + home.models()
                    + "' '"
                    + recordings.resolve("training-13107.twr")
                    + "'")
            .getAsJsonObject();
    String version = report.get("version").getAsString();
    long deadline = System.nanoTime() + START_LIMIT_MS * 1_000_000;
    while (!agent.client().execute("tagwatch:models").output().contains(version)) {
      if (System.nanoTime() > deadline) {
        throw new BenchException("the agent does not find model " + version);
      }
      Lab.pause(50);
    }
    return version;
  }

  private static void order(AgentProcess agent, String command) throws AgentException {
    ShellResult result = agent.client().execute(command);
    if (!result.succeeded()) {
      throw new AgentException("'" + command + "': " + result.error());
    }
  }

  private AgentProcess start() throws IOException {
    // what a killed agent leaves behind must not keep the next one from its socket
    Files.deleteIfExists(home.socket());
    AgentProcess agent = new AgentLauncher(home, lab.runtime()).start();
    lab.atEnd(agent::close);
    return agent;
  }

  /** The tag, once a model scores. */
  private JsonObject running(AgentProcess agent) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT_MS * 1_000_000;
    while (true) {
      for (JsonElement element : agent.client().executeJson("tagwatch:tags").getAsJsonArray()) {
        JsonObject tag = element.getAsJsonObject();
        // named last, so that whoever sees a model sees its gate and its engine too
        if (!tag.get("model").getAsString().isEmpty()) {
          return tag;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new BenchException(
            "nothing scores after a restart: " + agent.client().execute("tagwatch:tags").output());
      }
      Lab.pause(30);
    }
  }

  /** Swaps to and fro until the agent is killed; the number of swaps that were begun. */
  private long swapUntilKilled(AgentProcess agent, int afterMs) throws IOException {
    ExecutorService killer = Executors.newSingleThreadExecutor();
    try {
      killer.execute(() -> killLater(agent, afterMs));
      long begun = 0;
      List<String> versions = List.copyOf(sets.keySet());
      while (agent.alive()) {
        begun++;
        try {
          agent.client().execute("tagwatch:use " + TAG + " " + versions.get((int) (begun % 2)));
        } catch (AgentException e) {
          // killed in the middle: that is what this is for
          Lab.pause(5);
        }
      }
      return begun;
    } finally {
      killer.shutdownNow();
    }
  }

  private static void killLater(AgentProcess agent, int afterMs) {
    try {
      Thread.sleep(afterMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    agent.kill();
  }
}
