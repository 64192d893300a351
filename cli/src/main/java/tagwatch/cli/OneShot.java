// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tagwatch.agent.AgentLauncher;

/**
 * One command in a framework that watches nothing and ends with the command: what a host needs the
 * bundles for, and nobody has to start an agent for.
 */
final class OneShot {
  /** A step and how much of it is done, as the runtime writes it to its standard error. */
  private static final Pattern PROGRESS = Pattern.compile("(\\S.*) (\\d{1,3}) %");

  private static final String PREFIX = "tagwatch: ";

  // Learning holds a whole recording; an agent's heap would be too small for it.
  private static final String HEAP = "-Xmx1g";

  private OneShot() {}

  /** What came of it. */
  record Result(String output, int exitCode, List<String> complaints) {
    /** What commands say; the framework's own log only if it failed and they said nothing. */
    List<String> forPeople() {
      List<String> said = complaints.stream().filter(line -> line.startsWith(PREFIX)).toList();
      return exitCode != ExitCode.OK && said.isEmpty() ? complaints : said;
    }

    /** Why it failed; what the framework logs on its way down comes after the reason. */
    String reason() {
      return complaints.stream()
          .filter(line -> line.startsWith(PREFIX))
          .map(line -> line.substring(PREFIX.length()))
          .reduce((earlier, later) -> later)
          .orElse("it ended with exit code " + exitCode);
    }
  }

  /** Runs it, shows its progress, and passes on its output and its complaints. */
  static int pass(GogoLine line, PrintWriter out, PrintWriter err) throws IOException, Failure {
    return pass(line, new Tree.Frame(Tree.runtime(), List.of()), out, err);
  }

  /** The same with another runtime. */
  static int pass(GogoLine line, Tree.Frame runtime, PrintWriter out, PrintWriter err)
      throws IOException, Failure {
    Result result = run(line, runtime, err);
    out.print(result.output());
    out.flush();
    result.forPeople().forEach(err::println);
    err.flush();
    return result.exitCode();
  }

  /** Runs it and shows its progress on {@code err}. */
  static Result run(GogoLine line, PrintWriter err) throws IOException, Failure {
    return run(line, new Tree.Frame(Tree.runtime(), List.of()), err);
  }

  /** Runs it in that frame and shows its progress on {@code err}. */
  static Result run(GogoLine line, Tree.Frame runtime, PrintWriter err)
      throws IOException, Failure {
    try (TemporaryFolder folder = TemporaryFolder.create();
        ProgressBar bar = new ProgressBar(err)) {
      // The framework keeps its bundles where it is started.
      Process process =
          new ProcessBuilder(
                  command(line, runtime, Files.createDirectory(folder.path().resolve("empty"))))
              .directory(folder.path().toFile())
              .start();
      process.getOutputStream().close();
      List<String> complaints = new ArrayList<>();
      CompletableFuture<Void> errors =
          CompletableFuture.runAsync(() -> listen(process.getErrorStream(), bar, complaints::add));
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      errors.get();
      return new Result(output, process.waitFor(), List.copyOf(complaints));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILED, "interrupted while '" + line + "' ran", e);
    } catch (ExecutionException e) {
      throw new IOException("standard error of '" + line + "' broke: " + e.getMessage(), e);
    }
  }

  private static List<String> command(GogoLine line, Tree.Frame runtime, Path watched) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(AgentLauncher.JVM_OPTIONS);
    command.add(HEAP);
    command.addAll(runtime.options());
    command.add("-Dfelix.fileinstall.dir=" + watched);
    command.add("-Dtagwatch.execute=" + line);
    command.add("-jar");
    command.add(runtime.jar().toString());
    return command;
  }

  static void listen(InputStream errors, ProgressBar bar, Consumer<String> complaint) {
    // BufferedReader ends lines at a carriage return too, which progress on a terminal uses.
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(errors, StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        Matcher progress = PROGRESS.matcher(line.strip());
        if (progress.matches()) {
          bar.report(progress.group(1), Integer.parseInt(progress.group(2)) / 100.0);
        } else if (!line.isBlank()) {
          complaint.accept(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
