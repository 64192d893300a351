// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DoctorCommandTest {
  @Test
  void shouldLookAtThisMachineAndNameARemedyForWhatIsMissing() throws Exception {
    List<Finding> findings = new ArrayList<>(HostChecks.machine());
    findings.addAll(HostChecks.facilities());

    assertThat(findings)
        .extracting(Finding::facility)
        .contains(
            "Java 17 or later", "BTF of the kernel", "libbpf 1", "cgroup v2 freezer", "clang");
    assertThat(findings)
        .allSatisfy(
            finding -> {
              assertThat(finding.detail()).isNotBlank();
              assertThat(finding.remedy().isEmpty()).isEqualTo(finding.present());
            });
    assertThat(findings)
        .filteredOn(f -> f.facility().startsWith("Java"))
        .allMatch(Finding::present);
  }

  @Test
  void shouldCallLiveMonitoringImpossibleIfOneThingThatItNeedsIsMissing() {
    Finding here = Finding.of(Finding.Need.LIVE, "ring", true, "works", "none");
    Finding demo = Finding.of(Finding.Need.DEMO, "busybox", false, "absent", "install it");
    Finding gone = Finding.of(Finding.Need.LIVE, "tp_btf", false, "EPERM", "be root");

    assertThat(DoctorCommand.Diagnosis.of(List.of(here, demo)).live()).isTrue();
    assertThat(DoctorCommand.Diagnosis.of(List.of(here, demo, gone)).live()).isFalse();

    Finding module = Finding.of(Finding.Need.MODULE, "extended protocol", true, "works", "none");
    Finding key = Finding.of(Finding.Need.MODULE, "key of this boot", false, "none", "be root");
    assertThat(DoctorCommand.Diagnosis.of(List.of(gone, module)).live()).isTrue();
    assertThat(DoctorCommand.Diagnosis.of(List.of(gone, module, key)).live()).isFalse();
  }

  @Test
  void shouldReadWhatTheTransportsFound() {
    String answer =
        """
        [{"transport":"ebpf-syscall","findings":[
           {"facility":"tp_btf programs","present":false,"detail":"EPERM","remedy":"be root"},
           {"facility":"io_uring tracepoint","present":false,"detail":"none","remedy":"none"}]},
         {"transport":"exein-netlink","findings":[
           {"facility":"netlink protocol 31","present":false,"detail":"none","remedy":"load it"}]},
         {"transport":"replay","findings":[
           {"facility":"recordings","present":false,"detail":"none","remedy":"record"}]}]
        """;

    assertThat(DoctorCommand.findings(JsonParser.parseString(answer)))
        .containsExactly(
            new Finding("kernel: tp_btf programs", false, "EPERM", "be root", "live"),
            new Finding("kernel: io_uring tracepoint", false, "none", "none", "coverage"),
            new Finding("kernel: netlink protocol 31", false, "none", "load it", "module"));
  }

  @Test
  void shouldEndWithTheCodeForMissingWhereThereIsNoRuntimeToProbeWith() {
    Shell result = Shell.tagwatch("doctor", "--json");

    assertThat(result.exit()).isEqualTo(ExitCode.MISSING);
    assertThat(JsonParser.parseString(result.out()).getAsJsonObject().get("live").getAsBoolean())
        .isFalse();
    assertThat(Shell.tagwatch("doctor").out()).contains("probe of the transports").contains("->");
  }
}
