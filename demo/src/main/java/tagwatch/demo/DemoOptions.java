// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the demo is to run.
 *
 * @param runtime the agent's executable jar
 * @param trainer what learns models that a device cannot learn; null if no engine needs it
 * @param repeat how often to attack, 1–1,000
 * @param serve whether the protected server is left running until the process is told to end
 * @param port of the protected server; 0 for any free one
 * @param listenerPort that the reverse shell connects to
 * @param trainingRequests to learn the protected server from, at least 100
 * @param benignRequests to test the model with, at least 1
 * @param seed of all traffic
 * @param engine learner and scorer, e.g. {@code markov}
 * @param keep folder to work in, which then stays; empty for a temporary one
 * @param recordings folder with a recorded run, for where live monitoring does not work
 * @param replay whether to use the recorded run even where live monitoring works
 * @param saveRecordings folder to record this run into
 * @param plot picture of the attacked process's score to write, {@code .svg} or {@code .png}
 * @param swap whether the engine's bundle is replaced in the middle of each attack
 * @param quiet no lines for each process
 * @param attacks of the suite to carry out instead of the demo; empty for the demo
 * @param soakRequests benign requests to soak with instead of the demo; 0 for the demo
 */
public record DemoOptions(
    Path runtime,
    Trainer trainer,
    int repeat,
    boolean serve,
    int port,
    int listenerPort,
    int trainingRequests,
    int benignRequests,
    long seed,
    String engine,
    Optional<Path> keep,
    Optional<Path> recordings,
    boolean replay,
    Optional<Path> saveRecordings,
    Optional<Path> plot,
    boolean swap,
    boolean quiet,
    List<String> attacks,
    int soakRequests) {
  /**
   * A runtime with a learner of its own.
   *
   * @param runtime executable jar
   * @param natives folder of PyTorch's libraries
   * @param options of the Java machine
   */
  public record Trainer(Path runtime, Path natives, List<String> options) {
    /** Copies the list. */
    public Trainer {
      options = List.copyOf(options);
    }
  }

  /** Throws {@link IllegalArgumentException} that names the option that is out of its range. */
  public DemoOptions {
    Objects.requireNonNull(runtime, "runtime");
    if (engine.equals("tflite") && trainer == null) {
      throw new IllegalArgumentException("--engine tflite needs the host's trainer");
    }
    range("repeat", repeat, 1, 1000);
    range("port", port, 0, 65_535);
    range("listener", listenerPort, 1, 65_535);
    range("training", trainingRequests, 100, 100_000);
    range("benign", benignRequests, 1, 100_000);
    attacks = List.copyOf(attacks);
    for (String attack : attacks) {
      if (!Attacks.NAMES.contains(attack)) {
        throw new IllegalArgumentException(
            "--attacks '" + attack + "' is none of all, " + String.join(", ", Attacks.NAMES));
      }
    }
    range("soak", soakRequests, 0, 10_000_000);
    if (replay && (!attacks.isEmpty() || soakRequests > 0)) {
      throw new IllegalArgumentException(
          "--attacks and --soak need live monitoring; leave --replay out");
    }
    if (swap && (!attacks.isEmpty() || soakRequests > 0)) {
      throw new IllegalArgumentException(
          "--swap is for the demo's own attack; leave --attacks and --soak out");
    }
    if (replay && recordings.isEmpty()) {
      throw new IllegalArgumentException("--replay needs a folder of recordings");
    }
    if (replay && (serve || swap || saveRecordings.isPresent())) {
      throw new IllegalArgumentException(
          "--serve, --swap and --save-recordings need live monitoring; leave --replay out");
    }
    plot.map(Path::toString)
        .filter(name -> !name.endsWith(".svg") && !name.endsWith(".png"))
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "plot " + name + ": the name must end with .svg or .png");
            });
  }

  private static void range(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "--%s %d is out of range: %d to %d".formatted(option, value, least, most));
    }
  }

  /** The defaults. */
  public static Builder with(Path runtime) {
    return new Builder(runtime);
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {
    private final Path runtime;
    private Trainer trainer;
    private int repeat = 1;
    private boolean serve;
    private int port;
    private int listenerPort = 4919;
    private int trainingRequests = 1000;
    private int benignRequests = 500;
    private long seed = 13107;
    private String engine = "markov";
    private Optional<Path> keep = Optional.empty();
    private Optional<Path> recordings = Optional.empty();
    private boolean replay;
    private Optional<Path> saveRecordings = Optional.empty();
    private Optional<Path> plot = Optional.empty();
    private boolean swap;
    private boolean quiet;
    private List<String> attacks = List.of();
    private int soakRequests;

    private Builder(Path runtime) {
      this.runtime = runtime;
    }

    /** See {@link DemoOptions#trainer()}; null for none. */
    public Builder trainer(Trainer learnsNetworks) {
      trainer = learnsNetworks;
      return this;
    }

    /** See {@link DemoOptions#repeat()}. */
    public Builder repeat(int times) {
      repeat = times;
      return this;
    }

    /** See {@link DemoOptions#serve()}. */
    public Builder serve(boolean leaveRunning) {
      serve = leaveRunning;
      return this;
    }

    /** See {@link DemoOptions#port()}. */
    public Builder port(int number) {
      port = number;
      return this;
    }

    /** See {@link DemoOptions#listenerPort()}. */
    public Builder listenerPort(int number) {
      listenerPort = number;
      return this;
    }

    /** See {@link DemoOptions#trainingRequests()}. */
    public Builder trainingRequests(int requests) {
      trainingRequests = requests;
      return this;
    }

    /** See {@link DemoOptions#benignRequests()}. */
    public Builder benignRequests(int requests) {
      benignRequests = requests;
      return this;
    }

    /** See {@link DemoOptions#seed()}. */
    public Builder seed(long number) {
      seed = number;
      return this;
    }

    /** See {@link DemoOptions#engine()}. */
    public Builder engine(String format) {
      engine = format;
      return this;
    }

    /** See {@link DemoOptions#keep()}; null for none. */
    public Builder keep(Path folder) {
      keep = Optional.ofNullable(folder);
      return this;
    }

    /** See {@link DemoOptions#recordings()}; null for none. */
    public Builder recordings(Path folder) {
      recordings = Optional.ofNullable(folder);
      return this;
    }

    /** See {@link DemoOptions#replay()}. */
    public Builder replay(boolean always) {
      replay = always;
      return this;
    }

    /** See {@link DemoOptions#saveRecordings()}; null for none. */
    public Builder saveRecordings(Path folder) {
      saveRecordings = Optional.ofNullable(folder);
      return this;
    }

    /** See {@link DemoOptions#plot()}; null for none. */
    public Builder plot(Path file) {
      plot = Optional.ofNullable(file);
      return this;
    }

    /** See {@link DemoOptions#swap()}. */
    public Builder swap(boolean inTheMiddle) {
      swap = inTheMiddle;
      return this;
    }

    /** See {@link DemoOptions#quiet()}. */
    public Builder quiet(boolean fewLines) {
      quiet = fewLines;
      return this;
    }

    /** See {@link DemoOptions#attacks()}; {@code all} stands for all of them. */
    public Builder attacks(List<String> names) {
      attacks = names.contains("all") ? Attacks.NAMES : names;
      return this;
    }

    /** See {@link DemoOptions#soakRequests()}. */
    public Builder soakRequests(int requests) {
      soakRequests = requests;
      return this;
    }

    /** Checks the ranges. */
    public DemoOptions build() {
      return new DemoOptions(
          runtime,
          trainer,
          repeat,
          serve,
          port,
          listenerPort,
          trainingRequests,
          benignRequests,
          seed,
          engine,
          keep,
          recordings,
          replay,
          saveRecordings,
          plot,
          swap,
          quiet,
          attacks,
          soakRequests);
    }
  }
}
