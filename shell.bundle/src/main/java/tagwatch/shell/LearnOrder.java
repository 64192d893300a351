// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tagwatch.player.LearnRequest;

/** The arguments of {@code learn}, checked. */
final class LearnOrder {
  private final Path folder;
  private final int tag;
  private final String format;
  private final int rolling;
  private final String rule;
  private final List<String> features;
  private final Map<String, String> options = new TreeMap<>();
  private final List<Path> recordings = new ArrayList<>();
  private Path models;

  LearnOrder(Path folder, String tag, String format, String rolling, String rule, String features)
      throws CommandFailure {
    if (tag.isEmpty()) {
      throw new CommandFailure("--tag is missing; say whose tasks are to be learned");
    }
    this.folder = folder;
    this.tag = number("--tag", tag, 0, 0xffff);
    this.format = format;
    this.rolling = number("--rolling", rolling, 1, 128);
    this.rule = rule;
    this.features = Arrays.stream(features.split(",", -1)).filter(name -> !name.isBlank()).toList();
  }

  LearnOrder models(String given, String home) throws CommandFailure {
    if (!given.isEmpty()) {
      models = folder.resolve(given).normalize();
    } else if (home != null) {
      models = Path.of(home, "models");
    } else {
      throw new CommandFailure("--models is missing; without a home folder it has to be given");
    }
    return this;
  }

  LearnOrder option(String assignment) throws CommandFailure {
    if (assignment.isEmpty()) {
      return this;
    }
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new CommandFailure("--option '" + assignment + "' is not of the form name=value");
    }
    options.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    return this;
  }

  /** Recordings; and, since Gogo hands over one value for each option, further options. */
  LearnOrder arguments(String[] arguments) throws CommandFailure {
    Iterator<String> rest = Arrays.asList(arguments).iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (argument.equals("--option") && rest.hasNext()) {
        option(rest.next());
      } else if (argument.startsWith("--")) {
        throw new CommandFailure(
            "unknown or unfinished option " + argument + "; see 'help tagwatch:learn'");
      } else {
        recordings.add(folder.resolve(argument).normalize());
      }
    }
    if (recordings.isEmpty()) {
      throw new CommandFailure("no recording is named; learning needs at least one");
    }
    return this;
  }

  LearnRequest request() {
    return new LearnRequest(tag, recordings, models, format, options, features, rolling, rule);
  }

  private static int number(String name, String text, int from, int to) throws CommandFailure {
    String range = name + " " + text + " is not a number from " + from + " to " + to;
    try {
      int number = Integer.parseInt(text);
      if (number < from || number > to) {
        throw new CommandFailure(range);
      }
      return number;
    } catch (NumberFormatException e) {
      throw new CommandFailure(range, e);
    }
  }
}
