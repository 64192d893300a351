// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tagwatch.player.Accounting;
import tagwatch.player.Player;
import tagwatch.player.PlayerException;
import tagwatch.player.PlayerStatus;
import tagwatch.player.Provider;
import tagwatch.player.TagStatus;
import tagwatch.transport.Finding;
import tagwatch.transport.TransportCounter;

/** Commands that show how things stand. */
@Component(
    service = StatusCommands.class,
    immediate = true,
    property = {
      "osgi.command.scope=tagwatch",
      "osgi.command.function=status",
      "osgi.command.function=tags",
      "osgi.command.function=ps",
      "osgi.command.function=counters",
      "osgi.command.function=scorers",
      "osgi.command.function=policies",
      "osgi.command.function=transports",
      "osgi.command.function=probe"
    })
public final class StatusCommands {
  static final String JSON = "write JSON on one line";

  private final Player player;

  /**
   * What the sources counted in the kernel and where each tag's events went.
   *
   * @param sources transport to its counters
   * @param tags tag to its accounting
   */
  record Counters(
      Map<String, Map<TransportCounter, Long>> sources, Map<Integer, Accounting> tags) {}

  /** What a person wants to see at once. */
  record Overview(PlayerStatus player, List<TagStatus> tags) {}

  /** Called by the framework. */
  @Activate
  public StatusCommands(@Reference Player player) {
    this.player = player;
  }

  /** The player, and what needs attention. */
  @Descriptor("how the agent is doing, and what needs attention")
  public Reply status(
      @Descriptor(JSON) @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return json
        ? Reply.of(true, player::status, status -> "")
        : Reply.of(false, () -> new Overview(player.status(), player.tags()), StatusText::status);
  }

  /** All tags. */
  @Descriptor("all watched tags")
  public Reply tags(
      @Descriptor(JSON) @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return Reply.of(json, player::tags, StatusText::tags);
  }

  /** Whether what transports need is there. */
  @Descriptor("really tries what each transport needs from the kernel")
  public Reply probe(
      @Descriptor(JSON) @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return Reply.of(json, this::findings, StatusCommands::probed);
  }

  /** What one transport found. */
  record Probed(String transport, List<Finding> findings) {}

  private List<Probed> findings() {
    return player.probe().entrySet().stream()
        .map(entry -> new Probed(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static String probed(List<Probed> probed) {
    Table table = new Table("TRANSPORT", "FACILITY", "THERE", "DETAIL", "REMEDY");
    for (Probed one : probed) {
      for (Finding finding : one.findings()) {
        table.row(
            one.transport(),
            finding.facility(),
            finding.present() ? "yes" : "no",
            finding.detail(),
            finding.remedy());
      }
    }
    return table.orElse("no transport is there");
  }

  /** All live tasks. */
  @Descriptor("watched processes and their threads, as a tree")
  public Reply ps(
      @Descriptor(JSON) @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return Reply.of(json, player::sessions, ProcessTree::text);
  }

  /** All counters. */
  @Descriptor("what was counted in the kernel and in the agent")
  public Reply counters(
      @Descriptor(JSON) @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return Reply.of(json, this::counted, StatusText::counters);
  }

  /** Engines and learners. */
  @Descriptor("scoring engines and learners")
  public Reply scorers(
      @Descriptor(JSON) @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return providers(json, kind -> kind.equals("engine") || kind.equals("learner"));
  }

  /** Policies. */
  @Descriptor("policies")
  public Reply policies(
      @Descriptor(JSON) @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return providers(json, "policy"::equals);
  }

  /** Transports. */
  @Descriptor("where events can come from")
  public Reply transports(
      @Descriptor(JSON) @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return providers(json, "transport"::equals);
  }

  private Counters counted() throws PlayerException {
    Map<Integer, Accounting> tags = new TreeMap<>();
    for (TagStatus tag : player.tags()) {
      tags.put(tag.tag(), tag.accounting());
    }
    return new Counters(player.status().sources(), tags);
  }

  private Reply providers(boolean json, Predicate<String> kind) throws CommandFailure {
    return Reply.of(
        json,
        () -> player.providers().stream().filter(provider -> kind.test(provider.kind())).toList(),
        StatusCommands::table);
  }

  private static String table(List<Provider> providers) {
    Table table = new Table("KIND", "NAME", "BUNDLE", "RANKING", "IN USE BY");
    providers.forEach(p -> table.row(p.kind(), p.name(), p.bundle(), p.ranking(), p.inUse()));
    return table.orElse("none is installed");
  }
}
