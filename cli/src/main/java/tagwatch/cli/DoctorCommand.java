// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tagwatch.cli.Finding.Need;

/** {@code doctor}: what works here, what does not, and what to do about it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Say what works on this machine, what does not, and what to do about it.",
      "Kernel facilities are really tried: programs are loaded and attached, and taken out again."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:live monitoring works here",
      "1:failed",
      "2:wrong usage",
      "3:live monitoring is impossible here"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  ./tagwatch doctor", "  ./tagwatch doctor --json"})
final class DoctorCommand implements Callable<Integer> {
  private static final String LIVE_TRANSPORT = "ebpf";
  private static final String MODULE_TRANSPORT = "exein";

  /** What the probe reports but live monitoring does not stand or fall with. */
  private static final Map<String, Need> NEEDS =
      Map.of(
          "cgroup-v2 freezer", Need.ENFORCE,
          "BPF file system", Need.ENFORCE,
          "io_uring tracepoint", Need.COVERAGE);

  @Spec CommandSpec spec;
  @Mixin JsonOption json;

  /**
   * The diagnosis.
   *
   * @param live whether live monitoring works
   * @param findings all that was looked at
   */
  record Diagnosis(boolean live, List<Finding> findings) {
    static Diagnosis of(List<Finding> findings) {
      return new Diagnosis(
          all(Need.LIVE, findings) || all(Need.MODULE, findings), List.copyOf(findings));
    }

    private static boolean all(Need need, List<Finding> findings) {
      List<Finding> needed =
          findings.stream().filter(finding -> finding.needed().equals(need.label())).toList();
      return !needed.isEmpty() && needed.stream().allMatch(Finding::present);
    }
  }

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = new ArrayList<>(HostChecks.machine());
    findings.addAll(probe());
    Diagnosis diagnosis = Diagnosis.of(findings);
    PrintWriter out = spec.commandLine().getOut();
    if (json.wanted()) {
      json.print(out, diagnosis);
    } else {
      print(diagnosis, out);
    }
    return diagnosis.live() ? ExitCode.OK : ExitCode.MISSING;
  }

  private List<Finding> probe() throws IOException {
    String failure;
    try {
      OneShot.Result result =
          OneShot.run(new GogoLine("probe").word("--json"), spec.commandLine().getErr());
      if (result.exitCode() == ExitCode.OK) {
        return findings(JsonParser.parseString(result.output()));
      }
      failure = result.reason();
    } catch (Failure e) {
      failure = e.getMessage();
    } catch (JsonParseException | IllegalStateException e) {
      failure = "the answer of the probe is not JSON: " + e.getMessage();
    }
    List<Finding> instead = new ArrayList<>(HostChecks.facilities());
    instead.add(
        Finding.of(
            Need.LIVE, "probe of the transports", false, failure, "./tagwatch build, then again"));
    return instead;
  }

  /**
   * Reads what the transports found: a list of transports with their findings, or of findings. The
   * security module is another way to watch, on kernels that were built for it. Those of a
   * transport that is not live do not matter here.
   */
  static List<Finding> findings(JsonElement answer) {
    List<Finding> findings = new ArrayList<>();
    for (JsonElement element : answer.getAsJsonArray()) {
      JsonObject object = element.getAsJsonObject();
      if (object.has("facility")) {
        findings.add(finding(object, Need.LIVE));
        continue;
      }
      String transport = object.get("transport").getAsString();
      if (transport.startsWith(LIVE_TRANSPORT) || transport.startsWith(MODULE_TRANSPORT)) {
        Need need = transport.startsWith(LIVE_TRANSPORT) ? Need.LIVE : Need.MODULE;
        object
            .getAsJsonArray("findings")
            .forEach(finding -> findings.add(finding(finding.getAsJsonObject(), need)));
      }
    }
    return findings;
  }

  private static Finding finding(JsonObject finding, Need otherwise) {
    String facility = finding.get("facility").getAsString();
    return Finding.of(
        NEEDS.getOrDefault(facility, otherwise),
        "kernel: " + facility,
        finding.get("present").getAsBoolean(),
        finding.get("detail").getAsString(),
        finding.get("remedy").getAsString());
  }

  private static void print(Diagnosis diagnosis, PrintWriter out) {
    for (Finding finding : diagnosis.findings()) {
      out.printf(
          Locale.ROOT,
          "%-7s %-8s %-34s %s%n",
          finding.present() ? "ok" : "MISSING",
          finding.needed(),
          finding.facility(),
          finding.detail());
      if (!finding.present()) {
        out.printf(Locale.ROOT, "%16s -> %s%n", "", finding.remedy());
      }
    }
    out.println();
    out.println(
        diagnosis.live()
            ? "Live monitoring works here."
            : "Live monitoring is impossible here; ./tagwatch demo runs from a recording.");
    out.flush();
  }
}
