// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Option;
import tagwatch.report.Rehearsed;
import tagwatch.report.ReportPage;
import tagwatch.report.Role;
import tagwatch.report.TrainingReport;

/** What a model is judged by. */
final class JudgingOptions {
  @Option(
      names = "--normal",
      paramLabel = "FILE",
      description = "Recording of normal use that the model was not trained on; may be repeated.")
  List<Path> normal = List.of();

  @Option(
      names = "--attack",
      paramLabel = "FILE",
      description = "Recording with an attack in it; may be repeated.")
  List<Path> attack = List.of();

  @Option(
      names = "--compare",
      paramLabel = "DIR",
      description = "Another model of the same tag, shown beside it on the same recordings.")
  Path compare;

  boolean given() {
    return !normal.isEmpty() || !attack.isEmpty() || compare != null;
  }

  /** Scores the recordings and judges the model. */
  TrainingReport judge(Path model, List<Path> training, PrintWriter err)
      throws IOException, Failure {
    List<Role> roles = new ArrayList<>();
    List<Path> recordings = new ArrayList<>();
    add(Role.NORMAL, normal, roles, recordings);
    add(Role.ATTACK, attack, roles, recordings);
    add(Role.TRAINING, training, roles, recordings);
    Rehearsed rehearsed = rehearse(model, recordings, err);
    Rehearsed other = compare == null ? null : rehearse(compare, recordings, err);
    return TrainingReport.of(roles, rehearsed, other, Instant.now());
  }

  private static void add(Role role, List<Path> files, List<Role> roles, List<Path> recordings) {
    roles.addAll(Collections.nCopies(files.size(), role));
    recordings.addAll(files);
  }

  private static Rehearsed rehearse(Path model, List<Path> recordings, PrintWriter err)
      throws IOException, Failure {
    GogoLine line =
        new GogoLine("rehearse")
            .flag("--json", true)
            .word(ModelFolder.at(model).toAbsolutePath())
            .words(recordings.stream().map(Path::toAbsolutePath).toList());
    OneShot.Result result = OneShot.run(line, err);
    if (result.exitCode() != ExitCode.OK) {
      throw new Failure(ExitCode.FAILED, result.reason());
    }
    return Rehearsed.parse(result.output());
  }

  /** Writes the page beside and renames it in, so that a browser never shows half of one. */
  static void write(TrainingReport report, Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Files.createDirectories(target.getParent());
    Path beside = target.resolveSibling(target.getFileName() + ".new");
    Files.writeString(beside, ReportPage.of(report));
    Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The answer in a few lines, for a terminal. */
  static void print(TrainingReport report, Path page, PrintWriter out) {
    out.println(report.judgement().headline() + ". " + report.judgement().summary());
    report.judgement().missing().forEach(remedy -> out.println("  - " + remedy));
    out.println("report: " + page.toAbsolutePath());
    out.flush();
  }
}
