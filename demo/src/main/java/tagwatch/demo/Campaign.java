// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Carries attacks out, as often as was asked for, and notes who saw them and who stopped them. */
final class Campaign {
  private final DemoOptions options;
  private final Narrator narrator;
  private final Gateway gateway;
  private final Watch watch;
  private final Recorder recorder;

  Campaign(
      DemoOptions options, Narrator narrator, Gateway gateway, Watch watch, Recorder recorder) {
    this.options = options;
    this.narrator = narrator;
    this.gateway = gateway;
    this.watch = watch;
    this.recorder = recorder;
  }

  /** Against each model that stops it, then with nobody stopping it. */
  SuiteResult.AttackRow carryOut(Attack attack, Baselines baselines)
      throws IOException, DemoException, InterruptedException {
    narrator.chapter(attack.name() + ": " + attack.what());
    List<SuiteResult.MethodCell> cells = new ArrayList<>();
    for (String method : Suite.MODELS) {
      watch.use(method, "enforce");
      cells.add(stopped(attack, method));
    }
    watch.use(Suite.HOOKS, "monitor");
    cells.addAll(watched(attack, baselines));
    cells.forEach(
        cell ->
            narrator.say(
                "%-16s caught %d of %d, events to alarm %s, commands %s",
                cell.method(),
                cell.caught(),
                cell.runs(),
                cell.eventsToAlarm() == null ? "-" : cell.eventsToAlarm(),
                cell.commandsCompleted()));
    return new SuiteResult.AttackRow(attack.name(), attack.what(), attack.goals(), cells);
  }

  private SuiteResult.MethodCell stopped(Attack attack, String method)
      throws IOException, DemoException, InterruptedException {
    if (attack.atOnce()) {
      List<Integer> done = new SideBySide(attack, options.repeat()).carryOut();
      List<Sighting> alerts = watch.take(attack.tag());
      int processes = (int) alerts.stream().map(Sighting::pid).distinct().count();
      return cell(
          method,
          options.repeat(),
          Math.min(options.repeat(), processes),
          alerts.stream().map(Sighting::sequence).toList(),
          done);
    }
    List<Integer> completed = new ArrayList<>();
    List<Long> events = new ArrayList<>();
    int caught = 0;
    for (int run = 0; run < options.repeat(); run++) {
      prepare(attack);
      completed.add(attack.deed().carryOut(run));
      AttackRun done = new AttackRun(Loot.NONE, watch.take(attack.tag()));
      caught += done.detected() ? 1 : 0;
      done.decisive().ifPresent(alert -> events.add(alert.sequence()));
    }
    return cell(method, options.repeat(), caught, events, completed);
  }

  private void prepare(Attack attack) throws IOException, DemoException, InterruptedException {
    if (attack.tag() == Gateway.TAG) {
      gateway.start();
      gateway.use(10, options.seed());
      watch.settle();
    }
  }

  /** The attack with nobody stopping it, for the methods that only look at what was recorded. */
  private List<SuiteResult.MethodCell> watched(Attack attack, Baselines baselines)
      throws IOException, DemoException, InterruptedException {
    Map<String, List<Long>> events = new LinkedHashMap<>();
    List<String> methods = List.of(Baselines.UNSEEN_CALLS, Baselines.EXEC_LIST, Baselines.STIDE);
    methods.forEach(method -> events.put(method, new ArrayList<>()));
    List<Integer> completed = new ArrayList<>();
    int most = attack.atOnce() ? options.repeat() : 1;
    while (completed.size() < options.repeat()) {
      for (Map.Entry<String, List<Long>> alarms :
          alarms(attack, baselines, completed, events.keySet()).entrySet()) {
        List<Long> all = alarms.getValue();
        events.get(alarms.getKey()).addAll(all.subList(0, Math.min(all.size(), most)));
      }
    }
    if (attack.goals() > completed.stream().mapToInt(Integer::intValue).max().orElse(0)) {
      narrator.say("NOT the whole attack works here even with nobody stopping it: %s", completed);
    }
    return methods.stream()
        .map(
            method ->
                cell(
                    method,
                    options.repeat(),
                    events.get(method).size(),
                    events.get(method),
                    completed))
        .toList();
  }

  private static SuiteResult.MethodCell cell(
      String method, int runs, int caught, List<Long> events, List<Integer> completed) {
    return new SuiteResult.MethodCell(
        method, runs, caught, runs - caught, Percentiles.of(events).p50(), List.copyOf(completed));
  }

  /** Records one run, or all at once, and gives each method's alarms. */
  private Map<String, List<Long>> alarms(
      Attack attack, Baselines baselines, List<Integer> completed, Set<String> methods)
      throws IOException, DemoException, InterruptedException {
    String part = "attack-" + attack.name() + "-" + completed.size();
    prepare(attack);
    recorder.begin(attack.tag(), part);
    if (attack.atOnce()) {
      completed.addAll(new SideBySide(attack, options.repeat()).carryOut());
    } else {
      completed.add(attack.deed().carryOut(completed.size()));
    }
    watch.settle();
    recorder.end(attack.tag());
    watch.take(attack.tag());
    List<RecordedTask> tasks = RecordedTask.read(recorder.file(attack.tag(), part));
    Map<String, List<Long>> alarms = new LinkedHashMap<>();
    methods.forEach(method -> alarms.put(method, baselines.alarmsAt(method, tasks)));
    return alarms;
  }
}
