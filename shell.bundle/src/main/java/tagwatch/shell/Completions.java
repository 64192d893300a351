// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Function;
import org.jline.builtins.Completers.CompletionData;
import org.jline.builtins.Completers.FilesCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.ParsedLine;
import tagwatch.player.Gate;
import tagwatch.player.Player;
import tagwatch.player.PlayerException;

/**
 * What Tab offers: descriptions, options and values, all read from the annotations of the commands,
 * so that they cannot differ from what the commands take.
 */
final class Completions {
  private static final String VALUES = "__tagwatch_values";
  private static final List<Class<?>> COMMANDS =
      List.of(StatusCommands.class, ModelCommands.class, AlertCommands.class);

  private final Player player;
  private final Map<String, List<CompletionData>> completions = new HashMap<>();
  private final Set<String> optionsWithValue = new HashSet<>();

  Completions(Player player) {
    this.player = player;
    for (Class<?> commands : COMMANDS) {
      Stream.of(commands.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(Descriptor.class))
          .forEach(this::describe);
    }
  }

  void install(CommandSession session) {
    // The shell replaces its variable by an empty map when it starts; a computed one outlives that.
    session.put("#" + Shell.VAR_COMPLETIONS, (Function) (s, arguments) -> completions);
    session.put(VALUES, (Function) this::values);
  }

  private void describe(Method method) {
    List<CompletionData> data =
        completions.computeIfAbsent("tagwatch:" + method.getName(), name -> new ArrayList<>());
    data.add(new CompletionData(null, method.getAnnotation(Descriptor.class).value(), null, null));
    int position = 0;
    for (Parameter parameter : method.getParameters()) {
      Descriptor descriptor = parameter.getAnnotation(Descriptor.class);
      Candidates candidates = parameter.getAnnotation(Candidates.class);
      org.apache.felix.service.command.Parameter option =
          parameter.getAnnotation(org.apache.felix.service.command.Parameter.class);
      if (option != null) {
        data.add(option(option, descriptor.value(), candidates));
      } else if (descriptor != null) {
        String place = parameter.getType().isArray() ? "rest" : Integer.toString(position++);
        if (candidates != null) {
          data.add(new CompletionData(null, null, call(candidates, place), null));
        }
      }
    }
  }

  private CompletionData option(
      org.apache.felix.service.command.Parameter option, String text, Candidates candidates) {
    List<String> names = Arrays.asList(option.names());
    if (option.presentValue().equals(org.apache.felix.service.command.Parameter.UNSPECIFIED)) {
      optionsWithValue.addAll(names);
    }
    String argument = candidates == null ? null : call(candidates, names.get(0));
    return new CompletionData(names, text, argument, null);
  }

  private static String call(Candidates candidates, String place) {
    return VALUES + " " + candidates.value() + " '" + place + "'";
  }

  /** Called by the completer with the kind of values and where on the line they belong. */
  private Object values(CommandSession session, List<Object> arguments) throws PlayerException {
    Candidates.Kind kind = Candidates.Kind.valueOf(arguments.get(0).toString());
    ParsedLine line = Shell.getParsedLine(session);
    if (!belongs(line, arguments.get(1).toString())) {
      return List.of();
    }
    return kind == Candidates.Kind.FILE ? files(session, line) : valuesOf(kind);
  }

  private boolean belongs(ParsedLine line, String place) {
    String before = line.words().get(line.wordIndex() - 1);
    if (place.startsWith("--") || optionsWithValue.contains(before)) {
      return place.equals(before);
    }
    return place.equals("rest") || Integer.parseInt(place) == positionOf(line);
  }

  private int positionOf(ParsedLine line) {
    int position = 0;
    for (int word = 1; word < line.wordIndex(); word++) {
      boolean value = optionsWithValue.contains(line.words().get(word - 1));
      if (!value && !line.words().get(word).startsWith("-")) {
        position++;
      }
    }
    return position;
  }

  private static List<Candidate> files(CommandSession session, ParsedLine line) {
    List<Candidate> candidates = new ArrayList<>();
    new FilesCompleter(session.currentDir()).complete(Shell.getReader(session), line, candidates);
    return candidates;
  }

  private List<Candidate> valuesOf(Candidates.Kind kind) throws PlayerException {
    return switch (kind) {
      case TAG ->
          player.tags().stream().map(tag -> candidate(tag.tag(), tag.gate().label())).toList();
      case GATE -> Stream.of(Gate.values()).map(gate -> candidate(gate.label(), null)).toList();
      case MODEL ->
          player.models().stream()
              .map(
                  model ->
                      candidate(
                          model.version(), "tag " + model.tag() + ", " + model.state().label()))
              .toList();
      case FORMAT ->
          player.providers().stream()
              .filter(provider -> provider.kind().equals("learner"))
              .map(provider -> candidate(provider.name(), provider.bundle()))
              .toList();
      case PROCESS ->
          player.sessions().stream()
              .filter(session -> session.task().equals(session.process()))
              .map(s -> candidate(s.process().threadId(), s.executable().path()))
              .toList();
      case ALERT ->
          player.alerts().stream()
              .map(a -> candidate(a.id(), a.detection().executable().path()))
              .toList();
      case VERDICT ->
          Stream.of("kill", "suspend")
              .map(verdict -> candidate(verdict.toLowerCase(Locale.ROOT), null))
              .toList();
      case FILE -> List.of();
    };
  }

  private static Candidate candidate(Object value, String description) {
    String text = value.toString();
    return new Candidate(text, text, null, description, null, null, true);
  }
}
