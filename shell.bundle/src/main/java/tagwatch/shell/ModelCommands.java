// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tagwatch.player.Gate;
import tagwatch.player.ModelStatus;
import tagwatch.player.Player;
import tagwatch.player.PlayerException;
import tagwatch.player.Progress;
import tagwatch.player.RehearseRequest;
import tagwatch.player.ShadowStatus;
import tagwatch.player.TagStatus;

/** Commands from the recording to the gate. */
@Component(
    service = ModelCommands.class,
    immediate = true,
    property = {
      "osgi.command.scope=tagwatch",
      "osgi.command.function=gate",
      "osgi.command.function=record",
      "osgi.command.function=learn",
      "osgi.command.function=rehearse",
      "osgi.command.function=models",
      "osgi.command.function=use",
      "osgi.command.function=promote",
      "osgi.command.function=rollback"
    })
public final class ModelCommands {
  private final Player player;
  private final String home;

  /**
   * The gate of a tag.
   *
   * @param tag the tag
   * @param gate the gate in force
   * @param model version of the running model; empty if none
   */
  record GateStatus(int tag, Gate gate, String model) {}

  /**
   * A recording.
   *
   * @param tag the tag
   * @param file that is written; empty once it is complete
   * @param events in the file; -1 while it is written
   */
  record RecordingStatus(int tag, String file, long events) {}

  /** Called by the framework. */
  @Activate
  public ModelCommands(BundleContext context, @Reference Player player) {
    this(player, context.getProperty(ShellSocket.HOME));
  }

  ModelCommands(Player player, String home) {
    this.player = player;
    this.home = home;
  }

  /** Shows the gate. */
  @Descriptor("the gate of a tag")
  public Reply gate(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("tag") @Candidates(Candidates.Kind.TAG) int tag)
      throws CommandFailure {
    return Reply.of(json, () -> gateOf(tag), ModelCommands::text);
  }

  /** Sets the gate. */
  @Descriptor("sets the gate of a tag's model: learn, monitor or enforce")
  public Reply gate(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("tag") @Candidates(Candidates.Kind.TAG) int tag,
      @Descriptor("learn, monitor or enforce") @Candidates(Candidates.Kind.GATE) String gate)
      throws CommandFailure {
    return Reply.of(
        json,
        () -> {
          player.gate(tag, Gate.ofLabel(gate));
          return gateOf(tag);
        },
        ModelCommands::text);
  }

  /** Starts or ends a recording. */
  @Descriptor("records a tag's events to a new file, or stops it")
  public Reply record(
      CommandSession session,
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("tag") @Candidates(Candidates.Kind.TAG) int tag,
      @Descriptor("file to write, or 'stop'") @Candidates(Candidates.Kind.FILE) String file)
      throws CommandFailure {
    return Reply.of(
        json,
        () -> {
          if (file.equals("stop")) {
            return new RecordingStatus(tag, "", player.stopRecording(tag));
          }
          Path path = session.currentDir().resolve(file).normalize();
          player.record(tag, path);
          return new RecordingStatus(tag, path.toString(), -1);
        },
        recording ->
            recording.file().isEmpty()
                ? Table.cell(recording.events()) + " events of tag " + tag + " recorded\n"
                : "tag " + tag + " is recorded to " + recording.file() + "\n");
  }

  /** Learns a model. */
  @Descriptor("learns a model from recordings")
  public Reply learn(
      CommandSession session,
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("tag whose tasks are learned")
          @Candidates(Candidates.Kind.TAG)
          @Parameter(names = "--tag", absentValue = "")
          String tag,
      @Descriptor("format of the model")
          @Candidates(Candidates.Kind.FORMAT)
          @Parameter(names = "--engine", absentValue = "markov")
          String engine,
      @Descriptor("option of the learner, e.g. order=5; may be repeated")
          @Parameter(names = "--option", absentValue = "")
          String option,
      @Descriptor("events that the anomaly score is the mean of")
          @Parameter(names = "--rolling", absentValue = "20")
          String rolling,
      @Descriptor("rule for the threshold: max:2 or quantile:0.99")
          @Parameter(names = "--threshold", absentValue = "max:2")
          String threshold,
      @Descriptor("names of argument features to tell events apart by, with commas")
          @Parameter(names = "--features", absentValue = "")
          String features,
      @Descriptor("folder for the model; the agent's own by default")
          @Candidates(Candidates.Kind.FILE)
          @Parameter(names = "--models", absentValue = "")
          String models,
      @Descriptor("recordings") @Candidates(Candidates.Kind.FILE) String[] recordings)
      throws CommandFailure {
    LearnOrder order =
        new LearnOrder(session.currentDir(), tag, engine, rolling, threshold, features)
            .models(models, home)
            .option(option)
            .arguments(recordings);
    Progress progress = PacedProgress.of(session);
    return Reply.of(json, () -> player.learn(order.request(), progress), LearnText::text);
  }

  /** Scores recordings. */
  @Descriptor("scores recordings with a model, without watching anything")
  public Reply rehearse(
      CommandSession session,
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("folder of the model, with its manifest") @Candidates(Candidates.Kind.FILE)
          String model,
      @Descriptor("recordings") @Candidates(Candidates.Kind.FILE) String[] recordings)
      throws CommandFailure {
    Path folder = session.currentDir();
    RehearseRequest request =
        new RehearseRequest(
            folder.resolve(model).normalize(),
            Arrays.stream(recordings).map(file -> folder.resolve(file).normalize()).toList());
    Progress progress = PacedProgress.of(session);
    return Reply.of(json, () -> player.rehearse(request, progress), RehearseText::text);
  }

  /** All models. */
  @Descriptor("all models that were found, those refused included")
  public Reply models(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json)
      throws CommandFailure {
    return Reply.of(json, player::models, ModelCommands::table);
  }

  /** Changes the incumbent. */
  @Descriptor("makes a model the incumbent of its tag at once, without a time in shadow")
  public Reply use(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("tag") @Candidates(Candidates.Kind.TAG) int tag,
      @Descriptor("version of the model") @Candidates(Candidates.Kind.MODEL) String version)
      throws CommandFailure {
    return Reply.of(
        json,
        () -> {
          player.use(tag, version);
          return gateOf(tag);
        },
        ModelCommands::text);
  }

  /** Promotes what is in shadow. */
  @Descriptor("makes the model in shadow the incumbent of its tag")
  public Reply promote(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("tag") @Candidates(Candidates.Kind.TAG) int tag)
      throws CommandFailure {
    return promote(json, tag, "");
  }

  /** Promotes a certain one. */
  @Descriptor("makes the model in shadow the incumbent, if it is that one")
  public Reply promote(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("tag") @Candidates(Candidates.Kind.TAG) int tag,
      @Descriptor("version of the model") @Candidates(Candidates.Kind.MODEL) String version)
      throws CommandFailure {
    return Reply.of(
        json,
        () -> {
          player.promote(tag, version);
          return gateOf(tag);
        },
        ModelCommands::text);
  }

  /** Undoes the last change of the model. */
  @Descriptor("makes the model that ran before the incumbent again")
  public Reply rollback(
      @Descriptor(StatusCommands.JSON)
          @Parameter(names = "--json", presentValue = "true", absentValue = "false")
          boolean json,
      @Descriptor("tag") @Candidates(Candidates.Kind.TAG) int tag)
      throws CommandFailure {
    return Reply.of(
        json,
        () -> {
          player.rollback(tag);
          return gateOf(tag);
        },
        ModelCommands::text);
  }

  private GateStatus gateOf(int number) throws PlayerException {
    List<TagStatus> tags = player.tags();
    for (TagStatus tag : tags) {
      if (tag.tag() == number) {
        return new GateStatus(number, tag.gate(), tag.model());
      }
    }
    String known = tags.stream().map(tag -> "" + tag.tag()).collect(Collectors.joining(", "));
    throw new PlayerException(
        "tag " + number + " is not configured; configured: " + (known.isEmpty() ? "none" : known));
  }

  private static String text(GateStatus status) {
    String model = status.model().isEmpty() ? "no model" : "model " + status.model();
    return "tag " + status.tag() + ": gate " + status.gate().label() + ", " + model + "\n";
  }

  private static String shadow(ShadowStatus shadow) {
    return Table.cell(shadow.scored())
        + " events, "
        + Table.cell(shadow.alarms())
        + " alarms, "
        + Table.cell(shadow.unshared())
        + " of its own";
  }

  private static String table(List<ModelStatus> models) {
    Table table =
        new Table(
            "TAG",
            "VERSION",
            "STATE",
            "GATE",
            "WINDOW",
            "ROLLING",
            "THRESHOLD",
            "ENGINE",
            "SHADOW",
            "PATH",
            "REASON");
    models.forEach(
        m ->
            table.row(
                m.tag(),
                m.version(),
                m.state().label(),
                m.gate(),
                m.window(),
                m.rolling(),
                m.threshold(),
                m.engine(),
                m.shadow().map(ModelCommands::shadow).orElse(""),
                m.path(),
                m.reason()));
    return table.orElse("no model was found");
  }
}
