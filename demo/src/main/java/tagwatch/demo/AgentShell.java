// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tagwatch.agent.AgentClient;
import tagwatch.agent.AgentException;
import tagwatch.agent.ShellListener;
import tagwatch.agent.ShellResult;

/** The commands of a running agent that the demo needs; any thread may call. */
final class AgentShell {
  private final AgentClient client;

  AgentShell(AgentClient client) {
    this.client = client;
  }

  JsonArray tags() throws AgentException {
    return client.executeJson("tagwatch:tags").getAsJsonArray();
  }

  Books books() throws AgentException {
    return Books.of(client.executeJson("tagwatch:status").getAsJsonObject(), tags());
  }

  /** Waits until nothing is on its way, at most so long; gives what it saw last. */
  Books settledBooks(long limitMs) throws AgentException, InterruptedException {
    long deadline = System.nanoTime() + limitMs * 1_000_000;
    Books last = books();
    while (true) {
      Thread.sleep(60);
      Books now = books();
      if (System.nanoTime() > deadline || (now.settled() && now.equals(last))) {
        return now;
      }
      last = now;
    }
  }

  /** Alerts with a higher id than the one given, oldest first. */
  List<Sighting> alertsAfter(long id) throws AgentException {
    List<Sighting> alerts = new ArrayList<>();
    for (JsonElement element : client.executeJson("tagwatch:alerts").getAsJsonArray()) {
      Sighting alert = Sighting.of(element.getAsJsonObject());
      if (alert.id() > id) {
        alerts.add(alert);
      }
    }
    return alerts;
  }

  /** Versions of all models that it has found. */
  Set<String> modelVersions() throws AgentException {
    Set<String> versions = new HashSet<>();
    for (JsonElement element : client.executeJson("tagwatch:models").getAsJsonArray()) {
      versions.add(element.getAsJsonObject().get("version").getAsString());
    }
    return versions;
  }

  /** Watched processes: process id to program. */
  Map<Long, String> processes() throws AgentException {
    Map<Long, String> processes = new HashMap<>();
    for (JsonElement element : client.executeJson("tagwatch:ps").getAsJsonArray()) {
      JsonObject session = element.getAsJsonObject();
      String path = session.getAsJsonObject("executable").get("path").getAsString();
      processes.put(
          session.getAsJsonObject("process").get("threadId").getAsLong(),
          path.substring(path.lastIndexOf('/') + 1));
    }
    return processes;
  }

  void gate(int tag, String gate) throws AgentException {
    order("tagwatch:gate " + tag + " " + gate);
  }

  /** Makes a model the running one of its tag. */
  void use(int tag, String version) throws AgentException {
    order("tagwatch:use " + tag + " " + version);
  }

  void record(int tag, Path file) throws AgentException {
    order("tagwatch:record " + tag + " '" + file + "'");
  }

  void stopRecording(int tag) throws AgentException {
    order("tagwatch:record " + tag + " stop");
  }

  /** Learns a model; gives the report. */
  JsonObject learn(Lesson lesson, Path models, Narrator.Steps steps) throws AgentException {
    ShellListener listener =
        new ShellListener() {
          @Override
          public void progress(String step, double done) {
            steps.report(done);
          }
        };
    ShellResult result = client.execute(lesson.command(models) + " --json", listener);
    if (!result.succeeded()) {
      throw new AgentException(result.error());
    }
    return JsonParser.parseString(result.output()).getAsJsonObject();
  }

  /** What scores a tag: format and bundle; empty if nothing does. */
  String engine(int tag) throws AgentException {
    for (JsonElement element : tags()) {
      if (element.getAsJsonObject().get("tag").getAsInt() == tag) {
        return element.getAsJsonObject().get("engine").getAsString();
      }
    }
    return "";
  }

  /** Gives an order; what it printed. */
  String order(String command) throws AgentException {
    ShellResult result = client.execute(command);
    if (!result.succeeded()) {
      throw new AgentException(result.error());
    }
    return result.output();
  }
}
