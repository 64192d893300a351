// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tagwatch.event.Verdict;
import tagwatch.player.Alert;
import tagwatch.player.Player;
import tagwatch.player.PlayerException;
import tagwatch.transport.Enforcement;
import tagwatch.transport.Unloaded;
import tagwatch.transport.VerdictInForce;

/** Commands about what was detected and what is done about it. */
@Component(
    service = AlertCommands.class,
    immediate = true,
    property = {
      "osgi.command.scope=tagwatch",
      "osgi.command.function=alerts",
      "osgi.command.function=why",
      "osgi.command.function=block",
      "osgi.command.function=release",
      "osgi.command.function=verdicts",
      "osgi.command.function=unload"
    })
public final class AlertCommands {
  private final Player player;

  /** Called by the framework. */
  @Activate
  public AlertCommands(@Reference Player player) {
    this.player = player;
  }

  /** All alerts. */
  @Descriptor("what was detected, oldest first")
  public Reply alerts(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return Reply.of(json, player::alerts, AlertText::table);
  }

  /** One alert in full. */
  @Descriptor("why an alert was raised: window, surprise, score over time, verdict")
  public Reply why(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("id of the alert") @Candidates(Candidates.Kind.ALERT) long id)
      throws CommandFailure {
    return Reply.of(
        json, () -> alert(id), alert -> new AlertText(alert, ZoneId.systemDefault()).text());
  }

  /** Suspends a process. */
  @Descriptor("suspends a watched process; 'release' lets it go on")
  public Reply block(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("process id") @Candidates(Candidates.Kind.PROCESS) int process)
      throws CommandFailure {
    return block(json, process, "suspend");
  }

  /** Puts a verdict on a process. */
  @Descriptor("kills or suspends a watched process")
  public Reply block(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("process id") @Candidates(Candidates.Kind.PROCESS) int process,
      @Descriptor("kill or suspend") @Candidates(Candidates.Kind.VERDICT) String kind)
      throws CommandFailure {
    return Reply.of(
        json,
        () -> done(process, player.block(process, new Verdict(kind(kind), Verdict.Scope.PROCESS))),
        enforcement -> process + ": " + kind + ": " + enforcement.detail() + "\n");
  }

  /** Lifts a verdict. */
  @Descriptor("lifts the verdict on a process")
  public Reply release(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("process id") @Candidates(Candidates.Kind.PROCESS) int process)
      throws CommandFailure {
    return Reply.of(
        json,
        () -> done(process, player.release(process)),
        enforcement -> process + ": released: " + enforcement.detail() + "\n");
  }

  /** All verdicts. */
  @Descriptor("verdicts in force")
  public Reply verdicts(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return Reply.of(json, player::verdicts, AlertCommands::table);
  }

  /** The kernel as it was before the first agent. */
  @Descriptor("removes what transports left in the kernel; verdicts end")
  public Reply unload(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return Reply.of(json, player::unload, AlertCommands::unloaded);
  }

  private static String unloaded(Map<String, Unloaded> byTransport) {
    StringBuilder text = new StringBuilder();
    byTransport.forEach(
        (transport, unloaded) -> {
          unloaded.remarks().forEach(remark -> line(text, transport, remark));
          for (VerdictInForce verdict : unloaded.ended()) {
            line(
                text,
                transport,
                "ends: " + verdict.verdict() + " on process " + verdict.process().threadId());
          }
          line(text, transport, unloaded.removed().size() + " pins removed");
        });
    return text.toString();
  }

  private static void line(StringBuilder text, String transport, String what) {
    text.append(transport).append(": ").append(what).append('\n');
  }

  private Alert alert(long id) throws PlayerException {
    return player
        .alert(id)
        .orElseThrow(
            () ->
                new PlayerException("no alert " + id + " is kept; 'alerts' lists those that are"));
  }

  private static Verdict.Kind kind(String label) throws PlayerException {
    return switch (label) {
      case "kill" -> Verdict.Kind.KILL;
      case "suspend" -> Verdict.Kind.SUSPEND;
      default -> throw new PlayerException("'" + label + "' is not one of kill, suspend");
    };
  }

  private static Enforcement done(int process, Enforcement enforcement) throws PlayerException {
    if (enforcement.outcome() != Enforcement.Outcome.DONE) {
      throw new PlayerException(
          process
              + ": "
              + enforcement.outcome().name().toLowerCase(Locale.ROOT)
              + ": "
              + enforcement.detail());
    }
    return enforcement;
  }

  private static String table(List<VerdictInForce> verdicts) {
    Table table = new Table("PROCESS", "VERDICT", "SINCE BOOT (S)");
    verdicts.forEach(
        v -> table.row(v.process().threadId(), v.verdict().toString(), v.sinceNs() / 1e9));
    return table.orElse("no verdict is in force");
  }
}
