// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tagwatch.agent.AgentException;

/** An agent with several frozen models, one of which runs for each tag. */
final class Watch {
  private static final long LIMIT_MS = 30_000;
  private static final long SETTLE_LIMIT_MS = 5_000;

  private final LiveAgent agent;
  private final AlertDesk desk;
  private final List<Suite.Frozen> frozen;

  Watch(LiveAgent agent, AlertDesk desk, List<Suite.Frozen> frozen) {
    this.agent = agent;
    this.desk = desk;
    this.frozen = frozen;
  }

  /** Waits until there is a model for each tag. */
  void begin() throws IOException, DemoException, InterruptedException {
    String reason = agent.obstacle();
    if (!reason.isEmpty()) {
      throw new DemoException("live monitoring ended: " + reason);
    }
    long deadline = System.nanoTime() + LIMIT_MS * 1_000_000;
    while (!agent
        .shell()
        .modelVersions()
        .containsAll(frozen.stream().map(model -> model.model().version()).toList())) {
      pause(deadline, "the agent did not find its models");
    }
  }

  /** Makes a method's models the running ones, behind that gate. */
  void use(String method, String gate) throws IOException, DemoException, InterruptedException {
    for (Suite.Frozen model : frozen) {
      if (model.method().equals(method)) {
        agent.shell().use(model.model().tag(), model.model().version());
      }
    }
    long deadline = System.nanoTime() + LIMIT_MS * 1_000_000;
    while (!runs(method)) {
      pause(deadline, "the models of " + method + " do not run");
    }
    for (Suite.Frozen model : frozen) {
      if (model.method().equals(method)) {
        agent.shell().gate(model.model().tag(), gate);
      }
    }
    settle();
  }

  private boolean runs(String method) throws AgentException {
    List<String> running = new ArrayList<>();
    for (JsonElement element : agent.shell().tags()) {
      JsonObject tag = element.getAsJsonObject();
      running.add(tag.get("tag").getAsInt() + " " + tag.get("model").getAsString());
    }
    return frozen.stream()
        .filter(model -> model.method().equals(method))
        .allMatch(model -> running.contains(model.model().tag() + " " + model.model().version()));
  }

  private static void pause(long deadline, String failure)
      throws DemoException, InterruptedException {
    if (System.nanoTime() > deadline) {
      throw new DemoException(failure + " within " + LIMIT_MS / 1000 + " s");
    }
    Thread.sleep(30);
  }

  /** Waits until nothing is on its way. */
  void settle() throws AgentException, InterruptedException {
    agent.shell().settledBooks(SETTLE_LIMIT_MS);
  }

  /** What an attack on the tag has raised, once all its events are scored. */
  List<Sighting> take(int tag) throws AgentException, InterruptedException {
    settle();
    return desk.takeAttack(tag);
  }

  /** How many alerts benign traffic has raised since the last question. */
  long takeFalseAlarms() throws AgentException {
    long before = falseAlarms();
    desk.takeFalseAlarms();
    return falseAlarms() - before;
  }

  private long falseAlarms() {
    return frozen.stream()
        .mapToInt(model -> model.model().tag())
        .distinct()
        .mapToLong(desk::falseAlarms)
        .sum();
  }

  /** For the result. */
  List<SuiteResult.FrozenModel> models() {
    return frozen.stream()
        .map(
            model ->
                new SuiteResult.FrozenModel(
                    model.method(),
                    model.model().tag(),
                    model.model().version(),
                    model.model().hash(),
                    model.model().threshold(),
                    model.lesson().rule()))
        .toList();
  }
}
