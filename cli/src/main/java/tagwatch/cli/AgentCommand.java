// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;
import tagwatch.agent.AgentClient;

/**
 * A command that a running agent answers. The agent's shell knows its arguments: here they are only
 * passed on, so that a new one needs no change.
 */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
final class AgentCommand implements Callable<Integer> {
  /** What can be asked. */
  enum Question {
    STATUS("", "The agent as a whole: since when, its sources and their counters."),
    TAGS("", "The watched tags: gate, model, tasks, where their events went."),
    PS("", "The watched tasks and their scores."),
    GATE("TAG [learn|monitor|enforce]", "Show or set what a tag's events are used for."),
    MODELS("", "The models that the agent found."),
    USE("TAG VERSION", "Make a model the incumbent of its tag at once."),
    PROMOTE("TAG [VERSION]", "Make the model in shadow the incumbent."),
    ROLLBACK("TAG", "Make the model that ran before the incumbent again."),
    SCORERS("", "Engines and learners."),
    POLICIES("", "Policies."),
    TRANSPORTS("", "Transports."),
    ALERTS("", "The last alerts."),
    WHY("ID", "Everything about an alert: window, surprises, score over time."),
    BLOCK("PID [kill|suspend]", "Put a verdict on a watched process."),
    RELEASE("PID", "Lift the verdict on a process."),
    VERDICTS("", "The verdicts in force."),
    COUNTERS("", "The counters of the transports and what they mean.");

    private final String arguments;
    private final String description;

    Question(String arguments, String description) {
      this.arguments = arguments;
      this.description = description;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    String synopsis() {
      return "tagwatch "
          + label()
          + (arguments.isEmpty() ? "" : " " + arguments)
          + " [--json] [--home=DIR]";
    }
  }

  @Spec CommandSpec spec;
  @Mixin HomeOption home;
  @Unmatched List<String> arguments = new ArrayList<>();

  private final Question question;

  AgentCommand(Question question) {
    this.question = question;
  }

  static CommandSpec spec(Question question) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(new AgentCommand(question));
    spec.usageMessage()
        .description(question.description, "Answered by the running agent.")
        .customSynopsis(question.synopsis())
        .footerHeading("%nExample:%n")
        .footer("  ./tagwatch " + question.label() + example(question) + " --json");
    return spec;
  }

  private static String example(Question question) {
    return switch (question) {
      case GATE -> " 13107 enforce";
      case USE, PROMOTE -> " 13107 markov-1c9a3f0e77b2";
      case ROLLBACK -> " 13107";
      case WHY -> " 1";
      case BLOCK -> " 4711 kill";
      case RELEASE -> " 4711";
      default -> "";
    };
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (AgentClient agent = Agents.connect(home.path())) {
      return Agents.execute(
          agent, new GogoLine(question.label()).words(arguments).toString(), out, err);
    }
  }
}
